import type { ChangeProcedure } from '@slate/shared/contract/catalogue';
import type { PlannedChange } from '@slate/shared/contract/consequences';
import { describe, expect, test } from 'vitest';
import { assertSound, blockedBy, readCase, refusalOf } from '../../../test/administer.ts';
import { preview, run, moveTo, toDepot, leave, carry, bookIn } from '../../../test/decisions.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { listProcedures } from './procedures.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

describe('CW7 a procedure', () => {
  const changing = (edits: Omit<ChangeProcedure, 'version'>): PlannedChange => ({
    command: 'changeProcedure',
    id: site.procedure,
    body: { version: 1, ...edits },
  });
  const usual = { minutes: 90 };

  test('booked cases stay as they are unless it is carried into them', async () => {
    const booked = await bookIn(site, 0, '08:00', usual);
    await run(site, changing({ minutes: 120 }));
    expect(await readCase(site, booked.id)).toEqual(booked);
  });

  test('the preview shows what changes in each case, and which do not fit', async () => {
    const fits = await bookIn(site, 0, '12:00', usual);
    const first = await bookIn(site, 1, '08:00', usual);
    const second = await bookIn(site, 1, '10:00', usual);
    await bookIn(site, 2, '08:00', { minutes: 45 });
    const found = await preview(site, changing({ minutes: 120 }));
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
      site,
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
    const first = await bookIn(site, 1, '08:00', usual);
    const second = await bookIn(site, 1, '10:00', usual);
    const refusal = await refusalOf(
      run(site, changing({ minutes: 120, decisions: [carry(second), carry(first)] })),
    );
    expect(refusal.message).toMatch(/^Case \d+: OR 2 is taken/);
    expect((await listProcedures(site.pool, site.siteId))[0]?.minutes).toBe(90);
    await run(site, changing({ minutes: 120, decisions: [carry(second), toDepot(first)] }));
    expect(await readCase(site, first.id)).toMatchObject({ state: 'depot', minutes: 120 });
  });

  test('equipment, bed and turnover are carried with their claims', async () => {
    const booked = await bookIn(site, 0, '08:00', usual);
    const equipment = [{ resourceId: site.equipment[1], quantity: 1 }];
    const edits = { equipment, bed: { resourceId: site.beds, nights: 2 }, cleanupMinutes: 20 };
    await run(site, changing({ ...edits, decisions: [carry(booked)] }));
    expect(await readCase(site, booked.id)).toMatchObject(edits);
    await assertSound(site);
    expect((await refusalOf(bookIn(site, 1, '08:00', { equipment }))).code).toBe('slot_taken');
  });

  test('a new capability shows the cases in rooms without it', async () => {
    const booked = await bookIn(site, 0, '08:00', usual);
    expect(await preview(site, changing({ capabilities: ['laser'] }))).toMatchObject([{ caseId: booked.id }]);
  });

  test('every affected case needs a decision', async () => {
    const [first, second] = [await bookIn(site, 0, '08:00', usual), await bookIn(site, 1, '08:00', usual)];
    const refusal = await refusalOf(run(site, changing({ minutes: 100, decisions: [carry(first)] })));
    expect(blockedBy(refusal)).toEqual([second.id]);
  });
});
