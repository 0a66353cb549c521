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
  /** The same seed draws the same operations, durations and cancellations. */
  seed: number;
  /** Whether completed cases keep their claims, as they do until `deletePastClaims` deletes them. */
  claims?: boolean;
  /** Called after every batch with the number of cases so far. */
  progress?: (done: number) => void;
};

const batch = 50_000;
const minutesPerDay = 600;
const yearsBack = 25;
/** Older than any claim, so history gets in the way of no booking. */
const newestDaysBack = 31;

/**
 * Adds completed and canceled cases to a site's past, weekday by weekday back from a month ago, as many a day as its
 * rooms can do. After 25 years it starts over on the same days: useful as load, but no longer plausible. Needs a
 * connection as the owner of the tables, without timeouts.
 */
export async function seedHistory(
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
    await run(client, 'seed-history', insertHistory, [
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

/** One of the equal turns of a room's day, with its possible operations and surgeons. */
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
  if (places.length === 0) throw new Error('A history needs rooms and procedures that can be done in them.');
  return places;
}

const turnOf = ({ setupMinutes, minutes, cleanupMinutes }: Procedure) =>
  setupMinutes + minutes + cleanupMinutes;
