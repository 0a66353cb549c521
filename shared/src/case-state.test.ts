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

test('the states in which each command is allowed', () => {
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

test('CL3 CL4 a case claims from its hold to its completion, and nothing once it is released, cancelled or voided', () => {
  const claims = caseState.options.filter(isClaiming);
  expect(claims).toEqual(claimingStates);
  for (const state of ['depot', 'expired', 'released', 'cancelled', 'voided'] as const) {
    expect(isClaiming(state)).toBe(false);
  }
  expect(caseState.options.filter(hasLeft)).toEqual(['out_of_room', 'completed']);
});

describe('BK9 the state that follows from the facts', () => {
  const booked = ['scheduled', 'confirmed', ...milestone.options] as const;
  const facts = fc.uniqueArray(fc.constantFrom(...milestone.options));
  const asFacts = (recorded: Milestone[]) =>
    Object.fromEntries(recorded.map((fact) => [fact, '2027-05-10T09:00:00.000Z']));

  test('is the furthest fact of a booked case, in whatever order the facts arrive', () => {
    fc.assert(
      fc.property(fc.constantFrom(...booked), facts, (state, recorded) => {
        const order = (fact: Milestone) => milestone.options.indexOf(fact);
        const furthest = recorded.toSorted((a, b) => order(a) - order(b)).at(-1);
        const before = state === 'confirmed' ? state : 'scheduled';
        expect(stateAfter(state, asFacts(recorded))).toBe(furthest ?? before);
      }),
    );
  });

  test('RE4 returns to the state before the first fact when the last one is withdrawn', () => {
    expect(stateAfter('incision', {}, 'confirmed')).toBe('confirmed');
    expect(stateAfter('incision', {})).toBe('scheduled');
    expect(stateAfter('completed', asFacts(['in_room']), 'confirmed')).toBe('in_room');
  });

  test('stays the same for a case that is not booked', () => {
    const unbooked = caseState.options.filter((state) => !(booked as readonly string[]).includes(state));
    expect(unbooked).toEqual(['depot', 'held', 'expired', 'released', 'cancelled', 'voided']);
    fc.assert(
      fc.property(fc.constantFrom(...unbooked), facts, (state, recorded) => {
        expect(stateAfter(state, asFacts(recorded))).toBe(state);
      }),
    );
  });

  test('never goes back when another fact arrives', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...milestone.options), (recorded, more) => {
        const order = ['scheduled', ...milestone.options] as string[];
        const before = stateAfter('scheduled', asFacts(recorded));
        const after = stateAfter(before, asFacts([...recorded, more]));
        expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
      }),
    );
  });
});
