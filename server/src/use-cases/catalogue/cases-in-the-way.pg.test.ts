import type { CaseInTheWay, Decision } from '@slate/shared/contract/decisions';
import { overlaps } from '@slate/shared/time';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertSound, book, feed, readCase, refusalOf } from '../../../test/administer.ts';
import { preview, run, closing, bookIn } from '../../../test/decisions.ts';
import { at, clockTime } from '../../../test/hospital.ts';
import { freshSite, withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { casesInTheWay } from './planned-change.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

describe('CW4 the preview', () => {
  test('finds the cases with the command itself, and changes nothing', async () => {
    const booked = await bookIn(site, 0, '08:30');
    const before = await feed(site);
    const [found] = await preview(site, closing(site));
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
    const refusal = await refusalOf(
      preview(site, { ...closing(site), body: { ...closing(site).body, end: at('07:00') } }),
    );
    expect(refusal.parts.errors).toMatchObject([{ field: 'end' }]);
  });

  test('offers times outside the closed time; all first offers fit together', async () => {
    const booked = [];
    for (const start of ['08:15', '09:40', '11:00'])
      booked.push(await bookIn(site, 0, start, { minutes: 50 }));
    const found = await preview(site, closing(site));
    expect(found.map(({ offers }) => offers.length > 0)).toEqual([true, true, true]);
    const decisions = found.map(({ caseId, version, offers: [first] }): Decision => {
      if (!first) throw new Error('no offer');
      return { action: 'move', caseId, version, roomId: first.roomId, start: first.start };
    });
    await run(site, closing(site, decisions));
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
      await bookIn(site, 0, `${String(hour).padStart(2, '0')}:00`, { minutes: 30 });
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
      closing(site),
    );
    expect(texts.filter((text) => text.includes('candidates AS MATERIALIZED'))).toHaveLength(1);
  });

  test('a coordinator may preview closures only', async () => {
    const caller = { siteId: site.siteId, userId: site.users.coordinator };
    expect(await casesInTheWay(site.deps, caller, closing(site))).toEqual([]);
    const retirement = { version: 1, active: false };
    const change = { command: 'changeResource' as const, id: site.rooms[0], body: retirement };
    expect((await refusalOf(casesInTheWay(site.deps, caller, change))).code).toBe('forbidden');
  });
});

test('CW9 after the command no case overlaps another or the closure, and none in the way is undecided', async () => {
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
          const where = {
            roomId: lab.rooms[room],
            surgeonId: lab.surgeons[room],
            start: at(clockTime(start)),
          };
          await book(lab, { ...where, minutes, patientRef: patient }).catch(() => {});
        }
        const found = await preview(lab, closing(lab));
        const decisions = found.flatMap((each, index) => decisionOf(each, choices[index] ?? 'depot'));
        const before = await feed(lab);
        const isDone = await run(lab, closing(lab, decisions)).then(
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
