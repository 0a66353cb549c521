import type {
  ChangeRecurringClosure,
  CreateRecurringClosure,
} from '@slate/shared/contract/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import type { Closure } from '@slate/shared/sites';
import { weekdayOf } from '@slate/shared/time';
import { describe, expect, test } from 'vitest';
import { blockedBy, book, feed, hold, readCase, refusalOf } from '../../../test/administer.ts';
import { at } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import { cancelCase } from '../cases/take-off-board.ts';
import { changeClosure, removeClosure } from './closures.ts';
import {
  changeRecurringClosure,
  createRecurringClosure,
  layOutClosures,
  listRecurringClosures,
  previewRecurringClosure,
  removeRecurringClosure,
} from './recurring-closures.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const dateIn = (days: number) => at('00:00', days - 1).slice(0, 10);
/** Every week from three days from now, 22:00 to 04:00 of the next day. */
const cleaning = (more: Partial<CreateRecurringClosure> = {}): CreateRecurringClosure => ({
  resourceId: site.rooms[0],
  recurrence: { weekdays: [weekdayOf(dateIn(3))], everyWeeks: 1, from: dateIn(3), until: null },
  start: '22:00',
  end: '04:00',
  quantity: null,
  reason: 'Terminal cleaning',
  skipped: [],
  ...more,
});
const create = async (more: Partial<CreateRecurringClosure> = {}) =>
  (await createRecurringClosure(site.deps, site.request(), cleaning(more))).body[
    'recurringClosure'
  ] as RecurringClosure;
const change = async ({ id, version }: RecurringClosure, edit: Omit<ChangeRecurringClosure, 'version'>) =>
  (await changeRecurringClosure(site.deps, site.request(), id, { version, ...edit })).body[
    'recurringClosure'
  ] as RecurringClosure;
const remove = ({ id }: RecurringClosure) => removeRecurringClosure(site.deps, site.request(), id);
const rules = () => listRecurringClosures(site.pool, site.siteId);
const current = async () => {
  const [rule] = await rules();
  if (!rule) throw new Error('There is no recurring closure.');
  return rule;
};

async function closures(): Promise<Closure[]> {
  const { rows } = await site.pool.query<{ closure: Closure }>(
    'SELECT closure_json(c) AS closure FROM closures c WHERE site_id = $1 ORDER BY lower(during)',
    [site.siteId],
  );
  return rows.map(({ closure }) => closure);
}
const arrange = (text: string, ...values: unknown[]) => site.owner.query(text, [site.siteId, ...values]);
const inTheWay = (more: Parameters<typeof book>[1] = {}) => book(site, { start: at('22:30', 9), ...more });

describe('BT13 a recurring closure', () => {
  test('is laid out as ordinary closures, over midnight too, in one command', async () => {
    const recurring = await create();
    const laid = await closures();
    expect(laid).toHaveLength(26);
    expect(laid[0]).toMatchObject({
      resourceId: site.rooms[0],
      start: at('22:00', 2),
      end: at('04:00', 3),
      quantity: 1,
      reason: 'Terminal cleaning',
      version: 1,
    });
    expect(await feed(site)).toEqual([
      ...laid.map((closure) => ({ type: 'closure', closure })),
      { type: 'recurring_closure', recurring },
    ]);
    expect((await refusalOf(hold(site, { start: at('23:00', 9) }))).code).toBe('slot_taken');
  });

  test('changes its future closures only, and those that do not differ keep their version', async () => {
    const recurring = await create();
    await site.clock.advance(4 * 86_400);
    const [begun, ...others] = await closures();
    const later = await change(recurring, {
      end: '05:00',
      recurrence: { ...recurring.recurrence, everyWeeks: 2 },
    });
    const laid = await closures();
    expect(laid[0]).toEqual(begun);
    expect(laid[1]).toMatchObject({ id: others[1]?.id ?? others[0]?.id, version: 2 });
    expect(laid.slice(1).every(({ end }) => end.slice(11, 16) === '05:00')).toBe(true);
    const count = (await feed(site)).length;
    await change(later, { skipped: [] });
    expect((await feed(site)).length).toBe(count + 1);
    await remove(await current());
    expect(await closures()).toEqual([begun]);
    expect(await rules()).toEqual([]);
    expect((await feed(site)).at(-1)).toEqual({ type: 'removed', of: 'recurring_closure', id: recurring.id });
  });

  test('closes part of a pool, at most all of it', async () => {
    await create({ resourceId: site.equipment[0], quantity: 1 });
    expect((await closures()).every(({ quantity }) => quantity === 1)).toBe(true);
    const tooMany = create({ resourceId: site.equipment[0], quantity: 3 });
    expect((await refusalOf(tooMany)).parts.errors).toMatchObject([{ field: 'quantity' }]);
  });
});

describe('BT14 cases in the way', () => {
  test('are named by the preview and the refusal, and bumped only if the request names them', async () => {
    const item = await inTheWay();
    const other = await inTheWay({ start: at('22:30', 16) });
    await inTheWay({ roomId: site.rooms[1], surgeonId: site.surgeons[1] });
    const effect = await previewRecurringClosure(site.deps, site.siteId, cleaning());
    expect(effect.created).toHaveLength(26);
    expect(effect.cases.map(({ caseId }) => caseId)).toEqual([item.id, other.id]);
    expect(await closures()).toEqual([]);
    const refusal = await refusalOf(create());
    expect(refusal.code).toBe('in_use');
    expect(blockedBy(refusal)).toEqual([item.id, other.id]);
    expect(blockedBy(await refusalOf(create({ bump: [item.id] })))).toEqual([other.id]);
    await create({ bump: [other.id, item.id] });
    expect((await readCase(site, item.id)).state).toBe('depot');
    expect(await closures()).toHaveLength(26);
  });

  test('a case that is not in the way is not bumped', async () => {
    const elsewhere = await inTheWay({ roomId: site.rooms[1] });
    expect((await refusalOf(create({ bump: [elsewhere.id] }))).parts.errors).toMatchObject([
      { field: 'bump.0' },
    ]);
  });

  test('an overdue hold is not in the way, and neither are its own closures', async () => {
    await hold(site, { start: at('22:30', 9) });
    await site.clock.advance(3600);
    const recurring = await create();
    await change(recurring, { start: '21:00' });
    expect((await closures())[0]?.start).toBe(at('21:00', 2));
  });
});

describe('BT15 a closure that is changed or removed by hand', () => {
  test('stays so when its rule changes: the rule skips its date', async () => {
    await create();
    const [first, second] = await closures();
    if (!first || !second) throw new Error('Nothing is laid out.');
    await changeClosure(site.deps, site.request(), first.id, { version: 1, end: at('06:00', 3) });
    await removeClosure(site.deps, site.request(), second.id);
    const recurring = await current();
    expect(recurring.skipped).toEqual([dateIn(3), dateIn(10)]);
    expect((await feed(site)).at(-1)).toEqual({ type: 'recurring_closure', recurring });
    await change(recurring, { start: '23:00' });
    const [one, two] = await closures();
    expect(one).toMatchObject({ id: first.id, start: at('22:00', 2), end: at('06:00', 3) });
    expect(two?.start).toBe(at('23:00', 16));
  });
});

describe('the job', () => {
  test('BT16 keeps closures as far ahead as blocks, the same from any day and in any number of processes', async () => {
    await create({ skipped: [dateIn(24)] });
    const laid = await closures();
    for (const days of [0, 60]) {
      await arrange(
        'DELETE FROM claims c USING closures l WHERE c.site_id = $1 AND l.site_id = $1 AND c.closure_id = l.id AND l.recurring_date > $2',
        dateIn(days),
      );
      await arrange('DELETE FROM closures WHERE site_id = $1 AND recurring_date > $2', dateIn(days));
      await arrange('UPDATE recurring_closures SET laid_until = $2 WHERE site_id = $1', dateIn(days));
      await Promise.all([1, 2, 3].map(() => layOutClosures(site.deps)));
      expect((await closures()).map(({ id, start }) => [id, start])).toEqual(
        laid.map(({ id, start }) => [id, start]),
      );
    }
    const count = (await feed(site)).length;
    await layOutClosures(site.deps);
    expect((await feed(site)).length).toBe(count);
  });

  test('BT16 never closes over a case: it waits there, says so, and goes on when the time is free', async () => {
    await create();
    const item = await book(site, { start: at('22:30', 191) });
    await site.clock.advance(21 * 86_400);
    const failures: string[] = [];
    const parking = {
      parked: () => [],
      attempt: <R>(_: string, work: () => Promise<R>) =>
        work().catch((error: Error) => void failures.push(error.message)),
    };
    await layOutClosures(site.deps, parking);
    expect(await closures()).toHaveLength(27);
    expect(failures).toEqual([expect.stringContaining(`case ${item.number}`)]);
    await cancelCase(site.deps, site.request(), item.id, { version: item.version, reason: 'Fever' });
    await layOutClosures(site.deps, parking);
    expect(await closures()).toHaveLength(29);
  });
});

test('BT11 of simultaneous edits of one version, one is made', async () => {
  const recurring = await create();
  const answers = await Promise.allSettled(
    ['05:00', '06:00', '07:00'].map((end) => change(recurring, { end })),
  );
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
