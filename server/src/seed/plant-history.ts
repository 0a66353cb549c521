import { procedure, resource } from '@slate/shared/resources';
import type { Procedure, Resource } from '@slate/shared/resources';
import { addDays, localDateOf, weekdayOf } from '@slate/shared/time';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { many, one, run, timestamp } from '../db/query.ts';
import type { Statement } from '../db/query.ts';
import { insertHistory } from './history.sql.ts';

export type History = {
  siteId: string;
  cases: number;
  /** The same seed draws the same operations, durations and cancellations again. */
  seed: number;
  /** Whether the finished cases still claim what they used, as they do until `forgetPastClaims` comes by. */
  claims?: boolean;
  /** Told after every batch how many there are by now. */
  progress?: (done: number) => void;
};

const batch = 50_000;
const minutesPerDay = 600;
const yearsBack = 25;
/** What is older claims nothing any more: nobody books into it. */
const newestDaysBack = 31;

/**
 * Adds finished and cancelled cases to a site's past, weekday after weekday back from a month ago, as many a
 * day as its rooms could do. More than its rooms could have done in all those years go over the same years
 * again: that is load, and no longer a plausible hospital. Needs a connection of the tables' owner that has
 * no time limits.
 */
export async function plantHistory(
  client: ClientBase,
  { siteId, cases, seed, claims = false, progress }: History,
): Promise<void> {
  const site = await one(client, siteOfHistory, [siteId]);
  const places = placesOf(
    await many(client, resourcesOf, [siteId]),
    await many(client, proceduresOf, [siteId]),
  );
  const newest = addDays(localDateOf(site.at, site.zone), -newestDaysBack);
  const lastMonday = addDays(newest, 1 - weekdayOf(newest) - 7);
  for (let done = 0; done < cases;) {
    const next = Math.min(done + batch, cases);
    await run(client, 'plant-history', insertHistory, [
      siteId,
      JSON.stringify(places),
      places.length,
      done,
      next - 1,
      seed,
      lastMonday,
      site.zone,
      yearsBack * 52 * 5,
      site.author,
      claims,
    ]);
    done = next;
    progress?.(done);
  }
  await client.query('ANALYZE cases, claims');
}

const siteOfHistory: Statement<{ zone: string; at: string; author: string }> = {
  name: 'history-site',
  text: `SELECT time_zone AS zone, clock_timestamp() AS at, coalesce(
      (SELECT user_id FROM memberships WHERE site_id = $1 ORDER BY role = 'coordinator' DESC, user_id LIMIT 1),
      gen_random_uuid()) AS author
    FROM sites WHERE id = $1`,
  row: z.object({ zone: z.string(), at: timestamp, author: z.string() }),
};

const resourcesOf: Statement<{ resource: Resource }> = {
  name: 'history-resources',
  text: 'SELECT resource_json(r) AS resource FROM resources r WHERE site_id = $1 ORDER BY kind, id',
  row: z.object({ resource }),
};

const proceduresOf: Statement<{ procedure: Procedure }> = {
  name: 'history-procedures',
  text: 'SELECT procedure_json(p) AS procedure FROM procedures p WHERE site_id = $1 ORDER BY id',
  row: z.object({ procedure }),
};

/** One of the equal turns that a room's day has, and what may be done in it by whom. */
type Place = {
  room: string;
  opens: number;
  operations: { procedure: Procedure; surgeons: (string | null)[] }[];
};

function placesOf(resources: { resource: Resource }[], procedures: { procedure: Procedure }[]): Place[] {
  const of = (kind: Resource['kind']) =>
    resources.map((each) => each.resource).filter((each) => each.kind === kind);
  const surgeons = of('surgeon');
  const all = procedures.map((each) => each.procedure);
  const places = of('room').flatMap((room) => {
    const { capabilities = [], service } = room.attributes;
    const possible = all.filter((each) => each.capabilities.every((need) => capabilities.includes(need)));
    const usual = possible.filter((each) => each.service === service);
    const operations = (usual.length > 0 ? usual : possible).map((each) => {
      const team = surgeons
        .filter(({ attributes }) => attributes.service === each.service)
        .map(({ id }) => id);
      return { procedure: each, surgeons: team.length > 0 ? team : [null] };
    });
    const longest = Math.max(...operations.map((each) => turnOf(each.procedure)));
    const turns = Math.max(1, Math.floor(minutesPerDay / longest));
    return operations.length === 0
      ? []
      : Array.from({ length: turns }, (_, turn) => ({
          room: room.id,
          opens: Math.floor((turn * minutesPerDay) / turns),
          operations,
        }));
  });
  if (places.length === 0) throw new Error('A history needs rooms, and procedures that can be done in them.');
  return places;
}

const turnOf = ({ setupMinutes, minutes, cleanupMinutes }: Procedure) =>
  setupMinutes + minutes + cleanupMinutes;
