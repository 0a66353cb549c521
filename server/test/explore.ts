import { checkInvariants } from './invariants.ts';
import { freshSite } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import type { Scenario } from './scenarios.ts';
import { createStepper } from './stepper.ts';

export type Exploration = {
  /** The number of orders tried, and their outcomes. */
  orders: number;
  outcomes: Set<string>;
  violations: string[];
  /** SQLSTATEs of all database errors, including those that were retried. */
  errors: Set<string>;
};

/**
 * Tries every order of a scenario's steps, each at a new site, and checks the results. `stopAtViolation`: stops at the
 * first violation.
 */
export async function explore(
  lab: Laboratory,
  scenario: Scenario,
  { stopAtViolation = false } = {},
): Promise<Exploration> {
  const stepper = createStepper(lab.database.appUrl, lab.owner);
  const exploration: Exploration = { orders: 0, outcomes: new Set(), violations: [], errors: new Set() };
  try {
    let site = lab;
    const prepare = async () => {
      site = await freshSite(lab);
      return scenario.prepare(site);
    };
    const feed = async () => {
      const { rows } = await lab.owner.query<{ revision: string }>(
        'SELECT revision FROM changes WHERE site_id = $1 ORDER BY revision',
        [site.siteId],
      );
      return rows.every(({ revision }, index) => Number(revision) === index + 1)
        ? []
        : ['FE1: a gap was visible.'];
    };
    for await (const run of stepper.everyOrder(prepare, feed)) {
      const expected = scenario.outcomes((step, other) => isBefore(run.trace, step, other));
      const outcome = run.outcomes.join(', ');
      exploration.orders++;
      exploration.outcomes.add(outcome);
      for (const code of run.errors) exploration.errors.add(code);
      const violations = [
        ...(outcome === expected ? [] : [`came to ${outcome} instead of ${expected}`]),
        ...run.observations,
        ...(await checkInvariants(lab.owner, site.siteId)),
      ];
      exploration.violations.push(...violations.map((violation) => `${run.trace.join(' ')}: ${violation}`));
      if (stopAtViolation && violations.length > 0) break;
    }
  } finally {
    await stepper.end();
  }
  return exploration;
}

function isBefore(trace: readonly string[], step: string, other: string): boolean {
  const [a, b] = [trace.indexOf(step), trace.indexOf(other)];
  return a !== -1 && (b === -1 || a < b);
}
