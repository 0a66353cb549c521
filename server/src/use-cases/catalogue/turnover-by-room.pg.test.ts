import type { Case } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { administrator, book, hold, readCase, refusalOf, search } from '../../../test/administer.ts';
import { carry, leave, preview, run } from '../../../test/decisions.ts';
import { at, caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { addToDepot } from '../cases/add-to-depot.ts';
import { changeCase } from '../cases/change-case.ts';
import { placeCase } from '../cases/place-case.ts';
import { changeProcedure, createProcedure } from './procedures.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

/** The procedure needs 10 and 10 minutes, and 30 and 20 in OR 2. */
const slowInOr2 = (minutes = { setupMinutes: 30, cleanupMinutes: 20 }) =>
  changeProcedure(site.deps, administrator(site), site.procedure, {
    version: 1,
    turnoverByRoom: [{ roomId: site.rooms[1], ...minutes }],
  });
const turnover = ({ setupMinutes, cleanupMinutes }: Case) => [setupMinutes, cleanupMinutes];
const move = (item: Case, room: 0 | 1, more = {}) =>
  changeCase(site.deps, site.request(), item.id, {
    version: item.version,
    roomId: site.rooms[room],
    start: at('12:00'),
    ...more,
  });

describe('BK17 setup and cleanup by room', () => {
  test('a hold gets those of its room', async () => {
    await slowInOr2();
    expect(turnover(await hold(site))).toEqual([10, 10]);
    const slow = await hold(site, { roomId: site.rooms[1], surgeonId: site.surgeons[1] });
    expect(turnover(slow)).toEqual([30, 20]);
    const refusal = await refusalOf(
      hold(site, { roomId: site.rooms[1], start: at('10:29'), surgeonId: site.surgeons[2] }),
    );
    expect(refusal.code).toBe('slot_taken');
  });

  test('a case gets those of each room that it moves to, without a caution', async () => {
    await slowInOr2();
    const moved = caseOf(await move(await book(site), 1));
    expect(turnover(moved)).toEqual([30, 20]);
    expect(turnover(caseOf(await move(moved, 0)))).toEqual([10, 10]);
  });

  test('minutes entered for the case stay, and undo of a move restores them', async () => {
    await slowInOr2();
    const entered = await book(site, { setupMinutes: 30 });
    const moved = caseOf(await move(entered, 1));
    expect(turnover(moved)).toEqual([30, 20]);
    const back = caseOf(await move(moved, 0, { setupMinutes: 30, cleanupMinutes: 10 }));
    expect(turnover(back)).toEqual([30, 10]);
  });

  test('a case from the depot gets those of its room', async () => {
    await slowInOr2();
    const waiting = caseOf(
      await addToDepot(site.deps, site.request(), {
        procedureId: site.procedure,
        surgeonId: site.surgeons[0],
      }),
    );
    const placed = await placeCase(site.deps, site.request(), waiting.id, {
      version: waiting.version,
      roomId: site.rooms[1],
      start: at('09:00'),
    });
    expect(turnover(caseOf(placed))).toEqual([30, 20]);
  });

  test('openings and alternatives leave that much time', async () => {
    await slowInOr2();
    const taken = await book(site, { roomId: site.rooms[1], start: at('07:30') });
    const { openings } = await search(site, {
      roomIds: [site.rooms[1]],
      procedureId: site.procedure,
      minutes: 60,
    });
    // It ends at 08:30; cleaned by 08:50, set up by 09:20.
    const starts = openings.filter(({ start }) => start > (taken.start ?? '')).map(({ start }) => start);
    expect(starts.toSorted()[0]).toBe(at('09:20'));
    expect(openings.every((each) => each.setupMinutes === 30 && each.cleanupMinutes === 20)).toBe(true);
    await book(site, { surgeonId: site.surgeons[1] });
    const refusal = await refusalOf(hold(site, { surgeonId: site.surgeons[2] }));
    const elsewhere = refusal.parts.alternatives?.find(({ roomId }) => roomId === site.rooms[1]);
    expect(elsewhere?.start).toBe(at('09:20'));
  });

  test('CW7 a change is carried into the cases in that room that have its usual minutes', async () => {
    await slowInOr2();
    const inRoom = await book(site, { roomId: site.rooms[1] });
    const entered = await book(site, {
      roomId: site.rooms[1],
      start: at('14:00'),
      setupMinutes: 45,
      cleanupMinutes: 50,
    });
    const elsewhere = await book(site, { surgeonId: site.surgeons[1] });
    const change = {
      command: 'changeProcedure' as const,
      id: site.procedure,
      body: {
        version: 2,
        turnoverByRoom: [{ roomId: site.rooms[1], setupMinutes: 40, cleanupMinutes: 20 }],
      },
    };
    const found = await preview(site, change);
    expect(found.map(({ caseId, carry: carried }) => [caseId, carried?.to.setupMinutes])).toEqual([
      [inRoom.id, 40],
    ]);
    await run(site, { ...change, body: { ...change.body, decisions: [carry(inRoom)] } });
    expect(turnover(await readCase(site, inRoom.id))).toEqual([40, 20]);
    expect([await readCase(site, entered.id), await readCase(site, elsewhere.id)]).toEqual([
      entered,
      elsewhere,
    ]);
    const usual = { ...change, body: { version: 3, turnoverByRoom: [] } };
    expect((await preview(site, usual))[0]?.carry?.to).toMatchObject({ setupMinutes: 10 });
    const current = await readCase(site, inRoom.id);
    await run(site, { ...usual, body: { ...usual.body, decisions: [leave(current)] } });
  });

  test('only rooms of the site have minutes of their own', async () => {
    const input = {
      name: 'Hip',
      shortName: null,
      service: 'Ortho',
      minutes: 90,
      spread: 0,
      setupMinutes: 10,
      cleanupMinutes: 10,
      turnoverByRoom: [{ roomId: site.surgeons[0], setupMinutes: 1, cleanupMinutes: 1 }],
      capabilities: [],
      equipment: [],
      bed: null,
    };
    const refusal = await refusalOf(createProcedure(site.deps, administrator(site), input));
    expect(refusal.parts.errors?.[0]?.field).toBe('turnoverByRoom.0.roomId');
  });
});
