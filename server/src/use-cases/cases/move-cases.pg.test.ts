import type { Case } from '@slate/shared/cases';
import type { MoveCases } from '@slate/shared/contract/cases';
import { addMinutes } from '@slate/shared/time';
import { beforeEach, describe, expect, test } from 'vitest';
import { blockedBy, book, feed, refusalOf, readCase } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { moveCases } from './move-cases.ts';

let site: Laboratory;
let cases: Case[];
withFreshSite((fresh) => (site = fresh));
beforeEach(async () => {
  // A morning in one room, from turnover to turnover.
  cases = [
    await book(site),
    await book(site, { start: at('10:20') }),
    await book(site, { start: at('11:40') }),
  ];
});

type Move = MoveCases['moves'][number];
const later = (minutes: number, more: (item: Case) => Partial<Move> = () => ({})): Move[] =>
  cases.map((item) => ({
    caseId: item.id,
    version: item.version,
    roomId: item.roomId ?? '',
    start: addMinutes(item.start ?? '', minutes),
    ...more(item),
  }));
const moved = async (moves: Move[], request = site.request()) =>
  (await moveCases(site.deps, request, { moves })).body.cases as Case[];
const refused = async (moves: Move[]) => {
  const changes = await feed(site);
  const refusal = await refusalOf(moved(moves));
  for (const item of cases) expect(await readCase(site, item.id)).toEqual(item);
  expect(await feed(site)).toEqual(changes);
  return refusal;
};

describe('BK16 several cases move in one command', () => {
  test('each to the time another one gives up, in any order', async () => {
    const after = await moved(later(30));
    expect(after.map(({ start }) => start)).toEqual([at('09:30'), at('10:50'), at('12:10')]);
    expect((await feed(site)).slice(-3)).toEqual(
      after.map((item) => ({ type: 'case', cause: 'moved', case: item })),
    );
    cases = after;
    expect((await moved(later(-30).toReversed())).map(({ start }) => start)).toEqual([
      at('11:40'),
      at('10:20'),
      at('09:00'),
    ]);
  });

  test('each to its own room and length, with its own reason', async () => {
    const [, room] = site.rooms;
    const after = await moved(later(0, () => ({ roomId: room, minutes: 45, overrideReason: 'Agreed' })));
    for (const item of after)
      expect(item).toMatchObject({ roomId: room, minutes: 45, overrideReason: 'Agreed' });
  });

  test('or none: one is blocked', async () => {
    const other = await book(site, { start: at('14:00'), surgeonId: site.surgeons[1] });
    const refusal = await refused(later(90));
    expect([refusal.code, blockedBy(refusal)]).toEqual(['slot_taken', [other.id]]);
    expect(refusal.parts.alternatives).toEqual([]);
  });

  test('or none: two of them would overlap', async () => {
    expect((await refused(later(0, () => ({ start: at('15:00') })))).code).toBe('slot_taken');
  });

  test('or none: one has changed meanwhile', async () => {
    const stale = later(30).map((move, index) => ({
      ...move,
      version: move.version + (index === 2 ? 1 : 0),
    }));
    expect((await refused(stale)).code).toBe('stale_version');
  });

  test('all cautions that need a reason are listed at once, for each case', async () => {
    await site.owner.query(`UPDATE resources SET attributes = $3 WHERE site_id = $1 AND id = $2`, [
      site.siteId,
      site.rooms[0],
      { hours: [{ days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close: '12:00' }] },
    ]);
    const says = expect.stringContaining('After hours') as string;
    expect((await refused(later(60))).parts.errors).toEqual(
      [1, 2].map((index) => ({ field: `moves.${index}.overrideReason`, reason: says })),
    );
  });

  test('a refusal names the field of the move it is about', async () => {
    const impossible = later(30).map((move, index) =>
      index === 1 ? { ...move, start: at('10:00', -3) } : move,
    );
    expect((await refused(impossible)).parts.errors).toMatchObject([{ field: 'moves.1.start' }]);
    const nowhere = later(30).map((move, index) =>
      index === 2 ? { ...move, roomId: site.surgeons[0] } : move,
    );
    expect((await refused(nowhere)).parts.errors).toMatchObject([{ field: 'moves.2.roomId' }]);
  });

  test('EX1 the same key again gives the same answer and does nothing', async () => {
    const request = site.request();
    const first = await moveCases(site.deps, request, { moves: later(30) });
    const second = await moveCases(site.deps, request, { moves: later(30) });
    expect([second.replayed, second.body]).toEqual([true, first.body]);
  });
});
