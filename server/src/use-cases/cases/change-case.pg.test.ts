import type { Case } from '@slate/shared/cases';
import type { ChangeCase } from '@slate/shared/contract/cases';
import { describe, expect, test } from 'vitest';
import { blockedBy, book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { holdInput, at, caseOf, turnInput } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { bumpCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import { placeCase } from './place-case.ts';
import { placeHold } from './place-hold.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const save = (item: Case, input: Partial<ChangeCase>, request = site.request()) =>
  changeCase(site.deps, request, item.id, { version: item.version, ...input });
const elsewhere = () => ({ roomId: site.rooms[1], start: at('13:00') });
const bumped = async () => {
  const { id, version } = await book(site);
  return caseOf(await bumpCase(site.deps, site.request(), id, { version, reason: 'Emergency' }));
};
const audited = async () => {
  const { rows } = await site.owner.query<{ detail: { cases: { cause: string; start: string }[] } }>(
    `SELECT detail FROM audit WHERE site_id = $1 AND chain = 'commands' ORDER BY seq`,
    [site.siteId],
  );
  return rows.map(({ detail }) => detail.cases);
};

describe('BK15 one save', () => {
  test('changes, moves and books: one version, one change in the feed, one entry in the audit', async () => {
    const item = await hold(site);
    const [changes, entries] = [await feed(site), await audited()];
    const reply = await save(item, {
      ...elsewhere(),
      note: 'Latex',
      minutes: 90,
      surgeonId: site.surgeons[1],
      to: 'scheduled',
    });
    const saved = caseOf(reply);
    expect(saved).toMatchObject({
      version: item.version + 1,
      state: 'scheduled',
      roomId: site.rooms[1],
      start: at('13:00'),
      end: at('14:30'),
      surgeonId: site.surgeons[1],
      note: 'Latex',
      holder: null,
    });
    expect(await readCase(site, item.id)).toEqual(saved);
    expect((await feed(site)).slice(changes.length)).toEqual([
      { type: 'case', cause: 'booked', case: saved },
    ]);
    expect((await audited()).slice(entries.length)).toMatchObject([
      [{ cause: 'booked', version: saved.version, start: at('13:00') }],
    ]);
    // The time it gave up is free at once.
    expect((await book(site)).start).toBe(at('09:00'));
  });

  test.each([
    ['details and a place', (): Partial<ChangeCase> => ({ ...elsewhere(), note: 'Latex' }), 'moved'],
    ['a place and the booking', (): Partial<ChangeCase> => ({ ...elsewhere(), to: 'scheduled' }), 'booked'],
    ['details and the booking', (): Partial<ChangeCase> => ({ note: 'Latex', to: 'scheduled' }), 'booked'],
    ['details alone', (): Partial<ChangeCase> => ({ note: 'Latex' }), 'changed'],
  ])('%s', async (_, input, cause) => {
    const item = await hold(site);
    const { to, ...rest } = input();
    const saved = caseOf(await save(item, input()));
    expect(saved).toMatchObject({ ...rest, state: to ?? 'held', version: item.version + 1 });
    expect((await feed(site)).at(-1)).toMatchObject({ cause });
  });

  test('confirms a booked case that it moves and changes', async () => {
    const saved = caseOf(await save(await book(site), { ...elsewhere(), note: 'Latex', to: 'confirmed' }));
    expect(saved).toMatchObject({ ...elsewhere(), note: 'Latex', state: 'confirmed' });
  });

  describe('that is refused leaves everything unchanged', () => {
    const refused = async (item: Case, input: Partial<ChangeCase>, request = site.request()) => {
      const changes = await feed(site);
      const refusal = await refusalOf(save(item, input, request));
      expect(await readCase(site, item.id)).toEqual(item);
      expect(await feed(site)).toEqual(changes);
      return refusal;
    };

    test('because it cannot be booked yet', async () => {
      const item = await hold(site, { surgeonId: null });
      const { code, parts } = await refused(item, { ...elsewhere(), note: 'Latex', to: 'scheduled' });
      expect([code, parts.errors]).toMatchObject(['validation', [{ field: 'surgeonId' }]]);
    });

    test('because the place is taken', async () => {
      const other = await book(site, { ...elsewhere(), surgeonId: site.surgeons[1] });
      const refusal = await refused(await hold(site), { ...elsewhere(), note: 'Latex', to: 'scheduled' });
      expect([refusal.code, blockedBy(refusal)]).toEqual(['slot_taken', [other.id]]);
    });

    test('because a resource it needs is taken at the new place', async () => {
      const [, navigation] = site.equipment;
      const needs = { equipment: [{ resourceId: navigation, quantity: 1 }] };
      await book(site, { roomId: site.rooms[2], start: at('13:00'), surgeonId: site.surgeons[1], ...needs });
      const { code } = await refused(await hold(site), { ...elsewhere(), ...needs, to: 'scheduled' });
      expect(code).toBe('slot_taken');
    });

    test('because a rule requires a reason: one reason for all of it', async () => {
      await site.owner.query(`UPDATE resources SET attributes = $3 WHERE site_id = $1 AND id = $2`, [
        site.siteId,
        site.rooms[1],
        { hours: [{ days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close: '12:00' }] },
      ]);
      const item = await hold(site);
      const input = { ...elsewhere(), cleanupMinutes: 0, to: 'scheduled' as const };
      const { code, parts } = await refused(item, input);
      expect([code, parts.errors]).toEqual([
        'validation',
        ['After hours: OR 2', 'Turnover is 10 minutes shorter'].map((says) => ({
          field: 'overrideReason',
          reason: expect.stringContaining(says) as string,
        })),
      ]);
      expect(caseOf(await save(item, { ...input, overrideReason: 'Agreed' }))).toMatchObject({
        state: 'scheduled',
        overrideReason: 'Agreed',
      });
    });

    test('because someone else has changed the case', async () => {
      const item = await hold(site);
      const now = caseOf(await save(item, { note: 'Latex' }));
      expect((await refusalOf(save(item, { ...elsewhere(), to: 'scheduled' }))).code).toBe('stale_version');
      expect(await readCase(site, item.id)).toEqual(now);
    });

    test('because someone else holds it', async () => {
      const by = site.request('test', { userId: site.users.second });
      const { code } = await refused(await hold(site), { note: 'Latex', to: 'scheduled' }, by);
      expect(code).toBe('forbidden');
    });

    test('because its hold has expired, which is reported before other errors', async () => {
      const item = await hold(site, { surgeonId: null });
      await site.clock.advance(121);
      const input = { version: 99, ...elsewhere(), to: 'scheduled' as const };
      expect((await refusalOf(save(item, input))).code).toBe('hold_expired');
    });

    test('because its hold has expired, even if it is back in the depot', async () => {
      const { id, version } = await bumped();
      const to = { version, roomId: site.rooms[0], start: at('09:00') };
      const item = caseOf(await placeCase(site.deps, site.request(), id, to));
      await site.clock.advance(121);
      await releaseExpiredHolds(site.deps);
      expect((await readCase(site, id)).state).toBe('depot');
      const input = { ...elsewhere(), to: 'scheduled' as const };
      expect((await refusalOf(save(item, input))).code).toBe('hold_expired');
    });

    test('because a hold cannot be confirmed, and a booked case cannot be booked again', async () => {
      const input = { ...elsewhere(), note: 'Latex' };
      expect((await refused(await hold(site), { ...input, to: 'confirmed' })).code).toBe('stale_version');
      const booked = await book(site, { start: at('17:00') });
      expect((await refused(booked, { ...input, to: 'scheduled' })).code).toBe('stale_version');
    });
  });

  test('each part needs its own permission: an office changes and books its hold, but moves nothing', async () => {
    const office = () => site.request('test', { userId: site.users.office });
    const theirs = caseOf(await placeHold(site.deps, office(), holdInput(site)));
    for (const input of [elsewhere(), { to: 'confirmed' as const }]) {
      const { code } = await refusalOf(save(theirs, { note: 'Latex', ...input }, office()));
      expect(code).toBe('forbidden');
    }
    expect(await readCase(site, theirs.id)).toEqual(theirs);
    const saved = caseOf(await save(theirs, { note: 'Latex', to: 'scheduled' }, office()));
    expect(saved).toMatchObject({ note: 'Latex', state: 'scheduled' });
    expect((await refusalOf(save(saved, { note: 'None' }, office()))).code).toBe('forbidden');
  });

  test('EX1 the same key again gives the same answer and does nothing', async () => {
    const item = await hold(site);
    const request = site.request();
    const input = { ...elsewhere(), note: 'Latex', to: 'scheduled' as const };
    const first = await save(item, input, request);
    const changes = await feed(site);
    const second = await save(item, input, request);
    expect([second.replayed, second.body]).toEqual([true, first.body]);
    expect(await feed(site)).toEqual(changes);
  });

  test('books a hold from the depot where it is moved to, and ends its waiting', async () => {
    const waiting = await bumped();
    const held = caseOf(
      await placeCase(site.deps, site.request(), waiting.id, {
        version: waiting.version,
        roomId: site.rooms[0],
        start: at('09:00'),
      }),
    );
    const saved = caseOf(await save(held, { ...elsewhere(), to: 'scheduled' }));
    expect(saved).toMatchObject({ ...elsewhere(), state: 'scheduled', bumped: null, depotSince: null });
  });

  test('keeps a reason with its place, and drops it with a move', async () => {
    const item = await hold(site, { overrideReason: 'Agreed' });
    const changed = caseOf(await save(item, { note: 'Latex' }));
    expect(changed.overrideReason).toBe('Agreed');
    expect(caseOf(await save(changed, { ...elsewhere(), note: null })).overrideReason).toBeNull();
  });

  test('stores a reason that is given when booking', async () => {
    const booked = caseOf(await save(await hold(site), { to: 'scheduled', overrideReason: 'Agreed' }));
    expect(booked).toMatchObject({ state: 'scheduled', overrideReason: 'Agreed' });
  });

  test('moves a case off its list, and back to its place', async () => {
    const blockId = site.session;
    const item = await book(site, { ...turnInput(site), title: 'Cataract' });
    const moved = caseOf(await save(item, elsewhere()));
    expect(moved.list).toBeNull();
    const back = caseOf(await save(moved, { blockId, start: item.start ?? '' }));
    expect([back.list, back.roomId, back.start]).toEqual([item.list, item.roomId, item.start]);
  });
});

describe('BK15 a case of the depot', () => {
  const placed = (item: Case, to?: 'scheduled' | 'confirmed') =>
    placeCase(site.deps, site.request(), item.id, {
      version: item.version,
      ...elsewhere(),
      ...(to && { to }),
    });

  test.each(['scheduled', 'confirmed'] as const)('is placed and %s in one command', async (to) => {
    const waiting = await bumped();
    const changes = await feed(site);
    const item = caseOf(await placed(waiting, to));
    expect(item).toMatchObject({
      ...elsewhere(),
      state: to,
      version: waiting.version + 1,
      holder: null,
      expiresAt: null,
      depotSince: null,
      bumped: null,
    });
    const cause = to === 'scheduled' ? 'booked' : 'confirmed';
    expect((await feed(site)).slice(changes.length)).toEqual([{ type: 'case', cause, case: item }]);
  });

  test('that cannot be booked is not placed either', async () => {
    const waiting = caseOf(
      await changeCase(site.deps, site.request(), (await bumped()).id, { version: 3, surgeonId: null }),
    );
    expect((await refusalOf(placed(waiting, 'scheduled'))).parts.errors).toMatchObject([
      { field: 'surgeonId' },
    ]);
    expect(await readCase(site, waiting.id)).toEqual(waiting);
  });
});
