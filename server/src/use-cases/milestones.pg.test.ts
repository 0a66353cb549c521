import type { Case } from '@slate/shared/cases';
import type { CaseState, Milestone } from '@slate/shared/case-state';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertSound, book, hold, refusalOf, stored } from '../../test/administer.ts';
import { at, caseOf } from '../../test/hospital.ts';
import { freshSite, laboratory } from '../../test/laboratory.ts';
import type { Laboratory } from '../../test/laboratory.ts';
import { addToDepot } from './add-to-depot.ts';
import { cancelCase } from './cancel-case.ts';
import { recordMilestone } from './record-milestone.ts';
import { releaseExpiredHolds } from './release-expired-holds.ts';
import { releaseHold } from './release-hold.ts';
import { voidCase } from './void-case.ts';

let lab: Laboratory;
let site: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.end());
beforeEach(async () => {
  site = await freshSite(lab);
});
afterEach(() => assertSound(site));

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const tell = async (item: Case, milestone: Milestone, when = ago(30)): Promise<Case> =>
  caseOf(await recordMilestone(site.deps, site.request(), item.id, { milestone, at: when }));

describe('BK9 a milestone', () => {
  test('is the state of a case on its way: the furthest, however late the others come', async () => {
    const item = await book(site);
    const states: CaseState[] = [];
    for (const [milestone, minutes] of [
      ['incision', 50],
      ['in_room', 70],
      ['in_holding', 90],
      ['closed', 20],
      ['incision', 55],
      ['completed', 1],
      ['out_of_room', 10],
    ] as const) {
      states.push((await tell(item, milestone, ago(minutes))).state);
    }
    expect(states).toEqual([
      'incision',
      'incision',
      'incision',
      'closed',
      'closed',
      'completed',
      'completed',
    ]);
  });

  test('is kept each time it is told; the case has the latest word', async () => {
    const item = await book(site);
    await tell(item, 'in_room', at('09:00', -2));
    const { milestones } = await tell(item, 'in_room', at('09:05', -2));
    expect(milestones).toEqual({ in_room: at('09:05', -2) });
    const { rows } = await lab.owner.query(
      'SELECT milestone, at, recorded_by FROM milestones WHERE site_id = $1 ORDER BY recorded_at',
      [site.siteId],
    );
    expect(rows).toEqual(
      ['09:00', '09:05'].map((time) => ({
        milestone: 'in_room',
        at: new Date(at(time, -2)),
        recorded_by: site.users.coordinator,
      })),
    );
  });

  const reason = 'Flu';
  const endings: Record<string, () => Promise<Case>> = {
    depot: async () => caseOf(await addToDepot(site.deps, site.request(), { title: 'Appendix' })),
    held: () => hold(site),
    released: async () => caseOf(await releaseHold(site.deps, site.request(), (await hold(site)).id)),
    expired: async () => {
      const { id } = await hold(site);
      await lab.clock.advance(3600);
      await releaseExpiredHolds(site.deps);
      return stored(site, id);
    },
    cancelled: async () => {
      const { id, version } = await book(site);
      return caseOf(await cancelCase(site.deps, site.request(), id, { version, reason }));
    },
    voided: async () => {
      const { id, version } = await book(site);
      return caseOf(await voidCase(site.deps, site.request(), id, { version, reason }));
    },
  };
  test.each(Object.entries(endings))(
    'is kept beside a case that is %s, which stays so',
    async (state, make) => {
      const told = await tell(await make(), 'out_of_room');
      expect([told.state, Object.keys(told.milestones)]).toEqual([state, ['out_of_room']]);
    },
  );

  test('of an overdue hold is taken too', async () => {
    const item = await hold(site);
    await lab.clock.advance(3600);
    expect((await tell(item, 'in_room')).milestones).toHaveProperty('in_room');
  });

  test('cannot be told before it happens, five minutes for clocks that differ aside', async () => {
    const item = await book(site);
    const { code, parts } = await refusalOf(tell(item, 'in_room', ago(-6)));
    expect([code, parts.errors?.[0]?.field]).toEqual(['validation', 'at']);
    expect((await tell(item, 'in_room', ago(-4))).state).toBe('in_room');
  });

  test('is told by the desk, not by an office or a wall', async () => {
    const item = await book(site);
    for (const userId of [site.users.office, site.users.viewer, site.users.wall]) {
      const request = site.request('test', { userId });
      const fact = { milestone: 'in_room', at: ago(1) } as const;
      expect((await refusalOf(recordMilestone(site.deps, request, item.id, fact))).code).toBe('forbidden');
    }
  });
});
