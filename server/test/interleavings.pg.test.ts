import { afterAll, beforeAll, expect, test } from 'vitest';
import { explore } from './explore.ts';
import { laboratory } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { scenarios } from './scenarios.ts';

let lab: Laboratory;
beforeAll(async () => {
  lab = await laboratory();
});
afterAll(() => lab.end());

test.each(Object.entries(scenarios))(
  '%s: every order of the steps has its expected outcome',
  async (_, scenario) => {
    const { violations, errors, outcomes } = await explore(lab, scenario);
    expect(violations).toEqual([]);
    // No deadlocks, and constraints never decide.
    expect([...errors]).not.toContain('40P01');
    expect([...errors]).not.toContain('23P01');
    // The order made a difference where it may.
    const isOneOutcome = scenario.outcomes(() => true) === scenario.outcomes(() => false);
    expect(outcomes.size).toBe(isOneOutcome ? 1 : 2);
  },
);
