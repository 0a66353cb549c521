import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockTemplate, firstCollision, plansOf, timesOf } from './block-templates.ts';
import type { BlockPlan, BlockRule } from './block-templates.ts';
import { addDays, timeOf } from './time.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const plan: BlockPlan = {
  roomId: uuid(1),
  start: '07:00',
  end: '12:00',
  service: 'Ortho',
  surgeonId: null,
  listId: null,
  releaseDays: 3,
};
const everyMonday = { weekdays: [1], everyWeeks: 1, from: '2026-12-01', until: null };
const december = { from: '2026-12-01', until: '2026-12-31' };
const template = (more: Partial<BlockRule> = {}): BlockRule => ({
  plan,
  recurrence: everyMonday,
  exceptions: [],
  ...more,
});
const datesOf = (rule: BlockRule, holidays: Parameters<typeof plansOf>[1] = [], days = december) =>
  plansOf(rule, holidays, days).map(({ date }) => date);

describe('BT5 an exception', () => {
  test('skips or replaces the block of its date, or adds one outside the rule', () => {
    const other = { ...plan, roomId: uuid(2), start: '08:00' };
    const exceptions = [
      { date: '2026-12-14', plan: null },
      { date: '2026-12-21', plan: other },
      { date: '2026-12-09', plan: other },
    ];
    expect(plansOf(template({ exceptions }), [], december)).toEqual([
      { date: '2026-12-07', plan },
      { date: '2026-12-09', plan: other },
      { date: '2026-12-21', plan: other },
      { date: '2026-12-28', plan },
    ]);
  });

  test('counts more than a holiday', () => {
    const exceptions = [{ date: '2026-12-28', plan }];
    const holiday = { date: '2026-12-28', roomIds: null };
    expect(datesOf(template(), [holiday])).not.toContain('2026-12-28');
    expect(datesOf(template({ exceptions }), [holiday])).toContain('2026-12-28');
  });

  test('has a date of its own', () => {
    const exceptions = ['2026-12-14', '2026-12-14'].map((date) => ({ date, plan: null }));
    expect(blockTemplate.safeParse({ id: uuid(9), ...template({ exceptions }), version: 1 }).success).toBe(
      false,
    );
  });
});

test('BT6 a holiday skips the blocks of its rooms', () => {
  const holiday = (roomIds: string[] | null) => ({ date: '2026-12-28', roomIds });
  expect(datesOf(template(), [holiday([uuid(2)])])).toContain('2026-12-28');
  expect(datesOf(template(), [holiday([uuid(2), uuid(1)])])).not.toContain('2026-12-28');
});

test('BT2 a block is released that many days before, at the local time of its start', () => {
  const zone = 'America/Chicago';
  // The clocks go forward between the release and the block.
  const { start, releaseAt } = timesOf({ date: '2027-03-15', plan }, zone);
  expect(timeOf(start, zone)).toBe('07:00');
  expect(timeOf(releaseAt, zone)).toBe('07:00');
  expect(releaseAt.slice(0, 10)).toBe('2027-03-12');
});

test('BT3 the plans of a template do not depend on how its days are cut into parts', () => {
  const date = fc.integer({ min: 0, max: 60 }).map((days) => addDays('2026-12-01', days));
  const exception = fc.record({ date, plan: fc.constantFrom(null, plan) });
  const exceptions = fc.uniqueArray(exception, { selector: (each) => each.date, maxLength: 6 });
  const holidays = fc.array(
    fc.record({ date, roomIds: fc.option(fc.constantFrom(1, 2).map((n) => [uuid(n)])) }),
    {
      maxLength: 4,
    },
  );
  const rule = fc.record({
    weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    everyWeeks: fc.integer({ min: 1, max: 3 }),
    from: date,
    until: fc.constant(null),
  });
  fc.assert(
    fc.property(rule, exceptions, holidays, fc.integer({ min: 1, max: 60 }), (recurrence, list, off, cut) => {
      const whole = template({ recurrence, exceptions: list });
      const middle = addDays('2026-12-01', cut);
      const parts = [
        { from: '2026-12-01', until: middle },
        { from: addDays(middle, 1), until: '2027-02-28' },
      ].flatMap((days) => plansOf(whole, off, days));
      expect(parts).toEqual(plansOf(whole, off, { from: '2026-12-01', until: '2027-02-28' }));
    }),
  );
});

test('BT10 two templates collide on the first date with overlapping times in one room', () => {
  const plans = (more: Partial<BlockPlan>, everyWeeks = 1) =>
    plansOf(
      template({ plan: { ...plan, ...more }, recurrence: { ...everyMonday, everyWeeks } }),
      [],
      december,
    );
  expect(firstCollision(plans({}), plans({ start: '11:00', end: '15:00' }, 2))?.date).toBe('2026-12-14');
  expect(firstCollision(plans({}), plans({ start: '12:00', end: '15:00' }))).toBeNull();
  expect(firstCollision(plans({}), plans({ roomId: uuid(2) }))).toBeNull();
});
