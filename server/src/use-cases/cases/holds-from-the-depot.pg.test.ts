import { describe, expect, test } from 'vitest';
import type { Case } from '@slate/shared/cases';
import { book, feed, hold, refusalOf, readCase } from '../../../test/administer.ts';
import { at, caseOf, settings } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { addToDepot } from './add-to-depot.ts';
import { bumpCase } from './take-off-board.ts';
import { changeCase } from './change-case.ts';
import { placeCase } from './place-case.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';
import { releaseHold } from './holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const waiting = async () =>
  caseOf(
    await addToDepot(site.deps, site.request(), {
      procedureId: site.procedure,
      surgeonId: site.surgeons[0],
      patientRef: 'TEST-1',
      urgency: 'urgent',
      note: 'Latex allergy',
    }),
  );
const place = async (item: Case) =>
  caseOf(
    await placeCase(site.deps, site.request(), item.id, {
      version: item.version,
      roomId: site.rooms[0],
      start: at('09:00'),
    }),
  );
const placeless = { roomId: null, start: null, end: null, holder: null, heldSince: null, expiresAt: null };

describe('HO8 a hold from the depot', () => {
  test('goes back there when it is released', async () => {
    const item = await waiting();
    const held = await place(item);
    expect(held).toMatchObject({ state: 'held', depotSince: item.depotSince });
    const back = caseOf(await releaseHold(site.deps, site.request(), item.id));
    expect(back).toEqual({ ...item, ...placeless, version: 3 });
    expect(await readCase(site, item.id)).toEqual(back);
  });

  test('goes back there when the worker expires it, and everyone is notified', async () => {
    const item = await waiting();
    await place(item);
    await site.clock.advance(settings.holdSeconds + 1);
    expect(await releaseExpiredHolds(site.deps)).toBeGreaterThan(0);
    expect(await readCase(site, item.id)).toEqual({ ...item, ...placeless, version: 3 });
    expect((await feed(site)).at(-1)).toMatchObject({
      cause: 'expired',
      case: { id: item.id, state: 'depot' },
    });
  });

  test('goes back there when the next command for the time expires it', async () => {
    const item = await waiting();
    await place(item);
    await site.clock.advance(settings.holdSeconds + 1);
    await hold(site);
    expect((await readCase(site, item.id)).state).toBe('depot');
  });

  test('cannot be booked after it expired, but placed again', async () => {
    const item = await waiting();
    await place(item);
    await site.clock.advance(settings.holdSeconds + 1);
    await releaseExpiredHolds(site.deps);
    const { code } = await refusalOf(changeCase(site.deps, site.request(), item.id, { to: 'scheduled' }));
    expect(code).toBe('hold_expired');
    expect((await place(await readCase(site, item.id))).state).toBe('held');
  });

  test('starts to wait anew after it was booked and bumped', async () => {
    const item = await waiting();
    await place(item);
    const booked = caseOf(await changeCase(site.deps, site.request(), item.id, { to: 'scheduled' }));
    expect(booked.depotSince).toBeNull();
    const input = { version: booked.version, reason: 'Emergency' };
    const bumped = caseOf(await bumpCase(site.deps, site.request(), item.id, input));
    expect(bumped).toMatchObject({ state: 'depot', reason: 'Emergency' });
    expect(bumped.depotSince && item.depotSince && bumped.depotSince > item.depotSince).toBe(true);
  });
});

test('HO8 a hold that is not from the depot does not go there', async () => {
  const { id } = await hold(site);
  expect(caseOf(await releaseHold(site.deps, site.request(), id)).state).toBe('released');
  const booked = await book(site);
  expect(booked.depotSince).toBeNull();
});
