import { id } from '@slate/shared/fields';
import { recurringClosure } from '@slate/shared/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import { closure } from '@slate/shared/sites';
import type { Closure } from '@slate/shared/sites';
import { instant, localDate } from '@slate/shared/time';
import { z } from 'zod';
import type { Statement } from './query.ts';

const laid = z.object({ recurring: recurringClosure, until: localDate });
/** A rule with the last date up to which its closures are laid out. */
export type LaidRecurring = z.infer<typeof laid>;
const stored = z.object({ now: instant, rules: z.array(laid) });

/** The recurring closures of a site and the clock after the lock. $1 site */
export const recurringClosuresOf: Statement<z.infer<typeof stored>> = {
  name: 'recurring-closures-of',
  text: `SELECT wire(clock_timestamp()) AS now, coalesce((SELECT jsonb_agg(jsonb_build_object(
      'recurring', recurring_closure_json(r), 'until', r.laid_until) ORDER BY r.id)
    FROM recurring_closures r WHERE r.site_id = $1), '[]') AS rules`,
  row: stored,
};

const row = z.object({ recurring: recurringClosure });
const returned = 'RETURNING recurring_closure_json(r) AS recurring';

/** $1 site, $2 id, $3 resource, $4 recurrence, $5 start, $6 end, $7 quantity, $8 reason, $9 skipped, $10 created by, $11 laid out until */
export const insertRecurringClosure: Statement<{ recurring: RecurringClosure }> = {
  name: 'insert-recurring-closure',
  text: `INSERT INTO recurring_closures AS r (site_id, id, resource_id, recurrence, starts, ends, quantity, reason, skipped,
      created_by, laid_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING ${returned}`,
  row,
};

/** $1 site, $2 id, $3 recurrence, $4 start, $5 end, $6 quantity, $7 reason, $8 skipped, $9 laid out until */
export const updateRecurringClosure: Statement<{ recurring: RecurringClosure }> = {
  name: 'update-recurring-closure',
  text: `UPDATE recurring_closures r SET recurrence = $3, starts = $4, ends = $5, quantity = $6, reason = $7, skipped = $8,
      laid_until = $9, version = version + 1
    WHERE site_id = $1 AND id = $2 ${returned}`,
  row,
};

/** $1 site, $2 id */
export const deleteRecurringClosure = {
  name: 'delete-recurring-closure',
  text: 'DELETE FROM recurring_closures WHERE site_id = $1 AND id = $2',
};

/** $1 site, $2 id, $3 until */
export const setRecurringLaidUntil = {
  name: 'set-recurring-laid-until',
  text: 'UPDATE recurring_closures SET laid_until = $3 WHERE site_id = $1 AND id = $2',
};

/** Sites with a recurring closure that is not laid out far enough. */
export const sitesToLayOutClosures: Statement<{ site_id: string }> = {
  name: 'sites-to-lay-out-closures',
  text: `SELECT s.id AS site_id FROM sites s WHERE EXISTS (SELECT FROM recurring_closures r WHERE r.site_id = s.id
    AND r.laid_until < (clock_timestamp() AT TIME ZONE s.time_zone)::date + 7 * (settings_json(s.settings) -> 'blockWeeks')::int)`,
  row: z.object({ site_id: id }),
};

/** The future closures of a rule. $1 site, $2 rule, $3 after */
export const laidClosuresOf: Statement<{ closure: Closure; date: string }> = {
  name: 'laid-closures-of',
  text: `SELECT closure_json(c) AS closure, c.recurring_date::text AS date FROM closures c
    WHERE c.site_id = $1 AND c.recurring_id = $2 AND lower(c.during) > $3 ORDER BY lower(c.during)`,
  row: z.object({ closure, date: localDate }),
};

/** $1 site, $2 closure, $3 rule, $4 date */
export const setRecurring = {
  name: 'set-recurring',
  text: 'UPDATE closures SET recurring_id = $3, recurring_date = $4 WHERE site_id = $1 AND id = $2',
};

/**
 * Makes a laid-out closure an ordinary one: its rule skips the date from now on. Returns the rule, or no row for an
 * ordinary closure. $1 site, $2 closure
 */
export const detachClosure: Statement<{ recurring: RecurringClosure }> = {
  name: 'detach-closure',
  text: `WITH detached AS (
      UPDATE closures c SET recurring_id = NULL, recurring_date = NULL
      FROM (SELECT id, recurring_id, recurring_date FROM closures WHERE site_id = $1 AND id = $2
        AND recurring_id IS NOT NULL FOR UPDATE) old
      WHERE c.site_id = $1 AND c.id = $2 RETURNING old.recurring_id, old.recurring_date)
    UPDATE recurring_closures r SET skipped = skipped || d.recurring_date, version = version + 1
    FROM detached d WHERE r.site_id = $1 AND r.id = d.recurring_id ${returned}`,
  row,
};
