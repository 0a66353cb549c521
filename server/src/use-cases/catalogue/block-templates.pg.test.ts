import { randomUUID } from 'node:crypto';
import type { BlockPlan, BlockTemplate } from '@slate/shared/block-templates';
import { board as boardSchema } from '@slate/shared/contract/reads';
import type { BlockEdit } from '@slate/shared/contract/blocks';
import { boardAfter } from '@slate/shared/board-after';
import type { Block } from '@slate/shared/sites';
import { timeOf, weekdayOf } from '@slate/shared/time';
import { beforeEach, describe, expect, test } from 'vitest';
import { administrator, blockedBy, book, feed, hold, refusalOf } from '../../../test/administer.ts';
import {
  addHoliday,
  changeTemplate,
  createTemplate,
  dateIn,
  datesOfBlocks,
  laidBlocks,
  planIn,
  weekly,
} from '../../../test/block-templates.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { placeHold } from '../cases/place-hold.ts';
import { createBoardReader } from '../reads/read-board.ts';
import {
  changeHoliday,
  listBlockTemplates,
  previewBlocks,
  removeBlockTemplate,
  removeHoliday,
} from './block-templates.ts';
import { datedIdOf } from './lay-out-blocks.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

let plan: BlockPlan;
beforeEach(() => {
  plan = planIn(site);
});

const remove = ({ id, version }: BlockTemplate, leave?: string[]) =>
  removeBlockTemplate(site.deps, administrator(site), id, { version, leave });
const preview = (edit: BlockEdit) => previewBlocks(site.pool, site.siteId, edit);

const blocks = () => laidBlocks(site);
const arrange = (text: string, ...values: unknown[]) => site.owner.query(text, [site.siteId, ...values]);
/** A case in the first laid-out block. */
const bookInBlock = (more: Parameters<typeof book>[1] = {}) => book(site, { start: at('09:00', 2), ...more });

describe('BT7 a new template', () => {
  test('is laid out as far as the settings say, in one command', async () => {
    const template = await createTemplate(site);
    const laid = await blocks();
    expect(laid).toHaveLength(26);
    expect(laid[0]).toEqual({
      id: datedIdOf(template.id, dateIn(3)),
      roomId: site.rooms[0],
      start: at('07:00', 2),
      end: at('12:00', 2),
      service: 'Ortho',
      surgeonId: null,
      alsoSurgeonIds: [],
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
    await createTemplate(site, { plan: { ...plan, service: 'Cardiac' } });
    const refusal = await refusalOf(hold(site, { start: at('09:00', 9) }));
    expect(refusal.message).toContain("Cardiac's block");
  });

  test('makes blocks of a group, for its surgeons only', async () => {
    const [first, second, third] = site.surgeons;
    const group = { surgeonId: second, alsoSurgeonIds: [third] };
    const template = await createTemplate(site, { plan: { ...plan, ...group } });
    expect((await blocks())[0]).toMatchObject(group);
    await hold(site, { start: at('09:00', 2), surgeonId: third });
    const refusal = await refusalOf(hold(site, { start: at('11:00', 2), surgeonId: first, minutes: 30 }));
    expect(refusal.message).toContain('a block of certain surgeons of Ortho');
    const smaller = { plan: { ...plan, surgeonId: second } };
    expect(
      await preview({ kind: 'template', id: template.id, after: { ...template, ...smaller } }),
    ).toMatchObject({
      changed: expect.arrayContaining([expect.anything()]) as unknown,
      cases: [{ start: at('09:00', 2) }],
    });
  });

  test('makes no block that has begun already', async () => {
    await createTemplate(site, {
      plan: { ...plan, start: '00:00', end: '24:00' },
      recurrence: weekly({ weekdays: [1, 2, 3, 4, 5, 6, 7] }),
    });
    expect((await datesOfBlocks(site))[0]).toBe(dateIn(1));
  });

  test.each([
    ['plan.roomId', () => ({ plan: { ...plan, roomId: site.beds } })],
    ['plan.surgeonId', () => ({ plan: { ...plan, surgeonId: site.rooms[0] } })],
    [
      'plan.surgeonId',
      () => ({ plan: { ...plan, surgeonId: site.surgeons[0], alsoSurgeonIds: [site.rooms[0]] } }),
    ],
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
    expect((await refusalOf(createTemplate(site, more()))).parts.errors).toMatchObject([{ field }]);
    expect(await blocks()).toEqual([]);
  });

  test('needs a room in use; an existing one can still be ended', async () => {
    const template = await createTemplate(site);
    await arrange('UPDATE resources SET active = false WHERE site_id = $1 AND id = $2', site.rooms[0]);
    expect(
      (await refusalOf(createTemplate(site, { plan: { ...plan, start: '13:00', end: '14:00' } }))).code,
    ).toBe('resource_inactive');
    await changeTemplate(site, template, { recurrence: weekly({ until: dateIn(3) }) });
    expect(await blocks()).toHaveLength(1);
  });
});

describe('BT7 a change', () => {
  test('lays out the future blocks anew, with one change for each that differs', async () => {
    const template = await createTemplate(site);
    const [first] = await blocks();
    const before = await feed(site);
    const after = await changeTemplate(site, template, {
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
    const template = await createTemplate(site);
    const count = (await feed(site)).length;
    await changeTemplate(site, template, {});
    expect((await feed(site)).length).toBe(count + 1);
  });

  test('leaves blocks alone that have begun', async () => {
    const template = await createTemplate(site);
    await site.clock.advance(3 * 86_400 + 9 * 3_600);
    const [begun] = await blocks();
    await remove(template);
    expect(await blocks()).toEqual(begun && begun.start < at('09:00', 2) ? [begun] : []);
  });

  test('keeps released blocks released', async () => {
    const template = await createTemplate(site);
    await arrange(
      'UPDATE blocks SET released_at = clock_timestamp() WHERE site_id = $1 AND lower(during) = $2',
      at('07:00', 2),
    );
    // The rule of the first would still run; that of the second has not begun.
    await changeTemplate(site, template, { plan: { ...plan, end: '13:00', releaseDays: 0 } });
    const [first, second] = await blocks();
    expect(first?.end).toBe(at('13:00', 2));
    expect(first?.releasedAt).not.toBeNull();
    expect(second?.releasedAt).toBeNull();
  });

  test('keeps those released that the old rule has released by now', async () => {
    const template = await createTemplate(site, { plan: { ...plan, releaseDays: 5 } });
    await changeTemplate(site, template, { plan: { ...plan, releaseDays: 0 } });
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
    const template = await createTemplate(site);
    const moved = await changeTemplate(site, template, { plan: { ...plan, roomId: site.rooms[1] } });
    await addHoliday(site, dateIn(10));
    await changeTemplate(site, moved, {
      recurrence: weekly({ weekdays: [weekdayOf(dateIn(4)), weekdayOf(dateIn(3))] }),
    });
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
    const template = await createTemplate(site, {
      exceptions: [
        { date: dateIn(3), plan: other },
        { date: dateIn(10), plan: null },
      ],
    });
    await changeTemplate(site, template, {
      plan: { ...plan, end: '14:00' },
      recurrence: weekly({ weekdays: [weekdayOf(dateIn(5))] }),
    });
    const [first, second] = await blocks();
    expect(first).toMatchObject({ roomId: site.rooms[1], start: at('08:00', 2), end: at('12:00', 2) });
    expect(second).toMatchObject({ start: at('07:00', 4), end: at('14:00', 4) });
  });

  test('can be taken back', async () => {
    const template = await createTemplate(site, { exceptions: [{ date: dateIn(3), plan: null }] });
    expect((await datesOfBlocks(site))[0]).toBe(dateIn(10));
    await changeTemplate(site, template, { exceptions: [] });
    expect((await datesOfBlocks(site))[0]).toBe(dateIn(3));
  });
});

describe('BT6 a holiday', () => {
  test('removes the blocks of its rooms, and its removal brings them back', async () => {
    await createTemplate(site);
    const before = await blocks();
    const elsewhere = await addHoliday(site, dateIn(3), [site.rooms[1]]);
    expect(await blocks()).toEqual(before);
    const holiday = await addHoliday(site, dateIn(3));
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
    const template = await createTemplate(site);
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
    await changeTemplate(site, template, edit);
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
    const template = await createTemplate(site);
    expect((await preview({ kind: 'template', id: template.id, after: null })).removed).toHaveLength(26);
    const holiday = { date: dateIn(3), name: 'Holiday', roomIds: null };
    expect((await preview({ kind: 'holiday', after: holiday })).removed).toHaveLength(1);
    const { id } = await addHoliday(site, dateIn(3));
    expect((await preview({ kind: 'holiday', id, after: null })).created).toHaveLength(1);
    expect((await refusalOf(preview({ kind: 'template', id: randomUUID(), after: null }))).code).toBe(
      'not_found',
    );
  });
});

describe('BT9 planned cases', () => {
  test('that would lose their block are named, and stay only if the request says so', async () => {
    const template = await createTemplate(site);
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
    const template = await createTemplate(site);
    const item = await bookInBlock();
    expect(blockedBy(await refusalOf(changeTemplate(site, template, edit())))).toEqual([item.id]);
  });

  test('count when a block of others comes over them', async () => {
    const item = await bookInBlock();
    const cardiac = { plan: { ...plan, service: 'Cardiac' } };
    expect(blockedBy(await refusalOf(createTemplate(site, cardiac)))).toEqual([item.id]);
    await createTemplate(site, cardiac, [item.id]);
  });

  test('do not count while their block still has room for them, or has been released to all', async () => {
    const template = await createTemplate(site);
    await bookInBlock();
    const longer = await changeTemplate(site, template, { plan: { ...plan, start: '06:00', end: '10:00' } });
    expect(await blocks()).toHaveLength(26);
    await changeTemplate(site, longer, {
      plan: { ...plan, start: '06:00', end: '10:00', surgeonId: site.surgeons[0] },
    });
  });

  test('count when their block goes to another surgeon of the service', async () => {
    const template = await createTemplate(site);
    const { id } = await bookInBlock();
    const toAnother = changeTemplate(site, template, { plan: { ...plan, surgeonId: site.surgeons[1] } });
    expect(blockedBy(await refusalOf(toAnother))).toEqual([id]);
  });

  test('an overdue hold does not count', async () => {
    const template = await createTemplate(site);
    const item = await hold(site, { start: at('09:00', 2) });
    expect(blockedBy(await refusalOf(remove(template)))).toEqual([item.id]);
    await site.clock.advance(3600);
    await remove(template);
  });

  test('on a list keep it as it is: they have to be moved first', async () => {
    const session = { ...plan, roomId: site.rooms[1], listId: site.list };
    const template = await createTemplate(site, { plan: session });
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
    expect((await refusalOf(changeTemplate(site, template, shorter))).message).toContain(
      'Move them off the list first',
    );
    expect((await refusalOf(remove(template, [id]))).code).toBe('in_use');
    // Another release does not move the list.
    await changeTemplate(site, template, { plan: { ...session, releaseDays: 1 } });
  });
});

describe('BT10 two blocks', () => {
  test('of two templates never overlap in a room, on any day that can be planned', async () => {
    await createTemplate(site);
    const over = { plan: { ...plan, service: 'Cardiac', start: '11:00', end: '15:00' } };
    const refusal = await refusalOf(createTemplate(site, over));
    expect(refusal.code).toBe('in_use');
    expect(refusal.message).toContain(`Ortho has a block in this room on ${dateIn(3)} from 07:00 to 12:00`);
    // Beyond what is laid out.
    const later = { ...over, recurrence: weekly({ from: dateIn(400) }) };
    expect((await refusalOf(createTemplate(site, later))).code).toBe('in_use');
    await createTemplate(site, { plan: { ...over.plan, start: '12:00' } });
    expect(await blocks()).toHaveLength(52);
  });

  test('a block that no template made is in the way too', async () => {
    const refusal = await refusalOf(
      createTemplate(site, {
        plan: { ...plan, roomId: site.rooms[2] },
        recurrence: weekly({ weekdays: [weekdayOf(dateIn(2))] }),
      }),
    );
    expect(refusal.code).toBe('in_use');
    expect(refusal.parts.blockers).toMatchObject([{ kind: 'block', reason: 'Eyes' }]);
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
    const template = await createTemplate(site);
    const edits = [13, 14, 15, 16].map((hour) =>
      changeTemplate(site, template, { plan: { ...plan, end: `${hour}:00` } }),
    );
    const answers = await Promise.allSettled(edits);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(codesOf(answers)).toEqual(new Set(['stale_version']));
    const [current] = (await listBlockTemplates(site.pool, site.siteId)).templates;
    expect(new Set((await blocks()).map(({ end }) => timeOf(end, 'UTC')))).toEqual(
      new Set([current?.plan.end]),
    );
    expect((await refusalOf(remove(template))).code).toBe('stale_version');
  });

  test('cannot both take the same time', async () => {
    const answers = await Promise.allSettled([
      createTemplate(site),
      createTemplate(site),
      createTemplate(site),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(codesOf(answers)).toEqual(new Set(['in_use']));
  });

  test('a holiday is changed at the version that was seen', async () => {
    const { id } = await addHoliday(site, dateIn(3));
    await changeHoliday(site.deps, administrator(site), id, { version: 1, name: 'Founders’ Day' });
    const stale = changeHoliday(site.deps, administrator(site), id, { version: 1, name: 'Other' });
    expect((await refusalOf(stale)).code).toBe('stale_version');
    expect((await refusalOf(removeHoliday(site.deps, administrator(site), id, { version: 1 }))).code).toBe(
      'stale_version',
    );
  });

  test('a coordinator manages no blocks', async () => {
    expect((await refusalOf(createTemplate(site, {}, [], site.request()))).code).toBe('forbidden');
  });
});
