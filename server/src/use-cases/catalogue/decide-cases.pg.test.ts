import { randomUUID } from 'node:crypto';
import type { BlockTemplate } from '@slate/shared/block-templates';
import type { Case } from '@slate/shared/cases';
import type { ChangeResource } from '@slate/shared/contract/catalogue';
import type { PlannedChange } from '@slate/shared/contract/consequences';
import type { Decision } from '@slate/shared/contract/decisions';
import { overlaps, weekdayOf } from '@slate/shared/time';
import { describe, expect, test } from 'vitest';
import { administrator, blockedBy, book, feed, hold, readCase, refusalOf } from '../../../test/administer.ts';
import { preview, run, decidedIn, closing, moveTo, toDepot, leave, bookIn } from '../../../test/decisions.ts';
import { at, turnInput } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from '../cases/change-case.ts';
import { createBlockTemplate, removeBlockTemplate } from './block-templates.ts';
import { createClosure } from './closures.ts';
import { changeResource } from './resources.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

describe('CW1 one command carries the change and a decision for each case', () => {
  test('it moves, sends to the depot and closes in one transaction', async () => {
    const [moved, sent] = [await bookIn(site, 0, '08:30'), await bookIn(site, 0, '10:00')];
    const { body } = await run(
      site,
      closing(site, [moveTo(moved, site.rooms[1], at('08:30')), toDepot(sent)]),
    );
    expect(await readCase(site, moved.id)).toMatchObject({ state: 'scheduled', roomId: site.rooms[1] });
    expect(await readCase(site, sent.id)).toMatchObject({
      state: 'depot',
      bumped: { reason: 'Water damage', by: { id: site.users.administrator } },
    });
    expect(body).toMatchObject({ bumped: [sent.id], closure: { reason: 'Water damage' } });
    expect(decidedIn(body)).toEqual([
      { caseId: moved.id, version: moved.version + 1 },
      { caseId: sent.id, version: sent.version + 1 },
    ]);
    expect((await feed(site)).slice(-3)).toMatchObject([
      { type: 'case', cause: 'moved' },
      { type: 'case', cause: 'bumped' },
      { type: 'closure' },
    ]);
  });

  test('a case may take the time that another one gives up', async () => {
    const surgeonId = site.surgeons[0];
    const [moved, sent] = [await bookIn(site, 0, '08:30'), await bookIn(site, 0, '10:00', { surgeonId })];
    await run(site, closing(site, [moveTo(moved, site.rooms[1], at('10:00')), toDepot(sent)]));
    expect(await readCase(site, moved.id)).toMatchObject({ roomId: site.rooms[1], start: at('10:00') });
  });

  test('nothing is done if one place is not free, and the refusal names the case', async () => {
    const [moved, sent] = [await bookIn(site, 0, '08:30'), await bookIn(site, 0, '10:00')];
    await bookIn(site, 1, '08:30');
    const refusal = await refusalOf(
      run(site, closing(site, [toDepot(sent), moveTo(moved, site.rooms[1], at('08:30'))])),
    );
    expect(refusal.code).toBe('slot_taken');
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.1.start' }]);
    expect(refusal.message).toMatch(new RegExp(`^Case ${moved.number}: OR 2 is taken`));
    expect(await readCase(site, sent.id)).toEqual(sent);
    expect(await readCase(site, moved.id)).toEqual(moved);
  });

  test('CW3 its alternatives leave out the time that the change takes', async () => {
    const moved = await bookIn(site, 0, '08:30');
    await bookIn(site, 1, '08:30');
    const refusal = await refusalOf(run(site, closing(site, [moveTo(moved, site.rooms[1], at('08:30'))])));
    expect(refusal.parts.alternatives?.length).toBeGreaterThan(0);
    const closed = { start: at('08:00'), end: at('12:00') };
    for (const place of refusal.parts.alternatives ?? [])
      expect(place.roomId === site.rooms[0] && overlaps(place, closed)).toBe(false);
  });

  test('a case cannot move into the time that the change takes', async () => {
    const moved = await bookIn(site, 0, '08:30');
    const refusal = await refusalOf(run(site, closing(site, [moveTo(moved, site.rooms[0], at('10:00'))])));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([moved.id]);
    expect(await readCase(site, moved.id)).toEqual(moved);
  });

  test('a place that needs a reason is refused without one, at the field of the case', async () => {
    const moved = await bookIn(site, 0, '08:30');
    // The session of a list of another service.
    const decision = moveTo(moved, site.rooms[2], at('09:00', 1));
    const refusal = await refusalOf(run(site, closing(site, [decision])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.overrideReason' }]);
    await run(site, closing(site, [{ ...decision, overrideReason: 'Agreed with Eyes' } as Decision]));
    expect(await readCase(site, moved.id)).toMatchObject({ overrideReason: 'Agreed with Eyes' });
  });

  test('a hold is released, but the hold of another person is not moved', async () => {
    const held = await hold(site, { start: at('09:00') });
    expect((await refusalOf(run(site, closing(site, [moveTo(held, site.rooms[1], at('09:00'))])))).code).toBe(
      'forbidden',
    );
    await run(site, closing(site, [toDepot(held)]));
    expect((await readCase(site, held.id)).state).toBe('released');
  });

  test('of a pool, as many may stay as fit', async () => {
    const cArm = { equipment: [{ resourceId: site.equipment[0], quantity: 1 }] };
    const cases = [await bookIn(site, 0, '09:00', cArm), await bookIn(site, 1, '09:00', cArm)];
    const [first, second] = cases as [Case, Case];
    const cut = (decisions: Decision[]): PlannedChange => ({
      command: 'changeResource',
      id: site.equipment[0],
      body: { version: 1, capacity: 1, decisions },
    });
    expect((await refusalOf(run(site, cut([leave(first), leave(second)])))).code).toBe('in_use');
    await run(site, cut([leave(first, 'Has the better table'), toDepot(second)]));
    expect(await readCase(site, first.id)).toMatchObject({ overrideReason: 'Has the better table' });
    expect((await readCase(site, second.id)).state).toBe('depot');
  });
});

describe('CW2 every case needs a decision', () => {
  test('one that came in the way since the preview is named, and nothing is done', async () => {
    const known = await bookIn(site, 0, '08:30');
    expect((await preview(site, closing(site))).map(({ caseId }) => caseId)).toEqual([known.id]);
    const late = await bookIn(site, 0, '10:00', { surgeonId: site.surgeons[1] });
    const refusal = await refusalOf(run(site, closing(site, [toDepot(known)])));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([late.id]);
    expect(await readCase(site, known.id)).toEqual(known);
  });

  test('one that has changed since is named', async () => {
    const known = await bookIn(site, 0, '08:30');
    await changeCase(site.deps, site.request(), known.id, { version: known.version, note: 'Latex allergy' });
    const refusal = await refusalOf(run(site, closing(site, [toDepot(known)])));
    expect(refusal.code).toBe('stale_version');
    expect(refusal.message).toContain(`Case ${known.number} has changed`);
  });

  test('one that is not in the way anymore is named at its field', async () => {
    const [known, elsewhere] = [await bookIn(site, 0, '08:30'), await bookIn(site, 1, '08:30')];
    const refusal = await refusalOf(run(site, closing(site, [toDepot(known), toDepot(elsewhere)])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.1.caseId' }]);
  });

  test('a recurring closure decides about the cases of all its dates together', async () => {
    const weekday = weekdayOf(at('00:00', 1).slice(0, 10));
    const rule = (decisions?: Decision[]): PlannedChange => ({
      command: 'createRecurringClosure',
      body: {
        resourceId: site.rooms[0],
        recurrence: { weekdays: [weekday], everyWeeks: 1, from: at('00:00').slice(0, 10), until: null },
        start: '08:00',
        end: '12:00',
        quantity: null,
        reason: 'Deep cleaning',
        skipped: [],
        decisions,
      },
    });
    const [first, second] = [
      await bookIn(site, 0, '09:00', { start: at('09:00', 1) }),
      await bookIn(site, 0, '09:00', { start: at('09:00', 8) }),
    ];
    expect(blockedBy(await refusalOf(run(site, rule([toDepot(first)]))))).toEqual([second.id]);
    // The other date of the rule is closed too.
    const intoAnother = moveTo(first, site.rooms[0], at('09:00', 15));
    expect(blockedBy(await refusalOf(run(site, rule([intoAnother, toDepot(second)]))))).toEqual([first.id]);
    await run(site, rule([moveTo(first, site.rooms[0], at('13:00', 1)), toDepot(second)]));
    expect(await readCase(site, first.id)).toMatchObject({ start: at('13:00', 1) });
  });
});

describe('CW5 the hours and equipment of a room', () => {
  const setAttributes = (attributes: ChangeResource['attributes'], decisions?: Decision[], version = 1) =>
    ({ command: 'changeResource', id: site.rooms[0], body: { version, attributes, decisions } }) as const;
  const until = (close: string) => ({
    service: 'Ortho',
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close }],
  });

  test('shorter hours need a decision about each case outside of them', async () => {
    const [inside, outside] = [await bookIn(site, 0, '08:00'), await bookIn(site, 0, '15:00')];
    const refusal = await refusalOf(run(site, setAttributes(until('15:30'))));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([outside.id]);
    expect(await preview(site, setAttributes(until('15:30')))).toMatchObject([
      { caseId: outside.id, why: 'hours', canStay: true },
    ]);
    await run(site, setAttributes(until('15:30'), [leave(outside, 'Agreed with the team')]));
    expect(await readCase(site, outside.id)).toMatchObject({
      start: outside.start,
      overrideReason: 'Agreed with the team',
    });
    expect(await readCase(site, inside.id)).toEqual(inside);
    // It is after hours already, so the next change does not ask again.
    await run(site, setAttributes(until('15:20'), undefined, 2));
  });

  test('a case may move, judged by the new hours', async () => {
    const outside = await bookIn(site, 0, '15:00');
    const tooLate = moveTo(outside, site.rooms[0], at('14:45'));
    const refusal = await refusalOf(run(site, setAttributes(until('15:30'), [tooLate])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.overrideReason' }]);
    await run(site, setAttributes(until('15:30'), [moveTo(outside, site.rooms[0], at('14:15'))]));
    expect(await readCase(site, outside.id)).toMatchObject({ start: at('14:15') });
  });

  test('a lost capability needs a decision about the cases that need it', async () => {
    await site.owner.query(`UPDATE procedures SET capabilities = '["laser"]' WHERE site_id = $1`, [
      site.siteId,
    ]);
    await changeResource(site.deps, administrator(site), site.rooms[0], {
      version: 1,
      attributes: { service: 'Ortho', capabilities: ['laser'] },
    });
    const booked = await bookIn(site, 0, '09:00');
    expect(blockedBy(await refusalOf(run(site, setAttributes({ service: 'Ortho' }, undefined, 2))))).toEqual([
      booked.id,
    ]);
  });
});

describe('CW6 blocks', () => {
  const date = () => at('00:00', 2).slice(0, 10);
  const createTemplate = async (listId: string | null = null) =>
    (
      await createBlockTemplate(site.deps, administrator(site), {
        plan: {
          roomId: site.rooms[0],
          start: '07:00',
          end: '12:00',
          service: 'Ortho',
          surgeonId: null,
          listId,
          releaseDays: 2,
        },
        recurrence: { weekdays: [weekdayOf(date())], everyWeeks: 1, from: date(), until: date() },
        exceptions: [],
      })
    ).body['template'] as BlockTemplate;
  const removing = ({ id, version }: BlockTemplate, decisions?: Decision[]): PlannedChange => ({
    command: 'removeBlockTemplate',
    id,
    body: { version, decisions },
  });

  test('a case of a removed block stays, moves or goes', async () => {
    const template = await createTemplate();
    const booked = [
      await bookIn(site, 0, '', { start: at('07:30', 2) }),
      await bookIn(site, 0, '', { start: at('09:00', 2) }),
      await bookIn(site, 0, '', { start: at('10:30', 2) }),
    ];
    const [staying, moving, going] = booked as [Case, Case, Case];
    expect((await preview(site, removing(template))).map(({ caseId, why }) => [caseId, why])).toEqual(
      booked.map(({ id }) => [id, 'block']),
    );
    const some = [leave(staying), moveTo(moving, site.rooms[1], at('09:00', 2))];
    expect(blockedBy(await refusalOf(run(site, removing(template, some))))).toEqual([going.id]);
    await run(site, removing(template, [...some, toDepot(going)]));
    expect(await readCase(site, staying.id)).toEqual(staying);
    expect(await readCase(site, moving.id)).toMatchObject({ roomId: site.rooms[1] });
    expect((await readCase(site, going.id)).state).toBe('depot');
  });

  test('a case with a place on a list cannot stay, but can go', async () => {
    const template = await createTemplate(site.list);
    const { rows } = await site.pool.query<{ id: string }>(
      'SELECT id FROM blocks WHERE site_id = $1 AND template_id = $2',
      [site.siteId, template.id],
    );
    const booked = await book(site, { ...turnInput(site), title: 'Cataract', blockId: rows[0]?.id });
    expect(await preview(site, removing(template))).toMatchObject([{ why: 'list', canStay: false }]);
    const refusal = await refusalOf(run(site, removing(template, [leave(booked)])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.action' }]);
    await removeBlockTemplate(site.deps, administrator(site), template.id, {
      version: template.version,
      decisions: [toDepot(booked)],
    });
    expect(await readCase(site, booked.id)).toMatchObject({ state: 'depot', list: null });
  });
});

test('CW1 of two commands that move their cases to one place, one is done', async () => {
  const [first, second] = [await bookIn(site, 0, '08:30'), await bookIn(site, 1, '08:30')];
  const close = (room: 0 | 1, item: Case) =>
    createClosure(site.deps, site.request('close', { key: randomUUID() }), {
      resourceId: site.rooms[room],
      start: at('08:00'),
      end: at('12:00'),
      reason: 'Leak',
      decisions: [moveTo(item, site.rooms[2], at('08:30'))],
    });
  const answers = await Promise.allSettled([close(0, first), close(1, second)]);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
