import { randomUUID } from 'node:crypto';
import type { BlockTemplate } from '@slate/shared/block-templates';
import type { Case } from '@slate/shared/cases';
import type { ChangeProcedure, ChangeResource } from '@slate/shared/contract/catalogue';
import type { PlannedChange, UndoChange } from '@slate/shared/contract/consequences';
import type { CaseInTheWay, Decision } from '@slate/shared/contract/decisions';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Procedure } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import { overlaps, weekdayOf } from '@slate/shared/time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  administrator,
  assertSound,
  blockedBy,
  book,
  feed,
  hold,
  readCase,
  readResource,
  refusalOf,
} from '../../../test/administer.ts';
import { at, turnInput } from '../../../test/hospital.ts';
import { freshSite, withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { changeCase } from '../cases/change-case.ts';
import { createBlockTemplate, removeBlockTemplate } from './block-templates.ts';
import { createClosure } from './closures.ts';
import { casesInTheWay, runChange, undoChange } from './planned-change.ts';
import { listProcedures } from './procedures.ts';
import { changeResource } from './resources.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const preview = (change: PlannedChange, on = site) =>
  casesInTheWay(on.deps, { siteId: on.siteId, userId: on.users.administrator }, change);
const run = (change: PlannedChange, on = site) => runChange(on.deps, administrator(on), change);
const decidedIn = (body: Record<string, unknown>) => body['decided'] as UndoChange['putBack'];
const undo = async (change: PlannedChange, putBack: UndoChange['putBack']) =>
  (await undoChange(site.deps, administrator(site), { change, putBack })).body;

/** Closes the first room tomorrow from 08:00 to 12:00. */
const closing = (
  decisions?: Decision[],
  on = site,
): Extract<PlannedChange, { command: 'createClosure' }> => ({
  command: 'createClosure',
  body: { resourceId: on.rooms[0], start: at('08:00'), end: at('12:00'), reason: 'Water damage', decisions },
});
const moveTo = ({ id, version }: Case, roomId: string, start: string): Decision => ({
  action: 'move',
  caseId: id,
  version,
  roomId,
  start,
});
const toDepot = ({ id, version }: Case, reason = 'Water damage'): Decision => ({
  action: 'depot',
  caseId: id,
  version,
  reason,
});
const leave = ({ id, version }: Case, note?: string): Decision => ({
  action: 'leave',
  caseId: id,
  version,
  note,
});
const carry = ({ id, version }: Case): Decision => ({ action: 'carry', caseId: id, version });
const bookIn = (room: 0 | 1 | 2, start: string, more: Partial<PlaceHold> = {}) =>
  book(site, { roomId: site.rooms[room], surgeonId: site.surgeons[room], start: at(start), ...more });

describe('CW1 one command carries the change and a decision for each case', () => {
  test('it moves, sends to the depot and closes in one transaction', async () => {
    const [moved, sent] = [await bookIn(0, '08:30'), await bookIn(0, '10:00')];
    const { body } = await run(closing([moveTo(moved, site.rooms[1], at('08:30')), toDepot(sent)]));
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
    const [moved, sent] = [await bookIn(0, '08:30'), await bookIn(0, '10:00', { surgeonId })];
    await run(closing([moveTo(moved, site.rooms[1], at('10:00')), toDepot(sent)]));
    expect(await readCase(site, moved.id)).toMatchObject({ roomId: site.rooms[1], start: at('10:00') });
  });

  test('nothing is done if one place is not free, and the refusal names the case', async () => {
    const [moved, sent] = [await bookIn(0, '08:30'), await bookIn(0, '10:00')];
    await bookIn(1, '08:30');
    const refusal = await refusalOf(run(closing([toDepot(sent), moveTo(moved, site.rooms[1], at('08:30'))])));
    expect(refusal.code).toBe('slot_taken');
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.1.start' }]);
    expect(refusal.message).toMatch(new RegExp(`^Case ${moved.number}: OR 2 is taken`));
    expect(await readCase(site, sent.id)).toEqual(sent);
    expect(await readCase(site, moved.id)).toEqual(moved);
  });

  test('CW3 its alternatives leave out the time that the change takes', async () => {
    const moved = await bookIn(0, '08:30');
    await bookIn(1, '08:30');
    const refusal = await refusalOf(run(closing([moveTo(moved, site.rooms[1], at('08:30'))])));
    expect(refusal.parts.alternatives?.length).toBeGreaterThan(0);
    const closed = { start: at('08:00'), end: at('12:00') };
    for (const place of refusal.parts.alternatives ?? [])
      expect(place.roomId === site.rooms[0] && overlaps(place, closed)).toBe(false);
  });

  test('a case cannot move into the time that the change takes', async () => {
    const moved = await bookIn(0, '08:30');
    const refusal = await refusalOf(run(closing([moveTo(moved, site.rooms[0], at('10:00'))])));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([moved.id]);
    expect(await readCase(site, moved.id)).toEqual(moved);
  });

  test('a place that needs a reason is refused without one, at the field of the case', async () => {
    const moved = await bookIn(0, '08:30');
    // The session of a list of another service.
    const decision = moveTo(moved, site.rooms[2], at('09:00', 1));
    const refusal = await refusalOf(run(closing([decision])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.overrideReason' }]);
    await run(closing([{ ...decision, overrideReason: 'Agreed with Eyes' } as Decision]));
    expect(await readCase(site, moved.id)).toMatchObject({ overrideReason: 'Agreed with Eyes' });
  });

  test('a hold is released, but the hold of another person is not moved', async () => {
    const held = await hold(site, { start: at('09:00') });
    expect((await refusalOf(run(closing([moveTo(held, site.rooms[1], at('09:00'))])))).code).toBe(
      'forbidden',
    );
    await run(closing([toDepot(held)]));
    expect((await readCase(site, held.id)).state).toBe('released');
  });

  test('of a pool, as many may stay as fit', async () => {
    const cArm = { equipment: [{ resourceId: site.equipment[0], quantity: 1 }] };
    const cases = [await bookIn(0, '09:00', cArm), await bookIn(1, '09:00', cArm)];
    const [first, second] = cases as [Case, Case];
    const cut = (decisions: Decision[]): PlannedChange => ({
      command: 'changeResource',
      id: site.equipment[0],
      body: { version: 1, capacity: 1, decisions },
    });
    expect((await refusalOf(run(cut([leave(first), leave(second)])))).code).toBe('in_use');
    await run(cut([leave(first, 'Has the better table'), toDepot(second)]));
    expect(await readCase(site, first.id)).toMatchObject({ overrideReason: 'Has the better table' });
    expect((await readCase(site, second.id)).state).toBe('depot');
  });
});

describe('CW2 every case needs a decision', () => {
  test('one that came in the way since the preview is named, and nothing is done', async () => {
    const known = await bookIn(0, '08:30');
    expect((await preview(closing())).map(({ caseId }) => caseId)).toEqual([known.id]);
    const late = await bookIn(0, '10:00', { surgeonId: site.surgeons[1] });
    const refusal = await refusalOf(run(closing([toDepot(known)])));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([late.id]);
    expect(await readCase(site, known.id)).toEqual(known);
  });

  test('one that has changed since is named', async () => {
    const known = await bookIn(0, '08:30');
    await changeCase(site.deps, site.request(), known.id, { version: known.version, note: 'Latex allergy' });
    const refusal = await refusalOf(run(closing([toDepot(known)])));
    expect(refusal.code).toBe('stale_version');
    expect(refusal.message).toContain(`Case ${known.number} has changed`);
  });

  test('one that is not in the way anymore is named at its field', async () => {
    const [known, elsewhere] = [await bookIn(0, '08:30'), await bookIn(1, '08:30')];
    const refusal = await refusalOf(run(closing([toDepot(known), toDepot(elsewhere)])));
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
      await bookIn(0, '09:00', { start: at('09:00', 1) }),
      await bookIn(0, '09:00', { start: at('09:00', 8) }),
    ];
    expect(blockedBy(await refusalOf(run(rule([toDepot(first)]))))).toEqual([second.id]);
    // The other date of the rule is closed too.
    const intoAnother = moveTo(first, site.rooms[0], at('09:00', 15));
    expect(blockedBy(await refusalOf(run(rule([intoAnother, toDepot(second)]))))).toEqual([first.id]);
    await run(rule([moveTo(first, site.rooms[0], at('13:00', 1)), toDepot(second)]));
    expect(await readCase(site, first.id)).toMatchObject({ start: at('13:00', 1) });
  });
});

describe('CW4 the preview', () => {
  test('finds the cases with the command itself, and changes nothing', async () => {
    const booked = await bookIn(0, '08:30');
    const before = await feed(site);
    const [found] = await preview(closing());
    expect(found).toMatchObject({
      caseId: booked.id,
      version: booked.version,
      number: booked.number,
      title: 'Total knee',
      why: 'claim',
      canStay: false,
      canMove: true,
    });
    expect(await feed(site)).toEqual(before);
    expect(await readCase(site, booked.id)).toEqual(booked);
    expect((await site.pool.query('SELECT FROM closures WHERE site_id = $1', [site.siteId])).rowCount).toBe(
      0,
    );
  });

  test('is refused as the command would be', async () => {
    const refusal = await refusalOf(preview({ ...closing(), body: { ...closing().body, end: at('07:00') } }));
    expect(refusal.parts.errors).toMatchObject([{ field: 'end' }]);
  });

  test('offers times outside the closed time; all first offers fit together', async () => {
    const booked = [];
    for (const start of ['08:15', '09:40', '11:00']) booked.push(await bookIn(0, start, { minutes: 50 }));
    const found = await preview(closing());
    expect(found.map(({ offers }) => offers.length > 0)).toEqual([true, true, true]);
    const decisions = found.map(({ caseId, version, offers: [first] }): Decision => {
      if (!first) throw new Error('no offer');
      return { action: 'move', caseId, version, roomId: first.roomId, start: first.start };
    });
    await run(closing(decisions));
    for (const { id } of booked) {
      const { roomId, start, end } = await readCase(site, id);
      const closed = { start: at('08:00'), end: at('12:00') };
      expect(roomId === site.rooms[0] && overlaps({ start: start ?? '', end: end ?? '' }, closed)).toBe(
        false,
      );
    }
  });

  test('costs one search for all cases of a week', async () => {
    for (let hour = 8; hour < 12; hour++)
      await bookIn(0, `${String(hour).padStart(2, '0')}:00`, { minutes: 30 });
    const texts: string[] = [];
    const pool = Object.create(site.pool) as typeof site.pool;
    pool.connect = (async () => {
      const client = await site.pool.connect();
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const release = client.release.bind(client);
      client.query = ((...args: unknown[]) => {
        texts.push(String((args[0] as { text?: string }).text ?? args[0]));
        return query(...args);
      }) as typeof client.query;
      client.release = (...args) => {
        client.query = query as typeof client.query;
        release(...args);
      };
      return client;
    }) as typeof pool.connect;
    await casesInTheWay(
      { ...site.deps, pool },
      { siteId: site.siteId, userId: site.users.administrator },
      closing(),
    );
    expect(texts.filter((text) => text.includes('candidates AS MATERIALIZED'))).toHaveLength(1);
  });

  test('a coordinator may preview closures only', async () => {
    const caller = { siteId: site.siteId, userId: site.users.coordinator };
    expect(await casesInTheWay(site.deps, caller, closing())).toEqual([]);
    const retirement = { version: 1, active: false };
    const change = { command: 'changeResource' as const, id: site.rooms[0], body: retirement };
    expect((await refusalOf(casesInTheWay(site.deps, caller, change))).code).toBe('forbidden');
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
    const [inside, outside] = [await bookIn(0, '08:00'), await bookIn(0, '15:00')];
    const refusal = await refusalOf(run(setAttributes(until('15:30'))));
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([outside.id]);
    expect(await preview(setAttributes(until('15:30')))).toMatchObject([
      { caseId: outside.id, why: 'hours', canStay: true },
    ]);
    await run(setAttributes(until('15:30'), [leave(outside, 'Agreed with the team')]));
    expect(await readCase(site, outside.id)).toMatchObject({
      start: outside.start,
      overrideReason: 'Agreed with the team',
    });
    expect(await readCase(site, inside.id)).toEqual(inside);
    // It is after hours already, so the next change does not ask again.
    await run(setAttributes(until('15:20'), undefined, 2));
  });

  test('a case may move, judged by the new hours', async () => {
    const outside = await bookIn(0, '15:00');
    const tooLate = moveTo(outside, site.rooms[0], at('14:45'));
    const refusal = await refusalOf(run(setAttributes(until('15:30'), [tooLate])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.overrideReason' }]);
    await run(setAttributes(until('15:30'), [moveTo(outside, site.rooms[0], at('14:15'))]));
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
    const booked = await bookIn(0, '09:00');
    expect(blockedBy(await refusalOf(run(setAttributes({ service: 'Ortho' }, undefined, 2))))).toEqual([
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
      await bookIn(0, '', { start: at('07:30', 2) }),
      await bookIn(0, '', { start: at('09:00', 2) }),
      await bookIn(0, '', { start: at('10:30', 2) }),
    ];
    const [staying, moving, going] = booked as [Case, Case, Case];
    expect((await preview(removing(template))).map(({ caseId, why }) => [caseId, why])).toEqual(
      booked.map(({ id }) => [id, 'block']),
    );
    const some = [leave(staying), moveTo(moving, site.rooms[1], at('09:00', 2))];
    expect(blockedBy(await refusalOf(run(removing(template, some))))).toEqual([going.id]);
    await run(removing(template, [...some, toDepot(going)]));
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
    expect(await preview(removing(template))).toMatchObject([{ why: 'list', canStay: false }]);
    const refusal = await refusalOf(run(removing(template, [leave(booked)])));
    expect(refusal.parts.errors).toMatchObject([{ field: 'decisions.0.action' }]);
    await removeBlockTemplate(site.deps, administrator(site), template.id, {
      version: template.version,
      decisions: [toDepot(booked)],
    });
    expect(await readCase(site, booked.id)).toMatchObject({ state: 'depot', list: null });
  });
});

describe('CW7 a procedure', () => {
  const changing = (edits: Omit<ChangeProcedure, 'version'>): PlannedChange => ({
    command: 'changeProcedure',
    id: site.procedure,
    body: { version: 1, ...edits },
  });
  const usual = { minutes: 90 };

  test('booked cases stay as they are unless it is carried into them', async () => {
    const booked = await bookIn(0, '08:00', usual);
    await run(changing({ minutes: 120 }));
    expect(await readCase(site, booked.id)).toEqual(booked);
  });

  test('the preview shows what changes in each case, and which do not fit', async () => {
    const fits = await bookIn(0, '12:00', usual);
    const first = await bookIn(1, '08:00', usual);
    const second = await bookIn(1, '10:00', usual);
    await bookIn(2, '08:00', { minutes: 45 });
    const found = await preview(changing({ minutes: 120 }));
    expect(
      found.map(({ caseId, carry: carried }) => [caseId, carried?.from.minutes, carried?.to.minutes]),
    ).toEqual([
      [first.id, 90, 120],
      [second.id, 90, 120],
      [fits.id, 90, 120],
    ]);
    expect(found.map(({ carry: carried }) => carried?.problem)).toEqual([
      expect.stringMatching(/^OR 2 is taken .*09:50–/),
      null,
      null,
    ]);
    expect(found[0]?.offers.length).toBeGreaterThan(0);
    // They fit with the new length.
    const [offer] = found[0]?.offers ?? [];
    if (!offer) throw new Error('no offer');
    await run(
      changing({
        minutes: 120,
        decisions: [moveTo(first, offer.roomId, offer.start), carry(second), leave(fits)],
      }),
    );
    expect(await readCase(site, first.id)).toMatchObject({ minutes: 120, start: offer.start });
    expect(await readCase(site, second.id)).toMatchObject({ minutes: 120, end: at('12:00') });
    expect(await readCase(site, fits.id)).toEqual(fits);
  });

  test('carrying into a case where it does not fit is refused, and nothing is done', async () => {
    const first = await bookIn(1, '08:00', usual);
    const second = await bookIn(1, '10:00', usual);
    const refusal = await refusalOf(
      run(changing({ minutes: 120, decisions: [carry(second), carry(first)] })),
    );
    expect(refusal.message).toMatch(/^Case \d+: OR 2 is taken/);
    expect((await listProcedures(site.pool, site.siteId))[0]?.minutes).toBe(90);
    await run(changing({ minutes: 120, decisions: [carry(second), toDepot(first)] }));
    expect(await readCase(site, first.id)).toMatchObject({ state: 'depot', minutes: 120 });
  });

  test('equipment, bed and turnover are carried with their claims', async () => {
    const booked = await bookIn(0, '08:00', usual);
    const equipment = [{ resourceId: site.equipment[1], quantity: 1 }];
    const edits = { equipment, bed: { resourceId: site.beds, nights: 2 }, cleanupMinutes: 20 };
    await run(changing({ ...edits, decisions: [carry(booked)] }));
    expect(await readCase(site, booked.id)).toMatchObject(edits);
    await assertSound(site);
    expect((await refusalOf(bookIn(1, '08:00', { equipment }))).code).toBe('slot_taken');
  });

  test('a new capability shows the cases in rooms without it', async () => {
    const booked = await bookIn(0, '08:00', usual);
    expect(await preview(changing({ capabilities: ['laser'] }))).toMatchObject([{ caseId: booked.id }]);
  });

  test('every affected case needs a decision', async () => {
    const [first, second] = [await bookIn(0, '08:00', usual), await bookIn(1, '08:00', usual)];
    const refusal = await refusalOf(run(changing({ minutes: 100, decisions: [carry(first)] })));
    expect(blockedBy(refusal)).toEqual([second.id]);
  });
});

describe('CW8 undo', () => {
  test('takes the change back and puts its cases back, in one transaction', async () => {
    const [moved, sent] = [await bookIn(0, '08:30'), await bookIn(0, '10:00')];
    const { body } = await run(closing([moveTo(moved, site.rooms[1], at('08:30')), toDepot(sent)]));
    const { id } = body['closure'] as Closure;
    expect(await undo({ command: 'removeClosure', id }, decidedIn(body))).toMatchObject({ notPutBack: [] });
    const plan = ({ version: _version, ...rest }: Case) => rest;
    expect(plan(await readCase(site, moved.id))).toEqual(plan(moved));
    expect(plan(await readCase(site, sent.id))).toEqual(plan(sent));
    expect((await site.pool.query('SELECT FROM closures WHERE site_id = $1', [site.siteId])).rowCount).toBe(
      0,
    );
    expect((await feed(site)).slice(-3)).toMatchObject([
      { type: 'closure_removed' },
      { type: 'case', cause: 'moved' },
      { type: 'case', cause: 'booked' },
    ]);
  });

  test('names the cases that cannot go back, and puts the others back', async () => {
    const sent = [
      await bookIn(0, '08:30'),
      await bookIn(0, '10:00'),
      await bookIn(0, '11:30', { minutes: 30 }),
    ];
    const held = await hold(site, { start: at('12:30'), minutes: 30, surgeonId: site.surgeons[1] });
    const [first, second, third] = sent as [Case, Case, Case];
    const decisions = [...sent, held].map((item) => toDepot(item));
    const retiring: PlannedChange = {
      command: 'changeResource',
      id: site.rooms[0],
      body: { version: 1, active: false, decisions },
    };
    const { body } = await run(retiring);
    // Someone has changed the second one; the surgeon of the third is elsewhere at its time.
    await changeCase(site.deps, site.request(), second.id, { version: second.version + 1, note: 'Urgent' });
    await bookIn(1, '11:15', { surgeonId: site.surgeons[0] });
    const restoring: PlannedChange = {
      command: 'changeResource',
      id: site.rooms[0],
      body: { version: 2, active: true },
    };
    const undone = await undo(restoring, decidedIn(body));
    expect(undone['version']).toBe(3);
    const reasons = new Map(
      (undone['notPutBack'] as { caseId: string; reason: string }[]).map((each) => [
        each.caseId,
        each.reason,
      ]),
    );
    expect(reasons.get(second.id)).toBe('It has been changed since.');
    expect(reasons.get(third.id)).toMatch(/^Surgeon 1 is taken /);
    expect(reasons.get(held.id)).toBe('Its hold has ended.');
    expect(reasons.size).toBe(3);
    expect(await readCase(site, first.id)).toMatchObject({ state: 'scheduled', start: first.start });
    expect((await readCase(site, third.id)).state).toBe('depot');
    expect((await readResource(site, site.rooms[0])).active).toBe(true);
  });

  test('of a carried procedure gives the cases their old length', async () => {
    const booked = await bookIn(0, '08:00', { minutes: 90 });
    const change = (version: number, minutes: number, decisions?: Decision[]): PlannedChange => ({
      command: 'changeProcedure',
      id: site.procedure,
      body: { version, minutes, decisions },
    });
    const { body } = await run(change(1, 120, [carry(booked)]));
    const { version } = body['procedure'] as Procedure;
    await undo(change(version, 90), decidedIn(body));
    expect(await readCase(site, booked.id)).toMatchObject({ minutes: 90, end: booked.end });
  });
});

test('CW9 after the command no case overlaps another or the closure, and none in the way is undecided', async () => {
  const minuteText = (minute: number) =>
    at(`${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);
  const plan = fc.record({
    room: fc.constantFrom(0 as const, 1 as const),
    start: fc.integer({ min: 84, max: 150 }).map((step) => step * 5),
    minutes: fc.integer({ min: 4, max: 18 }).map((step) => step * 5),
    patient: fc.constantFrom('A', 'B', 'C'),
  });
  const choice = fc.constantFrom('offer', 'second', 'depot', 'none');
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 2, maxLength: 6 }),
      fc.array(choice, { minLength: 6, maxLength: 6 }),
      async (plans, choices) => {
        const lab = await freshSite(site);
        for (const { room, start, minutes, patient } of plans) {
          const where = { roomId: lab.rooms[room], surgeonId: lab.surgeons[room], start: minuteText(start) };
          await book(lab, { ...where, minutes, patientRef: patient }).catch(() => {});
        }
        const found = await preview(closing(undefined, lab), lab);
        const decisions = found.flatMap((each, index) => decisionOf(each, choices[index] ?? 'depot'));
        const before = await feed(lab);
        const isDone = await run(closing(decisions, lab), lab).then(
          () => true,
          () => false,
        );
        await assertSound(lab);
        const { rowCount } = await lab.pool.query(
          `SELECT FROM cases WHERE site_id = $1 AND room_id = $2 AND state = 'scheduled' AND during && tstzrange($3, $4)`,
          [lab.siteId, lab.rooms[0], at('08:00'), at('12:00')],
        );
        // Only an undecided case, or another offer than the first, can be refused.
        const mayBeRefused = choices
          .slice(0, found.length)
          .some((each) => each === 'none' || each === 'second');
        const isUnchanged = JSON.stringify(await feed(lab)) === JSON.stringify(before);
        const { closed, allDecided } = {
          closed: rowCount === 0,
          allDecided: decisions.length === found.length,
        };
        expect(isDone ? closed && allDecided : isUnchanged && mayBeRefused).toBe(true);
      },
    ),
    { numRuns: 25 },
  );
});

function decisionOf({ caseId, version, offers }: CaseInTheWay, choice: string): Decision[] {
  if (choice === 'none') return [];
  const place = choice === 'second' ? offers[1] : choice === 'offer' ? offers[0] : undefined;
  if (!place) return [{ action: 'depot', caseId, version, reason: 'Closed' }];
  return [{ action: 'move', caseId, version, roomId: place.roomId, start: place.start }];
}

test('CW1 of two commands that move their cases to one place, one is done', async () => {
  const [first, second] = [await bookIn(0, '08:30'), await bookIn(1, '08:30')];
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
