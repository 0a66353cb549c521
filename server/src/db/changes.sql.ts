import { surgicalCase } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { change } from '@slate/shared/changes';
import type { Change } from '@slate/shared/changes';
import { id } from '@slate/shared/fields';
import { wallSettings } from '@slate/shared/sites';
import type { WallSettings } from '@slate/shared/sites';
import { z } from 'zod';
import { bigint, timestamp } from './query.ts';
import type { Statement } from './query.ts';
import { upgradeStored } from './stored/shape.ts';

const stored = z
  .object({ shape: z.int(), body: z.record(z.string(), z.unknown()) })
  .loose()
  .transform(({ shape, body, ...rest }) => ({ ...rest, body: upgradeStored(body, shape) }))
  .pipe(change);
const feed = z.object({
  epoch: id,
  head: bigint,
  after: bigint,
  settings: wallSettings,
  changes: z.array(stored),
});
export type FeedRow = {
  epoch: string;
  head: number;
  after: number;
  settings: WallSettings;
  changes: Change[];
};

/**
 * The changes after a revision (or the latest ones), and the head and the settings of the site, as of one moment.
 * $1 site, $2 after (null: the latest $3), $3 limit
 */
export const feedOf: Statement<FeedRow> = {
  name: 'feed',
  text: `
    SELECT s.epoch, s.revision AS head, s.after, settings_json(s.settings) AS settings, coalesce((
      SELECT jsonb_agg(jsonb_build_object('revision', c.revision, 'at', wire(c.at), 'by', c.actor, 'body', c.body,
          'shape', c.shape)
        ORDER BY c.revision)
      FROM changes c WHERE c.site_id = s.id AND c.revision > s.after AND c.revision <= s.after + $3), '[]') AS changes
    FROM (SELECT id, epoch, revision, settings, coalesce($2::bigint, greatest(revision - $3::bigint, 0)) AS after
      FROM sites WHERE id = $1) s`,
  row: feed,
};

/** The states of cases as the feed had them. $1 site, $2 cases */
export const pastCasesOf: Statement<{ case: Case }> = {
  name: 'past-cases-of',
  text: `SELECT body, shape FROM changes
    WHERE site_id = $1 AND body ->> 'type' = 'case' AND body -> 'case' ->> 'id' = ANY ($2::text[])`,
  row: z
    .object({ body: z.record(z.string(), z.unknown()), shape: z.int() })
    .transform(({ body, shape }) => upgradeStored(body, shape))
    .pipe(z.object({ case: surgicalCase })),
};

/** The last state of a case before its first milestone. $1 site, $2 case */
export const plannedStateOf: Statement<{ state: 'scheduled' | 'confirmed' }> = {
  name: 'planned-state',
  text: `SELECT body -> 'case' ->> 'state' AS state FROM changes
    WHERE site_id = $1 AND body ->> 'type' = 'case' AND body -> 'case' ->> 'id' = $2
      AND body -> 'case' ->> 'state' IN ('scheduled', 'confirmed')
    ORDER BY revision DESC LIMIT 1`,
  row: z.object({ state: z.enum(['scheduled', 'confirmed']) }),
};

/**
 * The time at which the current value of a field was entered: `madeAt` of a queued fact, or the time of the revision.
 * $1 site, $2 case, $3 path of the field
 */
export const lastEntered: Statement<{ entered_at: string }> = {
  name: 'last-entered',
  text: `SELECT entered_at FROM (
      SELECT revision, coalesce((body ->> 'madeAt')::timestamptz, at) AS entered_at,
        body -> 'case' #> $3::text[] AS value, lag(body -> 'case' #> $3::text[]) OVER (ORDER BY revision) AS before
      FROM changes WHERE site_id = $1 AND body ->> 'type' = 'case' AND body -> 'case' ->> 'id' = $2) c
    WHERE value IS DISTINCT FROM before ORDER BY revision DESC LIMIT 1`,
  row: z.object({ entered_at: timestamp }),
};

const head = z.object({ site_id: id, epoch: id, revision: bigint, at: timestamp });
export type SiteHeadRow = z.infer<typeof head>;

/** $1 sites */
export const headsOf: Statement<SiteHeadRow> = {
  name: 'heads',
  text: 'SELECT id AS site_id, epoch, revision, clock_timestamp() AS at FROM sites WHERE id = ANY ($1::uuid[])',
  row: head,
};
