import { beforeEach, describe, expect, test } from 'vitest';
import { book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { connected, untilBlocked } from '../../../test/database.ts';
import { holdInput, at, caseOf, settings } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import type { Case } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { cancelCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import type { CommandReply, CommandRequest } from '../../commands/context.ts';
import { extendHold, releaseHold, takeOverHold } from './holds.ts';
import { placeHold } from './place-hold.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';
import { swapCases } from './move-cases.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const by = (userId: string) => site.request('test', { userId });
const letHoldExpire = () => site.clock.advance(settings.holdSeconds + 1);
const secondsBetween = (from: string | null, to: string | null) =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;

/** Commands on a hold, and who may run them. */
const commands: Record<string, (item: Case, request: CommandRequest) => Promise<CommandReply>> = {
  book: ({ id }, request) => changeCase(site.deps, request, id, { to: 'scheduled' }),
  extend: ({ id }, request) => extendHold(site.deps, request, id),
  change: ({ id, version }, request) => changeCase(site.deps, request, id, { version, note: 'Latex' }),
  move: ({ id, version }, request) =>
    changeCase(site.deps, request, id, { version, roomId: site.rooms[2], start: at('09:00') }),
  release: ({ id }, request) => releaseHold(site.deps, request, id),
  swap: async ({ id, version }, request) => {
    const other = await book(site, { roomId: site.rooms[1], surgeonId: site.surgeons[1] });
    return swapCases(site.deps, request, {
      first: { caseId: id, version },
      second: { caseId: other.id, version: other.version },
    });
  },
};
const takeOver = ({ id }: Case, request: CommandRequest) => takeOverHold(site.deps, request, id);

describe('HO1 a hold', () => {
  test('expires after the site’s hold time, on the database’s clock', async () => {
    await site.clock.advance(3600);
    const item = await hold(site);
    expect(item).toMatchObject({ state: 'held', version: 1, holder: { id: site.users.coordinator } });
    expect(secondsBetween(item.heldSince, item.expiresAt)).toBe(settings.holdSeconds);
    expect(secondsBetween(new Date().toISOString(), item.heldSince)).toBeGreaterThan(3590);
  });

  test('CL6 claims everything it names, or nothing', async () => {
    const needs = {
      equipment: [
        { resourceId: site.equipment[0], quantity: 2 },
        { resourceId: site.equipment[1], quantity: 1 },
      ],
    };
    await hold(site, { ...needs, roomId: site.rooms[1], surgeonId: site.surgeons[1], start: at('09:30') });
    const before = await claimed();
    const { code } = await refusalOf(placeHold(site.deps, site.request(), holdInput(site, needs)));
    expect(code).toBe('slot_taken');
    expect(await claimed()).toEqual(before);
    expect(await feed(site)).toHaveLength(1);
  });

  test('is published once', async () => {
    const item = await hold(site);
    expect(await feed(site)).toEqual([{ type: 'case', cause: 'held', case: item }]);
    expect(site.published).toContainEqual({ kind: 'site', siteId: site.siteId });
  });
});

async function claimed() {
  const { rows } = await site.owner.query<Record<string, unknown>>(
    'SELECT resource_id, during, quantity FROM claims WHERE site_id = $1 ORDER BY id',
    [site.siteId],
  );
  return rows;
}

describe('HO2 an overdue hold', () => {
  test('blocks nothing even before the sweep; both changes are published, in this order', async () => {
    const overdue = await hold(site);
    await letHoldExpire();
    const next = await hold(site, { start: at('09:30') });
    expect(await readCase(site, overdue.id)).toMatchObject({ state: 'expired', expiresAt: null, version: 2 });
    expect(await feed(site)).toMatchObject([
      { cause: 'held', case: { id: overdue.id } },
      { cause: 'expired', case: { id: overdue.id, state: 'expired' } },
      { cause: 'held', case: { id: next.id } },
    ]);
    const { rows } = await site.owner.query('SELECT actor FROM changes WHERE site_id = $1 AND revision = 2', [
      site.siteId,
    ]);
    expect(rows).toEqual([{ actor: null }]);
  });

  test('blocks neither a case that moves nor its patient elsewhere', async () => {
    const item = await book(site, {
      roomId: site.rooms[1],
      surgeonId: site.surgeons[1],
      patientRef: 'DEMO-2',
    });
    await hold(site, { patientRef: 'DEMO-1' });
    await letHoldExpire();
    const to = { version: item.version, roomId: site.rooms[0], start: at('09:00') };
    expect(caseOf(await changeCase(site.deps, site.request(), item.id, to)).roomId).toBe(site.rooms[0]);
    const elsewhere = { roomId: site.rooms[2], surgeonId: site.surgeons[2] };
    expect((await hold(site, { ...elsewhere, patientRef: 'DEMO-1' })).state).toBe('held');
  });

  test('blocks until then', async () => {
    await hold(site);
    await site.clock.advance(settings.holdSeconds - 10);
    expect((await refusalOf(placeHold(site.deps, site.request(), holdInput(site)))).code).toBe('slot_taken');
    await site.clock.advance(10);
    expect((await hold(site)).state).toBe('held');
  });
});

describe('HO3 an overdue hold', () => {
  const all = Object.entries({ ...commands, 'take over': takeOver });

  test.each(all)('%s: hold_expired, before the sweep', async (_, run) => {
    const item = await hold(site);
    await letHoldExpire();
    expect((await refusalOf(run(item, site.request()))).code).toBe('hold_expired');
    expect(await readCase(site, item.id)).toEqual(item);
  });

  /** Room 1 is taken from 9 to 13, and room 0 again from 11 on. */
  const ontoTaken: Record<string, (item: Case, other: Case) => Promise<unknown>> = {
    move: ({ id, version }) =>
      changeCase(site.deps, site.request(), id, { version, roomId: site.rooms[1], start: at('10:00') }),
    change: ({ id, version }) =>
      changeCase(site.deps, site.request(), id, { version, surgeonId: site.surgeons[1] }),
    swap: ({ id, version }, other) =>
      swapCases(site.deps, site.request(), {
        first: { caseId: id, version },
        second: { caseId: other.id, version: other.version },
      }),
    'move to a retired room': async ({ id, version }) => {
      await site.owner.query('UPDATE resources SET active = false WHERE id = $1', [site.rooms[2]]);
      return changeCase(site.deps, site.request(), id, {
        version,
        roomId: site.rooms[2],
        start: at('09:00'),
      });
    },
  };
  test.each(Object.entries(ontoTaken))('%s, where something is in the way: hold_expired', async (_, run) => {
    const item = await hold(site);
    const other = await book(site, { roomId: site.rooms[1], surgeonId: site.surgeons[1], minutes: 240 });
    await book(site, { start: at('11:00'), surgeonId: site.surgeons[2] });
    await letHoldExpire();
    expect((await refusalOf(run(item, other))).code).toBe('hold_expired');
    expect(await readCase(site, item.id)).toEqual(item);
  });

  /** Each of these is refused for another reason while the hold is active. */
  const refusedCommands: Record<string, (item: Case) => Promise<unknown>> = {
    'book without a surgeon': ({ id }) => changeCase(site.deps, site.request(), id, { to: 'scheduled' }),
    'book, of another holder': ({ id }) =>
      changeCase(site.deps, by(site.users.second), id, { to: 'scheduled' }),
    'confirm an unbooked case': ({ id }) => changeCase(site.deps, site.request(), id, { to: 'confirmed' }),
    'extend, of another holder': ({ id }) => extendHold(site.deps, by(site.users.second), id),
    'release, of another holder': ({ id }) => releaseHold(site.deps, by(site.users.second), id),
    'change an old version': ({ id, version }) =>
      changeCase(site.deps, site.request(), id, { version: version + 7, note: 'Latex' }),
    'change to an unknown surgeon': ({ id, version }) =>
      changeCase(site.deps, site.request(), id, { version, surgeonId: site.rooms[0] }),
    'move an old version': ({ id, version }) =>
      changeCase(site.deps, site.request(), id, {
        version: version + 7,
        roomId: site.rooms[0],
        start: at('12:00'),
      }),
    'move into the past': ({ id, version }) =>
      changeCase(site.deps, site.request(), id, {
        version,
        roomId: site.rooms[0],
        start: '2020-01-01T09:00',
      }),
    'move to an unknown room': ({ id, version }) =>
      changeCase(site.deps, site.request(), id, { version, roomId: site.surgeons[0], start: at('12:00') }),
    'swap an old version': ({ id, version }) =>
      swapCases(site.deps, site.request(), {
        first: { caseId: id, version: version + 7 },
        second: { caseId: id, version },
      }),
    'cancel a hold': ({ id, version }) =>
      cancelCase(site.deps, site.request(), id, { version, reason: 'Ill' }),
  };
  test.each(Object.entries(refusedCommands))(
    '%s: hold_expired, before and after it was cleaned up',
    async (_, run) => {
      const item = await hold(site, { surgeonId: null });
      expect((await refusalOf(run(item))).code).not.toBe('hold_expired');
      await letHoldExpire();
      expect((await refusalOf(run(item))).code).toBe('hold_expired');
      expect(await readCase(site, item.id)).toEqual(item);
      await releaseExpiredHolds(site.deps);
      expect((await refusalOf(run(item))).code).toBe('hold_expired');
    },
  );

  test('move to a time that the clocks skip: hold_expired', async () => {
    const item = await hold(site);
    await site.owner.query(`UPDATE sites SET time_zone = 'America/Chicago' WHERE id = $1`, [site.siteId]);
    const toSkipped = () =>
      changeCase(site.deps, site.request(), item.id, {
        version: item.version,
        roomId: site.rooms[0],
        start: '2027-03-14T02:30',
      });
    expect((await refusalOf(toSkipped())).code).toBe('validation');
    await letHoldExpire();
    expect((await refusalOf(toSkipped())).code).toBe('hold_expired');
  });

  test.each(all)('%s: hold_expired, after the sweep', async (_, run) => {
    const item = await hold(site);
    await letHoldExpire();
    await releaseExpiredHolds(site.deps);
    const expired = await readCase(site, item.id);
    expect((await refusalOf(run(expired, site.request()))).code).toBe('hold_expired');
  });
});

describe('HO4 the holder', () => {
  test('extends a hold from now on, up to the limit since its start; then in_use', async () => {
    const item = await hold(site);
    const ends: number[] = [];
    for (let round = 0; round < 5; round++) {
      await site.clock.advance(97);
      const { expiresAt } = caseOf(await extendHold(site.deps, site.request(), item.id));
      ends.push(Math.round(secondsBetween(item.heldSince, expiresAt)));
    }
    expect(ends).toEqual([217, 314, 411, 508, settings.holdLimitSeconds]);
    const { code, message } = await refusalOf(extendHold(site.deps, site.request(), item.id));
    expect([code, message]).toEqual(['in_use', expect.stringContaining('already lasts 10 minutes')]);
  });

  test.each([
    ['one person again and again', () => [site.users.coordinator]],
    ['two people in turns', () => [site.users.second, site.users.coordinator]],
  ])('loses it at the same limit if it is taken over by %s', async (_, takers) => {
    const taker = (round: number) => takers()[round % takers().length] ?? '';
    const item = await hold(site);
    const ends: number[] = [];
    for (let round = 0; round < 6; round++) {
      await site.clock.advance(97);
      const taken = caseOf(await takeOver(item, by(taker(round))));
      expect(taken).toMatchObject({ holder: { id: taker(round) }, heldSince: item.heldSince });
      ends.push(Math.round(secondsBetween(item.heldSince, taken.expiresAt)));
    }
    const limit = settings.holdLimitSeconds;
    expect(ends).toEqual([217, 314, 411, 508, limit, limit]);
    await site.clock.advance(20);
    expect((await refusalOf(takeOver(item, site.request()))).code).toBe('hold_expired');
  });

  test.each([
    [60, 'already lasts 1 minute'],
    [90, 'already lasts 90 seconds'],
  ])('gets a refusal that names the limit: %d s', async (limit, expected) => {
    await site.owner.query(
      `UPDATE sites SET settings = settings || jsonb_build_object('holdSeconds', $2::int, 'holdLimitSeconds', $2::int)
      WHERE id = $1`,
      [site.siteId, limit],
    );
    const item = await hold(site);
    const { message } = await refusalOf(extendHold(site.deps, site.request(), item.id));
    expect(message).toContain(expected);
  });
});

describe('HO11 one person', () => {
  const most = 3;
  beforeEach(() =>
    site.owner.query(
      `UPDATE sites SET settings = settings || jsonb_build_object('holdsPerPerson', $2::int) WHERE id = $1`,
      [site.siteId, most],
    ),
  );
  /** Places each hold in its own hour. */
  let hours = 0;
  const another = (userId = site.users.coordinator, more: Partial<PlaceHold> = {}) =>
    placeHold(
      site.deps,
      by(userId),
      holdInput(site, { start: at(`${String(++hours % 24).padStart(2, '0')}:00`, 3), minutes: 20, ...more }),
    );
  test('gets as many holds as the site allows, even if all start at once', async () => {
    for (let held = 1; held < most; held++) await another();
    const holds = await connected(site.database.ownerUrl, async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM sites WHERE id = $1 FOR NO KEY UPDATE', [site.siteId]);
      const attempts = Promise.allSettled(
        [0, 1].map((room) => another(site.users.coordinator, { roomId: site.rooms[room], surgeonId: null })),
      );
      // Both commands have claimed by then, and neither sees the uncommitted claim of the other.
      await untilBlocked(site.owner, 2);
      await client.query('COMMIT');
      return attempts;
    });
    expect(holds.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(holds).toContainEqual({
      status: 'rejected',
      reason: expect.objectContaining({ code: 'in_use' }) as unknown,
    });
  });

  test('gets a refusal beyond the limit, can extend and book its holds, and place another after releasing one', async () => {
    const items = [caseOf(await another()), caseOf(await another()), caseOf(await another())];
    const { code, message } = await refusalOf(another());
    expect([code, message]).toEqual(['in_use', expect.stringContaining('You already have 3 holds')]);
    const [first, second, third] = items as [Case, Case, Case];
    await extendHold(site.deps, site.request(), first.id);
    await changeCase(site.deps, site.request(), second.id, { to: 'scheduled' });
    await another();
    await refusalOf(another());
    await releaseHold(site.deps, site.request(), third.id);
    await another();
  });

  test('cannot take over more, while others’ and overdue holds do not count', async () => {
    const theirs = caseOf(await another(site.users.second));
    const mine = caseOf(await another());
    await another();
    await another();
    expect((await refusalOf(takeOver(theirs, by(site.users.coordinator)))).code).toBe('in_use');
    const endsAt = (when: string | null) =>
      site.owner.query('UPDATE cases SET expires_at = $2 WHERE id = $1', [mine.id, when]);
    await endsAt(new Date(0).toISOString());
    await takeOver(theirs, by(site.users.coordinator));
    await refusalOf(another());
    await endsAt(mine.expiresAt);
  });
});

describe('HO5 someone else’s hold', () => {
  test.each(Object.entries(commands))('%s: forbidden, naming the holder', async (_, run) => {
    const item = await hold(site);
    const { code, message } = await refusalOf(run(item, by(site.users.second)));
    expect([code, message]).toEqual(['forbidden', expect.stringContaining('coordinator person')]);
    expect(await readCase(site, item.id)).toEqual(item);
  });

  test('can be taken over; the change names the previous holder, and the hold is the caller’s', async () => {
    const item = await hold(site);
    await site.clock.advance(60);
    const taken = caseOf(await takeOver(item, by(site.users.second)));
    expect(taken.holder).toEqual({ id: site.users.second, name: 'second person' });
    expect(taken.heldSince).toBe(item.heldSince);
    expect(Math.round(secondsBetween(item.expiresAt, taken.expiresAt))).toBe(60);
    expect((await feed(site)).at(-1)).toEqual({
      type: 'case',
      cause: 'taken_over',
      case: taken,
      from: item.holder,
    });
    for (const run of Object.values(commands)) {
      expect((await refusalOf(run(taken, site.request()))).code).toBe('forbidden');
    }
    await changeCase(site.deps, by(site.users.second), item.id, { to: 'scheduled' });
  });

  test('cannot be taken over by an office', async () => {
    const item = await hold(site);
    expect((await refusalOf(takeOver(item, by(site.users.office)))).code).toBe('forbidden');
  });
});

describe('HO6 the sweep', () => {
  test('releases overdue holds and nothing else, and notifies everyone', async () => {
    const overdue = [await hold(site), await hold(site, { start: at('12:00') })];
    await letHoldExpire();
    const live = await hold(site, { start: at('15:00') });
    site.published.length = 0;
    expect(await releaseExpiredHolds(site.deps)).toBe(2);
    expect(site.published).toEqual([{ kind: 'site', siteId: site.siteId }]);
    for (const { id } of overdue) expect((await readCase(site, id)).state).toBe('expired');
    expect(await readCase(site, live.id)).toEqual(live);
    expect((await feed(site)).slice(3)).toMatchObject([{ cause: 'expired' }, { cause: 'expired' }]);
    expect(await releaseExpiredHolds(site.deps)).toBe(0);
  });

  test('does not wait for a locked hold', async () => {
    const item = await hold(site);
    await letHoldExpire();
    await site.owner.query('BEGIN');
    await site.owner.query('SELECT FROM cases WHERE id = $1 FOR UPDATE', [item.id]);
    expect(await releaseExpiredHolds(site.deps)).toBe(0);
    await site.owner.query('ROLLBACK');
    expect(await releaseExpiredHolds(site.deps)).toBe(1);
  });
});
