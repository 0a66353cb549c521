import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedFrom,
  caseState,
  claimingStates,
  hasLeft,
  isClaiming,
  mayFrom,
  milestone,
  stateAfter,
} from './case-state.ts';
import type { CaseCommand, Milestone } from './case-state.ts';

test('which command may be given in which state', () => {
  const commands = Object.keys(allowedFrom) as CaseCommand[];
  const table = caseState.options.map((state) =>
    `${state.padEnd(12)} ${commands.filter((command) => mayFrom(command, state)).join(' ')}`.trimEnd(),
  );
  expect(`\n${table.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    depot        place change cancel void
    held         extend takeover release book change move
    scheduled    confirm change move bump cancel void
    confirmed    change move bump cancel void
    in_holding   change move bump cancel void
    in_room      change void
    incision     change void
    closed       change void
    out_of_room  void
    completed    void
    expired
    released
    cancelled    void
    voided
    "
  `);
});

test('CL3 CL4 a case claims from its hold until it is over, and never once it is off its way', () => {
  const claims = caseState.options.filter(isClaiming);
  expect(claims).toEqual(claimingStates);
  for (const state of ['depot', 'expired', 'released', 'cancelled', 'voided'] as const) {
    expect(isClaiming(state)).toBe(false);
  }
  expect(caseState.options.filter(hasLeft)).toEqual(['out_of_room', 'completed']);
});

describe('BK9 the state after the known facts', () => {
  const onItsWay = ['scheduled', 'confirmed', ...milestone.options] as const;
  const facts = fc.uniqueArray(fc.constantFrom(...milestone.options));
  const asTold = (told: Milestone[]) =>
    Object.fromEntries(told.map((fact) => [fact, '2027-05-10T09:00:00.000Z']));

  test('of a case on its way is the furthest of them, in whatever order they were told', () => {
    fc.assert(
      fc.property(fc.constantFrom(...onItsWay), facts, (state, told) => {
        const order = (fact: Milestone) => milestone.options.indexOf(fact);
        const furthest = told.toSorted((a, b) => order(a) - order(b)).at(-1);
        const before = state === 'confirmed' ? state : 'scheduled';
        expect(stateAfter(state, asTold(told))).toBe(furthest ?? before);
      }),
    );
  });

  test('RE4 is what it was before anything had happened, once the last fact is withdrawn', () => {
    expect(stateAfter('incision', {}, 'confirmed')).toBe('confirmed');
    expect(stateAfter('incision', {})).toBe('scheduled');
    expect(stateAfter('completed', asTold(['in_room']), 'confirmed')).toBe('in_room');
  });

  test('of any other is the one it was in', () => {
    const others = caseState.options.filter((state) => !(onItsWay as readonly string[]).includes(state));
    expect(others).toEqual(['depot', 'held', 'expired', 'released', 'cancelled', 'voided']);
    fc.assert(
      fc.property(fc.constantFrom(...others), facts, (state, told) => {
        expect(stateAfter(state, asTold(told))).toBe(state);
      }),
    );
  });

  test('never goes back when one more becomes known', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...milestone.options), (told, more) => {
        const order = ['scheduled', ...milestone.options] as string[];
        const before = stateAfter('scheduled', asTold(told));
        const after = stateAfter(before, asTold([...told, more]));
        expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
      }),
    );
  });
});
