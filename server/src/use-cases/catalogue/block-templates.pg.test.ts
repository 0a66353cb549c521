import { randomUUID } from 'node:crypto';
import type { BlockPlan, BlockRule, BlockTemplate, Holiday } from '@slate/shared/block-templates';
import { board as boardSchema } from '@slate/shared/contract/reads';
import type { BlockEdit, ChangeBlockTemplate } from '@slate/shared/contract/blocks';
import { boardAfter } from '@slate/shared/board-after';
import type { Block } from '@slate/shared/sites';
import { timeOf, weekdayOf } from '@slate/shared/time';
import { beforeEach, describe, expect, test } from 'vitest';
import { administrator, blockedBy, book, feed, hold, refusalOf } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { placeHold } from '../cases/place-hold.ts';
import { createBoardReader } from '../reads/read-board.ts';
import {
  changeBlockTemplate,
  changeHoliday,
  createBlockTemplate,
  createHoliday,
  listBlockTemplates,
  previewBlocks,
  removeBlockTemplate,
  removeHoliday,
} from './block-templates.ts';
import { datedIdOf, layOutBlocks } from './lay-out-blocks.ts';
import { changeSettings, readSettings } from './settings.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const dateIn = (days: number) => at('00:00', days - 1).slice(0, 10);
let plan: BlockPlan;
beforeEach(() => {
  plan = {
    roomId: site.rooms[0],
    start: '07:00',
    end: '12:00',
    service: 'Ortho',
    surgeonId: null,
    listId: null,
    releaseDays: 2,
  };
});
/** Every week, on the weekday of three days from now. */
const weekly = (more: Partial<BlockRule['recurrence']> = {}) => ({
  weekdays: [weekdayOf(dateIn(3))],
  everyWeeks: 1,
  from: dateIn(0),
  until: null,
  ...more,
});

const create = async (more: Partial<BlockRule> = {}, leave?: string[], by = administrator(site)) => {
  const input = { plan, recurrence: weekly(), exceptions: [], ...more, leave };
  return (await createBlockTemplate(site.deps, by, input)).body['template'] as BlockTemplate;
};
const change = async ({ id, version }: BlockTemplate, edit: Omit<ChangeBlockTemplate, 'version'>) =>
  (await changeBlockTemplate(site.deps, administrator(site), id, { version, ...edit })).body[
    'template'
  ] as BlockTemplate;
const remove = ({ id, version }: BlockTemplate, leave?: string[]) =>
  removeBlockTemplate(site.deps, administrator(site), id, { version, leave });
const addHoliday = async (date: string, roomIds: string[] | null = null, leave?: string[]) =>
  (await createHoliday(site.deps, administrator(site), { date, name: 'Holiday', roomIds, leave })).body[
    'holiday'
  ] as Holiday;
const preview = (edit: BlockEdit) => previewBlocks(site.pool, site.siteId, edit);

/** The blocks laid out from templates, in order. */
async function blocks(): Promise<Block[]> {
  const { rows } = await site.pool.query<{ block: Block }>(
    `SELECT block_json(b) AS block FROM blocks b WHERE site_id = $1 AND template_id IS NOT NULL
      ORDER BY lower(during), room_id`,
    [site.siteId],
  );
  return rows.map(({ block }) => block);
}
const dates = async () => (await blocks()).map(({ start }) => start.slice(0, 10));
const arrange = (text: string, ...values: unknown[]) => site.owner.query(text, [site.siteId, ...values]);
/** A case in the first laid-out block. */
const bookInBlock = (more: Parameters<typeof book>[1] = {}) => book(site, { start: at('09:00', 2), ...more });

describe('BT7 a new template', () => {
  test('is laid out as far as the settings say, in one command', async () => {
    const template = await create();
    const laid = await blocks();
    expect(laid).toHaveLength(26);
    expect(laid[0]).toEqual({
      id: datedIdOf(template.id, dateIn(3)),
      roomId: site.rooms[0],
      start: at('07:00', 2),
      end: at('12:00', 2),
      service: 'Ortho',
      surgeonId: null,
      listId: null,
      releaseAt: at('07:00', 0),
      releasedAt: null,
    });
    const body = await feed(site);
    expect(body).toEqual([
      ...laid.map((block) => ({ type: 'block', block })),
      { type: 'block_template', template },
    ]);
    expect(await listBlockTemplates(site.pool, site.siteId)).toEqual({ templates: [template], holidays: [] });
  });

  test('makes the blocks that commands judge by', async () => {
    await create({ plan: { ...plan, service: 'Cardiac' } });
    const refusal = await refusalOf(hold(site, { start: at('09:00', 9) }));
    expect(refusal.message).toContain("Cardiac's block");
  });

  test('makes no block that has begun already', async () => {
    await create({
      plan: { ...plan, start: '00:00', end: '24:00' },
      recurrence: weekly({ weekdays: [1, 2, 3, 4, 5, 6, 7] }),
    });
    expect((await dates())[0]).toBe(dateIn(1));
  });

  test.each([
    ['plan.roomId', () => ({ plan: { ...plan, roomId: site.beds } })],
    ['plan.surgeonId', () => ({ plan: { ...plan, surgeonId: site.rooms[0] } })],
    ['plan.listId', () => ({ plan: { ...plan, listId: randomUUID() } })],
    [
      'exceptions.1.plan.roomId',
      () => ({
        exceptions: [
          { date: dateIn(3), plan: null },
          { date: dateIn(4), plan: { ...plan, roomId: site.list } },
        ],
      }),
    ],
  ])('names resources of the site: %s', async (field, more) => {
    expect((await refusalOf(create(more()))).parts.errors).toMatchObject([{ field }]);
    expect(await blocks()).toEqual([]);
  });

  test('needs a room in use; an existing one can still be ended', async () => {
    const template = await create();
    await arrange('UPDATE resources SET active = false WHERE site_id = $1 AND id = $2', site.rooms[0]);
    expect((await refusalOf(create({ plan: { ...plan, start: '13:00', end: '14:00' } }))).code).toBe(
      'resource_inactive',
    );
    await change(template, { recurrence: weekly({ until: dateIn(3) }) });
    expect(await blocks()).toHaveLength(1);
  });
});

describe('BT7 a change', () => {
  test('lays out the future blocks anew, with one change for each that differs', async () => {
    const template = await create();
    const [first] = await blocks();
    const before = await feed(site);
    const after = await change(template, {
      plan: { ...plan, end: '13:00' },
      recurrence: weekly({ everyWeeks: 2, from: dateIn(3) }),
    });
    expect(after.version).toBe(2);
    const laid = await blocks();
    expect(laid).toHaveLength(13);
    expect(laid[0]).toEqual({ ...first, end: at('13:00', 2) });
    const changes = (await feed(site)).slice(before.length);
    expect(changes.filter(({ type }) => type === 'removed')).toHaveLength(13);
    expect(changes.filter(({ type }) => type === 'block')).toHaveLength(13);
    expect(changes.at(-1)).toEqual({ type: 'block_template', template: after });
  });

  test('that changes nothing has no change of a block', async () => {
    const template = await create();
    const count = (await feed(site)).length;
    await change(template, {});
    expect((await feed(site)).length).toBe(count + 1);
  });

  test('leaves blocks alone that have begun', async () => {
    const template = await create();
    await site.clock.advance(3 * 86_400 + 9 * 3_600);
    const [begun] = await blocks();
    await remove(template);
    expect(await blocks()).toEqual(begun && begun.start < at('09:00', 2) ? [begun] : []);
  });

  test('keeps released blocks released', async () => {
    const template = await create();
    await arrange(
      'UPDATE blocks SET released_at = clock_timestamp() WHERE site_id = $1 AND lower(during) = $2',
      at('07:00', 2),
    );
    // The rule of the first would still run; that of the second has not begun.
    await change(template, { plan: { ...plan, end: '13:00', releaseDays: 0 } });
    const [first, second] = await blocks();
    expect(first?.end).toBe(at('13:00', 2));
    expect(first?.releasedAt).not.toBeNull();
    expect(second?.releasedAt).toBeNull();
  });

  test('keeps those released that the old rule has released by now', async () => {
    const template = await create({ plan: { ...plan, releaseDays: 5 } });
    await change(template, { plan: { ...plan, releaseDays: 0 } });
    const [first, second] = await blocks();
    expect(first?.releasedAt).toBe(at('07:00', -3));
    expect(second?.releasedAt).toBeNull();
  });

  test('a board that applies the changes equals a fresh one', async () => {
    const read = createBoardReader(site.pool);
    const boardOf = async () =>
      boardSchema.parse(
        JSON.parse((await read(site.siteId, { date: dateIn(0), days: 14 }, { kind: 'all' })).json()),
      );
    const before = await boardOf();
    const template = await create();
    const moved = await change(template, { plan: { ...plan, roomId: site.rooms[1] } });
    await addHoliday(dateIn(10));
    await change(moved, { recurrence: weekly({ weekdays: [weekdayOf(dateIn(4)), weekdayOf(dateIn(3))] }) });
    const after = (await feed(site)).reduce(boardAfter, before);
    const sorted = (list: Block[]) => list.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const fresh = await boardOf();
    expect(fresh.blocks.length).toBeGreaterThan(before.blocks.length);
    expect(sorted(after.blocks)).toEqual(sorted(fresh.blocks));
  });
});

describe('BT5 an exception', () => {
  test('survives a change of the rule', async () => {
    const other = { ...plan, roomId: site.rooms[1], start: '08:00' };
    const template = await create({
      exceptions: [
        { date: dateIn(3), plan: other },
        { date: dateIn(10), plan: null },
      ],
    });
    await change(template, {
      plan: { ...plan, end: '14:00' },
      recurrence: weekly({ weekdays: [weekdayOf(dateIn(5))] }),
    });
    const [first, second] = await blocks();
    expect(first).toMatchObject({ roomId: site.rooms[1], start: at('08:00', 2), end: at('12:00', 2) });
    expect(second).toMatchObject({ start: at('07:00', 4), end: at('14:00', 4) });
  });

  test('can be taken back', async () => {
    const template = await create({ exceptions: [{ date: dateIn(3), plan: null }] });
    expect((await dates())[0]).toBe(dateIn(10));
    await change(template, { exceptions: [] });
    expect((await dates())[0]).toBe(dateIn(3));
  });
});

describe('BT6 a holiday', () => {
  test('removes the blocks of its rooms, and brings them back when it goes', async () => {
    await create();
    const before = await blocks();
    const elsewhere = await addHoliday(dateIn(3), [site.rooms[1]]);
    expect(await blocks()).toEqual(before);
    const holiday = await addHoliday(dateIn(3));
    expect(await blocks()).toEqual(before.slice(1));
    expect((await feed(site)).slice(-2)).toEqual([
      { type: 'removed', of: 'block', id: before[0]?.id },
      { type: 'holiday', holiday },
    ]);
    await changeHoliday(site.deps, administrator(site), holiday.id, { version: 1, date: dateIn(10) });
    expect(await blocks()).toEqual([before[0], ...before.slice(2)]);
    await removeHoliday(site.deps, administrator(site), holiday.id, { version: 2 });
    expect(await blocks()).toEqual(before);
    const { holidays } = await listBlockTemplates(site.pool, site.siteId);
    expect(holidays).toEqual([elsewhere]);
  });
});

describe('BT8 the preview', () => {
  test('is what the command then does, and changes nothing', async () => {
    const template = await create();
    const laid = await blocks();
    const edit = {
      plan: { ...plan, service: 'Cardiac' },
      recurrence: weekly({ everyWeeks: 2, from: dateIn(3) }),
    };
    const effect = await preview({
      kind: 'template',
      id: template.id,
      after: { ...edit, exceptions: [] },
    });
    expect(await blocks()).toEqual(laid);
    await change(template, edit);
    const after = await blocks();
    expect(effect.changed.map((each) => each.after)).toEqual(after);
    expect(effect.removed.map(({ id }) => id).toSorted()).toEqual(
      laid
        .map(({ id }) => id)
        .filter((id) => !after.some((block) => block.id === id))
        .toSorted(),
    );
    expect(effect).toMatchObject({ created: [], shifted: [], cases: [] });
  });

  test('of a new template and of removals', async () => {
    const rule = { plan, recurrence: weekly(), exceptions: [] };
    expect((await preview({ kind: 'template', after: rule })).created).toHaveLength(26);
    const template = await create();
    expect((await preview({ kind: 'template', id: template.id, after: null })).removed).toHaveLength(26);
    const holiday = { date: dateIn(3), name: 'Holiday', roomIds: null };
    expect((await preview({ kind: 'holiday', after: holiday })).removed).toHaveLength(1);
    const { id } = await addHoliday(dateIn(3));
    expect((await preview({ kind: 'holiday', id, after: null })).created).toHaveLength(1);
    expect((await refusalOf(preview({ kind: 'template', id: randomUUID(), after: null }))).code).toBe(
      'not_found',
    );
  });
});

describe('BT9 planned cases', () => {
  test('that would lose their block are named, and stay only if the request says so', async () => {
    const template = await create();
    const item = await bookInBlock();
    await bookInBlock({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
    const effect = await preview({ kind: 'template', id: template.id, after: null });
    expect(effect.cases).toEqual([
      {
        caseId: item.id,
        number: item.number,
        roomId: site.rooms[0],
        start: item.start,
        end: item.end,
        isOnList: false,
      },
    ]);
    const refusal = await refusalOf(remove(template));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([item.id]);
    expect(await blocks()).toHaveLength(26);
    await remove(template, [item.id]);
    expect(await blocks()).toEqual([]);
  });

  test.each([
    ['it ends earlier', () => ({ plan: { ...plan, end: '09:30' } })],
    ['another service gets it', () => ({ plan: { ...plan, service: 'Cardiac' } })],
    ['it moves to another room', () => ({ plan: { ...plan, roomId: site.rooms[1] } })],
    ['it is skipped', () => ({ exceptions: [{ date: dateIn(3), plan: null }] })],
  ])('count when %s', async (_, edit) => {
    const template = await create();
    const item = await bookInBlock();
    expect(blockedBy(await refusalOf(change(template, edit())))).toEqual([item.id]);
  });

  test('count when a block of others comes over them', async () => {
    const item = await bookInBlock();
    const cardiac = { plan: { ...plan, service: 'Cardiac' } };
    expect(blockedBy(await refusalOf(create(cardiac)))).toEqual([item.id]);
    await create(cardiac, [item.id]);
  });

  test('do not count while their block still has room for them, or has been released to all', async () => {
    const template = await create();
    await bookInBlock();
    const longer = await change(template, { plan: { ...plan, start: '06:00', end: '10:00' } });
    expect(await blocks()).toHaveLength(26);
    await change(longer, { plan: { ...plan, start: '06:00', end: '10:00', surgeonId: site.surgeons[1] } });
  });

  test('an overdue hold does not count', async () => {
    const template = await create();
    const item = await hold(site, { start: at('09:00', 2) });
    expect(blockedBy(await refusalOf(remove(template)))).toEqual([item.id]);
    await site.clock.advance(3600);
    await remove(template);
  });

  test('on a list keep it as it is: they have to be moved first', async () => {
    const session = { ...plan, roomId: site.rooms[1], listId: site.list };
    const template = await create({ plan: session });
    const [first] = await blocks();
    const reply = await placeHold(site.deps, site.request(), {
      blockId: first?.id,
      minutes: 30,
      title: 'Cataract',
      setupMinutes: 5,
      cleanupMinutes: 5,
    });
    const { id } = reply.body['case'] as { id: string };
    const shorter = { plan: { ...session, end: '11:00' }, leave: [id] };
    expect((await refusalOf(change(template, shorter))).message).toContain('Move them off the list first');
    expect((await refusalOf(remove(template, [id]))).code).toBe('in_use');
    // Another release does not move the list.
    await change(template, { plan: { ...session, releaseDays: 1 } });
  });
});

describe('BT10 two blocks', () => {
  test('of two templates never overlap in a room, on any day that can be planned', async () => {
    await create();
    const over = { plan: { ...plan, service: 'Cardiac', start: '11:00', end: '15:00' } };
    const refusal = await refusalOf(create(over));
    expect(refusal.code).toBe('in_use');
    expect(refusal.message).toContain(`Ortho has a block in this room on ${dateIn(3)} from 07:00 to 12:00`);
    // Beyond what is laid out.
    const later = { ...over, recurrence: weekly({ from: dateIn(400) }) };
    expect((await refusalOf(create(later))).code).toBe('in_use');
    await create({ plan: { ...over.plan, start: '12:00' } });
    expect(await blocks()).toHaveLength(52);
  });

  test('a block that no template made is in the way too', async () => {
    const refusal = await refusalOf(
      create({
        plan: { ...plan, roomId: site.rooms[2] },
        recurrence: weekly({ weekdays: [weekdayOf(dateIn(2))] }),
      }),
    );
    expect(refusal.code).toBe('in_use');
    expect(refusal.parts.blockers).toMatchObject([{ kind: 'block', reason: 'Eyes' }]);
  });

  test('one that the job has no time for is reported, and the others are made', async () => {
    await create();
    await arrange('DELETE FROM blocks WHERE site_id = $1 AND template_id IS NOT NULL');
    await arrange('UPDATE block_templates SET laid_until = current_date - 1 WHERE site_id = $1');
    await arrange(
      `INSERT INTO blocks (site_id, id, room_id, during, service, release_at)
        VALUES ($1, gen_random_uuid(), $2, tstzrange($3, $4), 'Eyes', $3)`,
      site.rooms[0],
      at('11:00', 9),
      at('13:00', 9),
    );
    const failures: string[] = [];
    const parking = {
      parked: () => [],
      attempt: async <R>(_: string, work: () => Promise<R>) =>
        work().catch((error: Error) => void failures.push(error.message)),
    };
    await layOutBlocks(site.deps, parking);
    expect(await dates()).not.toContain(dateIn(10));
    expect(await blocks()).toHaveLength(25);
    expect(failures).toEqual([expect.stringContaining('No block for Ortho')]);
  });
});

describe('BT11 two administrators', () => {
  const codesOf = (answers: readonly PromiseSettledResult<unknown>[]) =>
    new Set(
      answers.flatMap((answer) =>
        answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : [],
      ),
    );

  test('the second to change one version is refused', async () => {
    const template = await create();
    const edits = [13, 14, 15, 16].map((hour) => change(template, { plan: { ...plan, end: `${hour}:00` } }));
    const answers = await Promise.allSettled(edits);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(codesOf(answers)).toEqual(new Set(['stale_version']));
    const [current] = (await listBlockTemplates(site.pool, site.siteId)).templates;
    expect(new Set((await blocks()).map(({ end }) => timeOf(end, 'UTC')))).toEqual(
      new Set([current?.plan.end]),
    );
    expect((await refusalOf(remove(template))).code).toBe('stale_version');
  });

  test('who take the same time at once do not both get it', async () => {
    const answers = await Promise.allSettled([create(), create(), create()]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(codesOf(answers)).toEqual(new Set(['in_use']));
  });

  test('a holiday is changed at the version that was seen', async () => {
    const { id } = await addHoliday(dateIn(3));
    await changeHoliday(site.deps, administrator(site), id, { version: 1, name: 'Founders’ Day' });
    const stale = changeHoliday(site.deps, administrator(site), id, { version: 1, name: 'Other' });
    expect((await refusalOf(stale)).code).toBe('stale_version');
    expect((await refusalOf(removeHoliday(site.deps, administrator(site), id, { version: 1 }))).code).toBe(
      'stale_version',
    );
  });

  test('a coordinator manages no blocks', async () => {
    expect((await refusalOf(create({}, [], site.request()))).code).toBe('forbidden');
  });
});

describe('the job', () => {
  const lastDates = async () => (await dates()).slice(-2);

  test('BT4 keeps blocks as far ahead as the settings say, and is silent otherwise', async () => {
    await create();
    const before = await feed(site);
    await layOutBlocks(site.deps);
    expect((await feed(site)).length).toBe(before.length);
    await site.clock.advance(14 * 86_400);
    site.published.length = 0;
    await layOutBlocks(site.deps);
    expect(await blocks()).toHaveLength(28);
    expect((await feed(site)).slice(before.length)).toEqual(
      (await blocks()).slice(-2).map((block) => ({ type: 'block', block })),
    );
    expect(site.published).toContainEqual({ kind: 'site', siteId: site.siteId });
    expect(await layOutBlocks(site.deps)).toBe(0);
  });

  test('BT4 follows a longer setting', async () => {
    await create();
    const { version } = await readSettings(site.pool, site.siteId);
    await changeSettings(site.deps, administrator(site), { version, blockWeeks: 30 });
    await layOutBlocks(site.deps);
    expect(await blocks()).toHaveLength(30);
  });

  test('BT3 makes the same blocks from any starting day, in any number of processes', async () => {
    await create({
      recurrence: weekly({
        weekdays: [weekdayOf(dateIn(3)), weekdayOf(dateIn(5))],
        everyWeeks: 3,
        from: dateIn(3),
      }),
      exceptions: [{ date: dateIn(40), plan: { ...plan, start: '06:00' } }],
    });
    await addHoliday(dateIn(24));
    const laid = await blocks();
    for (const days of [-1, 17, 100]) {
      await arrange(
        'DELETE FROM blocks WHERE site_id = $1 AND template_id IS NOT NULL AND template_date > $2',
        dateIn(days),
      );
      await arrange('UPDATE block_templates SET laid_until = $2 WHERE site_id = $1', dateIn(days));
      await Promise.all([1, 2, 3, 4].map(() => layOutBlocks(site.deps)));
      expect(await blocks()).toEqual(laid);
    }
    expect(await lastDates()).toEqual(laid.slice(-2).map(({ start }) => start.slice(0, 10)));
  });

  test('BT3 beside a command that changes the template: all blocks are of the new rule', async () => {
    const template = await create();
    await site.clock.advance(14 * 86_400);
    await Promise.all([
      change(template, { plan: { ...plan, start: '08:00' } }),
      layOutBlocks(site.deps),
      layOutBlocks(site.deps),
    ]);
    await layOutBlocks(site.deps);
    const future = (await blocks()).filter(({ start }) => start > at('00:00', 15));
    expect(new Set(future.map(({ start }) => timeOf(start, 'UTC')))).toEqual(new Set(['08:00']));
    expect(new Set(future.map(({ start }) => start)).size).toBe(future.length);
    expect(future).toHaveLength(26);
  });
});

test('BT12 in another time zone, blocks keep their local times', async () => {
  await create();
  const { version } = await readSettings(site.pool, site.siteId);
  await changeSettings(site.deps, administrator(site), { version, timeZone: 'Asia/Tokyo' });
  const laid = await blocks();
  expect(laid.length).toBeGreaterThan(24);
  expect(new Set(laid.map(({ start }) => timeOf(start, 'Asia/Tokyo')))).toEqual(new Set(['07:00']));
  expect((await feed(site)).at(-1)).toMatchObject({ type: 'site' });
});
