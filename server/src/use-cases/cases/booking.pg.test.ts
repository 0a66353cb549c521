import type { Case } from '@slate/shared/cases';
import { describe, expect, test } from 'vitest';
import { blockedBy, book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { connected, untilBlocked } from '../../../test/database.ts';
import { holdInput, at, caseOf } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import type { CommandReply } from '../../commands/context.ts';
import { isUnavailable } from '../../db/failures.ts';
import { createPool } from '../../db/pool.ts';
import { Refusal } from '../../domain/refusal.ts';
import { addToDepot } from './add-to-depot.ts';
import { bumpCase, cancelCase, voidCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import { createClosure } from '../catalogue/closures.ts';
import { placeCase } from './place-case.ts';
import { placeHold } from './place-hold.ts';
import { releaseHold } from './holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const elsewhere = () => ({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
const by = (userId: string) => site.request('test', { userId });

/** Retries with the same key while the server is busy, like a console. */
async function retry(place: () => Promise<CommandReply>): Promise<CommandReply> {
  for (;;) {
    try {
      return await place();
    } catch (error) {
      if (!isUnavailable(error)) throw error;
    }
  }
}

describe('BK1 many requests for one time', () => {
  test('100 at once: one gets it, and 99 refusals name its holder', { timeout: 60_000 }, async () => {
    const pool = createPool({ url: site.database.appUrl, max: 16, applicationName: 'test' });
    // Like a server that has been up for a while, with open connections.
    await Promise.all(Array.from({ length: 16 }, () => pool.query('SELECT pg_sleep(0.05)')));
    const { coordinator, second, administrator } = site.users;
    const people = [coordinator, second, administrator];
    const answers = await Promise.allSettled(
      Array.from({ length: 100 }, (_, index) => {
        // Overlapping, but not all the same.
        const input = holdInput(site, { start: at(`09:${String(index % 60).padStart(2, '0')}`) });
        const request = by(people[index % 3] ?? '');
        return retry(() => placeHold({ ...site.deps, pool }, request, input));
      }),
    );
    await pool.end();
    const [winner, ...others] = answers.flatMap((each) =>
      each.status === 'fulfilled' ? [caseOf(each.value)] : [],
    );
    expect(others).toEqual([]);
    const refusals = answers.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    expect(refusals).toHaveLength(99);
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(Refusal);
      const { code, message, parts } = refusal as Refusal;
      expect(code).toBe('slot_taken');
      expect(message).toContain(`OR 1 is held by ${winner?.holder?.name}`);
      expect(parts.blockers).toContainEqual({
        kind: 'hold',
        resourceId: site.rooms[0],
        start: new Date(Date.parse(winner?.start ?? '') - 600_000).toISOString(),
        end: new Date(Date.parse(winner?.end ?? '') + 600_000).toISOString(),
        caseId: winner?.id,
        number: winner?.number,
        title: 'Total knee',
        by: winner?.holder?.name,
        expiresAt: winner?.expiresAt,
      });
    }
  });
});

describe('BK2 a refusal', () => {
  test('names the case in the way, and alternatives', async () => {
    const item = await book(site);
    const { parts, message } = await refusalOf(placeHold(site.deps, site.request(), holdInput(site)));
    expect(message).toMatch(/OR 1 is taken by Total knee until \w{3}, \w{3} \d+, 10:10\./);
    expect(parts.blockers).toContainEqual(
      expect.objectContaining({ kind: 'case', caseId: item.id, number: item.number }),
    );
    const [alternative] = parts.alternatives ?? [];
    expect(await hold(site, { roomId: alternative?.roomId, start: alternative?.start })).toMatchObject({
      roomId: alternative?.roomId,
      start: alternative?.start,
      end: alternative?.end,
    });
  });

  test('names each resource in the way', async () => {
    const equipment = [{ resourceId: site.equipment[1], quantity: 1 }];
    await book(site);
    await book(site, { ...elsewhere(), equipment });
    const input = holdInput(site, { surgeonId: site.surgeons[1], equipment });
    const { parts } = await refusalOf(placeHold(site.deps, site.request(), input));
    const resources = new Set(parts.blockers?.map(({ resourceId }) => resourceId));
    expect(resources).toEqual(new Set([site.rooms[0], site.surgeons[1], site.equipment[1]]));
  });

  test('gives the reason of a closure', async () => {
    const closed = {
      resourceId: site.rooms[0],
      start: at('08:00'),
      end: at('10:00'),
      reason: 'Terminal cleaning',
    };
    await createClosure(site.deps, site.request(), closed);
    const { message, parts } = await refusalOf(placeHold(site.deps, site.request(), holdInput(site)));
    expect(message).toContain('OR 1 is closed');
    expect(parts.blockers).toMatchObject([{ kind: 'closure', reason: 'Terminal cleaning' }]);
  });

  test('shows an office that the time is taken, but not by whom', async () => {
    await hold(site, { surgeonId: site.surgeons[1], title: 'Secret', patientRef: 'DEMO-1' });
    const { message, parts } = await refusalOf(placeHold(site.deps, by(site.users.office), holdInput(site)));
    expect(parts.blockers).toEqual([
      { kind: 'case', resourceId: site.rooms[0], start: at('08:50'), end: at('10:10') },
    ]);
    expect(message).not.toMatch(/Secret|coordinator|DEMO/);
  });

  test('PE3 hides from an office when a patient it may not see has surgery', async () => {
    await hold(site, { surgeonId: site.surgeons[1], patientRef: 'DEMO-1', start: at('10:25') });
    await hold(site, {
      ...elsewhere(),
      surgeonId: site.surgeons[2],
      patientRef: 'DEMO-1',
      start: at('13:05'),
    });
    const input = { roomId: site.rooms[2], start: at('09:00'), minutes: 600, patientRef: 'DEMO-1' };
    const refusal = await refusalOf(placeHold(site.deps, by(site.users.office), holdInput(site, input)));
    expect(refusal).toMatchObject({ code: 'slot_taken', parts: { alternatives: [] } });
    expect(refusal.message).toContain('The patient has another case at this time.');
    expect(refusal.parts.blockers).toEqual([
      { kind: 'patient', resourceId: null, start: at('09:00'), end: at('19:00') },
    ]);
    expect(refusal.message).not.toMatch(/\d\d:\d\d/);
  });

  test('PE3 hides the patient’s surgery also in alternatives and in the equipment of others', async () => {
    const theirs = {
      surgeonId: site.surgeons[1],
      equipment: [{ resourceId: site.equipment[1], quantity: 1 }],
    };
    await hold(site, { ...theirs, roomId: site.rooms[1], patientRef: 'DEMO-1' });
    const input = holdInput(site, { minutes: 600, equipment: theirs.equipment });
    const { message, parts } = await refusalOf(placeHold(site.deps, by(site.users.office), input));
    expect(message).toContain('Navigation is in use at this time.');
    expect(parts.blockers).toEqual([
      { kind: 'case', resourceId: site.equipment[1], start: at('09:00'), end: at('19:00') },
    ]);
    await hold(site, { surgeonId: site.surgeons[2], start: at('10:00'), procedureId: null, title: 'Hip' });
    const nearest = async (patientRef: string) => {
      const place = holdInput(site, { patientRef, start: at('10:00'), minutes: 20, equipment: [] });
      return (await refusalOf(placeHold(site.deps, by(site.users.office), place))).parts.alternatives;
    };
    expect(await nearest('DEMO-2')).toHaveLength(3);
    expect(await nearest('DEMO-1')).toEqual(await nearest('DEMO-2'));
  });
});

describe('BK3 booking', () => {
  test('turns a hold into a booked case without a holder', async () => {
    const item = await hold(site);
    const reply = await changeCase(site.deps, site.request(), item.id, { to: 'scheduled' });
    const expected = {
      ...item,
      state: 'scheduled',
      version: 2,
      holder: null,
      heldSince: null,
      expiresAt: null,
    };
    expect(caseOf(reply)).toEqual(expected);
    expect((await feed(site)).at(-1)).toMatchObject({ cause: 'booked', case: expected });
  });

  test('requires a procedure and a surgeon', async () => {
    const { id } = await hold(site, { procedureId: null, surgeonId: null });
    const { code, parts } = await refusalOf(changeCase(site.deps, site.request(), id, { to: 'scheduled' }));
    expect([code, parts.errors?.map(({ field }) => field)]).toEqual([
      'validation',
      ['procedureId', 'surgeonId'],
    ]);
  });

  test('accepts either a procedure or a title', async () => {
    const choices = [
      { procedureId: site.procedure, title: null },
      { procedureId: null, title: 'Knee' },
    ];
    for (const [index, each] of choices.entries()) {
      const { id } = await hold(site, {
        ...each,
        roomId: site.rooms[index],
        surgeonId: site.surgeons[index],
      });
      const booked = caseOf(await changeCase(site.deps, site.request(), id, { to: 'scheduled' }));
      expect(booked).toMatchObject({ state: 'scheduled', ...each });
    }
  });

  test('happens once', async () => {
    const { id } = await book(site);
    const { code } = await refusalOf(changeCase(site.deps, site.request(), id, { to: 'scheduled' }));
    expect(code).toBe('stale_version');
  });
});

describe('BK12 the procedure or title', () => {
  const unnamed = { procedureId: null, title: null };
  const change = ({ id, version }: Case, edit: object) =>
    changeCase(site.deps, site.request(), id, { version, ...edit });

  test('may be missing in a new hold', async () => {
    expect(caseOf(await change(await hold(site), unnamed))).toMatchObject(unnamed);
  });

  test('cannot be removed from a booked case, one in the depot, or a hold from the depot', async () => {
    const inDepot = async (title: string) => caseOf(await addToDepot(site.deps, site.request(), { title }));
    const { id, version } = await inDepot('Hip');
    const to = { version, roomId: site.rooms[1], start: at('09:00') };
    const onHold = caseOf(await placeCase(site.deps, site.request(), id, to));
    for (const item of [await book(site), await inDepot('Knee'), onHold]) {
      const { code, parts } = await refusalOf(change(item, unnamed));
      expect([code, parts.errors]).toEqual([
        'validation',
        [{ field: 'procedureId', reason: 'Choose a procedure or enter a title.' }],
      ]);
      expect(await readCase(site, item.id)).toEqual(item);
      expect(caseOf(await change(item, { ...unnamed, title: 'Other knee' })).title).toBe('Other knee');
    }
  });
});

test('BK13 reads, edits and refusals use up no case numbers', async () => {
  const first = await book(site);
  const refused = [
    holdInput(site),
    holdInput(site, { start: at('09:00', -3) }),
    holdInput(site, { surgeonId: site.rooms[0] }),
    holdInput(site, { roomId: site.rooms[2], start: at('09:00', 1) }),
  ].map((input) => refusalOf(placeHold(site.deps, site.request(), input)));
  expect((await Promise.all(refused)).map(({ code }) => code)).toEqual([
    'slot_taken',
    'validation',
    'validation',
    'validation',
  ]);
  const edited = { version: first.version, note: 'Latex' };
  const { version } = caseOf(await changeCase(site.deps, site.request(), first.id, edited));
  const to = { version, roomId: site.rooms[0], start: at('10:00') };
  await changeCase(site.deps, site.request(), first.id, to);
  expect((await hold(site, elsewhere())).number).toBe(first.number + 1);
  const waiting = await addToDepot(site.deps, site.request(), { title: 'Appendix' });
  expect(caseOf(waiting).number).toBe(first.number + 2);
});

describe('BK5 an edit of another version', () => {
  const reason = 'Flu';
  const edits: Record<string, (id: string, version: number) => Promise<unknown>> = {
    change: (id, version) => changeCase(site.deps, site.request(), id, { version, note: 'Latex' }),
    move: (id, version) =>
      changeCase(site.deps, site.request(), id, { version, roomId: site.rooms[1], start: at('09:00') }),
    cancel: (id, version) => cancelCase(site.deps, site.request(), id, { version, reason }),
    bump: (id, version) => bumpCase(site.deps, site.request(), id, { version, reason }),
    void: (id, version) => voidCase(site.deps, site.request(), id, { version, reason }),
  };
  test.each(Object.entries(edits))('%s: stale_version, and nothing is changed', async (_, edit) => {
    const item = await book(site);
    for (const version of [item.version - 1, item.version + 1]) {
      expect((await refusalOf(edit(item.id, version))).code).toBe('stale_version');
    }
    expect(await readCase(site, item.id)).toEqual(item);
    await edit(item.id, item.version);
    expect(await readCase(site, item.id)).toMatchObject({ version: item.version + 1 });
  });
});

describe('BK6 a default', () => {
  const setDefault = async (table: string, set: string, where: string) => {
    await site.owner.query(`UPDATE ${table} SET ${set} WHERE site_id = '${site.siteId}' AND ${where}`);
  };

  test('comes from the procedure, else from the room, else from the site', async () => {
    const [room] = site.rooms;
    await setDefault(
      'procedures',
      `equipment = '[{"resourceId":"${site.equipment[1]}","quantity":1}]'`,
      'true',
    );
    const knee = await hold(site, { minutes: undefined });
    expect(knee).toMatchObject({ minutes: 90, title: 'Total knee', service: 'Ortho', setupMinutes: 10 });
    expect(knee.equipment).toEqual([{ resourceId: site.equipment[1], quantity: 1 }]);

    await setDefault('resources', `attributes = '{"setupMinutes":25,"cleanupMinutes":5}'`, `id = '${room}'`);
    const unknown = { procedureId: null, surgeonId: null, minutes: undefined };
    const other = await hold(site, { ...unknown, start: at('12:00') });
    expect(other).toMatchObject({ minutes: 60, setupMinutes: 25, cleanupMinutes: 5, service: null });

    const third = await hold(site, { ...unknown, roomId: site.rooms[1] });
    expect(third).toMatchObject({ setupMinutes: 10, cleanupMinutes: 10, equipment: [], bed: null });
  });
});

describe('BK8 a bumped case', () => {
  const needs = () => ({
    equipment: [{ resourceId: site.equipment[0], quantity: 1 }],
    bed: { resourceId: site.beds, nights: 1 },
    patientRef: 'DEMO-1',
    minutes: 75,
  });
  const bump = ({ id, version }: Case) =>
    bumpCase(site.deps, site.request(), id, { version, reason: 'Emergency' });

  test('goes to the depot with its needs, and is placed from there as a hold', async () => {
    const item = await book(site, needs());
    const waiting = caseOf(await bump(item));
    expect(waiting).toMatchObject({
      state: 'depot',
      roomId: null,
      start: null,
      reason: 'Emergency',
      ...needs(),
    });
    const to = { version: waiting.version, roomId: site.rooms[1], start: at('12:00') };
    const placed = caseOf(await placeCase(site.deps, site.request(), item.id, to));
    expect(placed).toMatchObject({
      state: 'held',
      start: at('12:00'),
      end: at('13:15'),
      reason: null,
      ...needs(),
    });
    expect(placed).toMatchObject({ number: item.number, holder: { id: site.users.coordinator } });
  });

  test('BK14 keeps its urgency and due time, and shows who took its time, when and why, until it is booked again', async () => {
    const dueBy = at('12:00', 3);
    const item = await book(site, { ...needs(), urgency: 'urgent', dueBy });
    expect(item.bumped).toBeNull();
    const waiting = caseOf(await bump(item));
    const { bumped } = waiting;
    expect(waiting).toMatchObject({ urgency: 'urgent', dueBy });
    expect(bumped).toMatchObject({ by: { id: site.users.coordinator }, reason: 'Emergency' });
    expect(bumped?.at).toBe(waiting.depotSince);
    expect(await readCase(site, item.id)).toEqual(waiting);

    const to = (version: number) => ({ version, roomId: site.rooms[1], start: at('12:00') });
    const placed = caseOf(await placeCase(site.deps, site.request(), item.id, to(waiting.version)));
    const back = caseOf(await releaseHold(site.deps, site.request(), placed.id));
    expect([placed.bumped, back.bumped]).toEqual([bumped, bumped]);
    await placeCase(site.deps, site.request(), item.id, to(back.version));
    const booked = caseOf(await changeCase(site.deps, site.request(), item.id, { to: 'scheduled' }));
    expect(booked.bumped).toBeNull();
  });

  test('stays in the depot if something is in the way of its new place', async () => {
    const waiting = caseOf(await bump(await book(site)));
    const other = await book(site);
    const to = { version: waiting.version, roomId: site.rooms[0], start: at('09:30') };
    const refusal = await refusalOf(placeCase(site.deps, site.request(), waiting.id, to));
    expect(new Set(blockedBy(refusal))).toEqual(new Set([other.id]));
    expect(await readCase(site, waiting.id)).toEqual(waiting);
  });

  test('waits like one that was added to the depot', async () => {
    const dueBy = at('09:00', 3);
    const input = { procedureId: site.procedure, urgency: 'urgent', dueBy } as const;
    const waiting = caseOf(await addToDepot(site.deps, site.request(), input));
    expect(waiting).toMatchObject({ state: 'depot', minutes: 90, urgency: 'urgent', dueBy, roomId: null });
    const { code } = await refusalOf(bump(waiting));
    expect(code).toBe('stale_version');
  });
});

describe('BK11 a time', () => {
  const from = (days: number) =>
    new Date(Date.now() + days * 86_400_000).toISOString().replace(/:\d\d\.\d{3}/, ':00.000');
  test.each([
    ['that is over', -1, 'This time has passed'],
    ['more than 800 days ahead', 801, 'more than 800 days ahead'],
  ])('%s is refused', async (_, days, why) => {
    const { code, message } = await refusalOf(
      placeHold(site.deps, site.request(), holdInput(site, { start: from(days) })),
    );
    expect([code, message]).toEqual(['validation', expect.stringContaining(why)]);
    const { id, version } = await book(site);
    const to = { version, roomId: site.rooms[1], start: from(days) };
    expect((await refusalOf(changeCase(site.deps, site.request(), id, to))).code).toBe('validation');
  });

  test('is accepted if it is still going on, or 799 days ahead', async () => {
    const now = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000).toISOString();
    expect((await hold(site, { start: now })).state).toBe('held');
    expect((await hold(site, { start: from(799) })).state).toBe('held');
  });

  test('CK1 is refused if it has passed by the time the command has its locks', async () => {
    await site.owner.query('BEGIN');
    await site.owner.query('SELECT FROM resources WHERE id = $1 FOR UPDATE', [site.rooms[0]]);
    const waiting = refusalOf(
      placeHold(site.deps, site.request(), holdInput(site, { start: from(0), minutes: 5 })),
    );
    await connected(site.database.ownerUrl, untilBlocked);
    await connected(site.database.ownerUrl, (client) =>
      client.query(`UPDATE test_clock SET ahead = '10 minutes' WHERE since = '-infinity'`),
    );
    await site.owner.query('COMMIT');
    expect((await waiting).message).toContain('This time has passed');
    await site.owner.query(`UPDATE test_clock SET ahead = '0'`);
  });

  test('in the past does not prevent a new note', async () => {
    const item = await book(site, { start: from(0), minutes: 5 });
    await site.owner.query(
      `WITH past AS (SELECT tstzrange(lower(during) - interval '1 hour', upper(during) - interval '1 hour') AS during
          FROM cases WHERE site_id = $1)
        UPDATE cases SET during = past.during FROM past WHERE site_id = $1`,
      [site.siteId],
    );
    const edit = { version: item.version, note: 'Ran over' };
    const changed = caseOf(await changeCase(site.deps, site.request(), item.id, edit));
    expect(changed.note).toBe('Ran over');
  });
});
