import { claimsOf } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { escapeIdentifier } from 'pg';
import { isUnavailable } from '../src/db/failures.ts';
import { createPool, roleTimeouts } from '../src/db/pool.ts';
import type { Database } from '../src/db/pool.ts';
import type { Queryable } from '../src/db/query.ts';
import { Refusal } from '../src/domain/refusal.ts';
import type { CommandReply } from '../src/commands/context.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { releaseHold } from '../src/use-cases/cases/holds.ts';
import { feed, queryDirectly } from './administer.ts';
import { holdInput, at, caseOf } from './hospital.ts';
import { checkInvariants } from './invariants.ts';
import { freshSite } from './laboratory.ts';
import type { Laboratory } from './laboratory.ts';
import { recordErrors } from './statements.ts';

export type ContentionResult = {
  violations: string[];
  /** SQLSTATEs of all database errors, including those that were retried. */
  errors: Set<string>;
  done: number;
  refused: number;
  /** Nothing was decided; the command can be retried. */
  unavailable: number;
};

const workers = 8;

/**
 * Runs many concurrent commands for a few times in two rooms and (unless `singular`) a pool of two. Returns violated
 * invariants, and changes that a concurrent reader has missed.
 */
export async function contend(
  lab: Laboratory,
  { singular = false, rounds = 40 } = {},
): Promise<ContentionResult> {
  const site = await freshSite(lab);
  const result: ContentionResult = { violations: [], errors: new Set(), done: 0, refused: 0, unavailable: 0 };
  const pool = await poolWithoutTimeouts(site.database);
  const deps = { pool: recordErrors(pool, result.errors), publish: () => {} };

  const attempt = async (command: Promise<CommandReply>): Promise<Case | undefined> => {
    try {
      const item = caseOf(await command);
      result.done++;
      return item;
    } catch (error) {
      if (error instanceof Refusal) result.refused++;
      else if (isUnavailable(error)) result.unavailable++;
      else result.violations.push(`Neither done nor refused: ${String(error)}`);
      return undefined;
    }
  };
  const work = async (worker: number) => {
    for (let round = 0; round < rounds; round++) {
      const [here, there] = round % 2 ? site.rooms : site.rooms.toReversed();
      const start = at(['09:00', '09:20', '09:40'][(worker + round) % 3] ?? '');
      const input = holdInput(site, {
        roomId: here,
        start,
        surgeonId: site.surgeons[(worker * round) % 3],
        equipment: singular ? [] : [{ resourceId: site.equipment[0], quantity: 1 }],
      });
      const item = await attempt(placeHold(deps, site.request(), input));
      if (!item) continue;
      const to = { version: item.version, roomId: there ?? '', start: at('09:30'), note: `Round ${round}` };
      await attempt(changeCase(deps, site.request(), item.id, to));
      if (round < rounds - 1) await attempt(releaseHold(deps, site.request(), item.id));
    }
  };

  const reader = readContinuously(lab.owner, site.siteId);
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  result.violations.push(
    ...(await reader.missed()),
    ...(await checkInvariants(lab.owner, site.siteId)),
    ...overbooked(site, await feed(site)),
  );
  await pool.end();
  return result;
}

/** A slow machine must not change the outcome. */
async function poolWithoutTimeouts({ appUrl, superUrl }: Laboratory['database']): Promise<Database> {
  const { username, pathname } = new URL(appUrl);
  const role = `ALTER ROLE ${escapeIdentifier(username)} IN DATABASE ${escapeIdentifier(pathname.slice(1))}`;
  for (const timeout of Object.keys(roleTimeouts)) {
    await queryDirectly(superUrl, `${role} SET ${timeout} = 0`);
  }
  const pool = createPool({ url: appUrl, max: workers, applicationName: 'contend' });
  Object.assign(pool.options, { query_timeout: 0, connectionTimeoutMillis: 0 });
  return pool;
}

/** Finds double claims at any moment of the history, even if they are gone now. */
function overbooked({ equipment }: Laboratory, history: ChangeBody[]): string[] {
  const found: string[] = [];
  const cases = new Map<string, Case>();
  for (const body of history) {
    if (body.type === 'case') cases.set(body.case.id, body.case);
    const claims = [...cases.values()].flatMap((item) => claimsOf(item, 'UTC'));
    for (const { resourceId, start } of claims) {
      const load = claims.filter(
        (each) => each.resourceId === resourceId && each.start <= start && start < each.end,
      );
      if (load.length > (resourceId === equipment[0] ? 2 : 1))
        found.push(`CL1: ${load.length} at once at ${start}.`);
    }
  }
  return found;
}

/** Keeps reading the feed from its last position; returns the changes it never saw. */
function readContinuously(owner: Queryable, siteId: string) {
  const seen = new Set<number>();
  const reader = { isReading: true };
  const read = async (after: number) => {
    const text = 'SELECT revision::int FROM changes WHERE site_id = $1 AND revision > $2 ORDER BY revision';
    const { rows } = await owner.query<{ revision: number }>(text, [siteId, after]);
    return rows.map(({ revision }) => revision);
  };
  const done = (async () => {
    for (let position = 0; reader.isReading;) {
      const revisions = await read(position);
      for (const revision of revisions) seen.add(revision);
      position = revisions.at(-1) ?? position;
    }
    return Math.max(0, ...seen);
  })();
  return {
    missed: async () => {
      reader.isReading = false;
      const last = await done;
      const all = await read(0);
      return all
        .filter((each) => each <= last && !seen.has(each))
        .map((each) => `FE1: ${each} came too late.`);
    },
  };
}
