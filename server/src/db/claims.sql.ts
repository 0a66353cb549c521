/**
 * Claims are deleted this many days after they end. No new claim can reach further back: at most a 24-hour case
 * that is still running, its 4-hour set-up, or its bed from noon of the day before.
 */
export const claimsKeptDays = 2;

// Each half has its own index. Rows locked by others are left for the next run.
const someOf = (which: string) => `SELECT id FROM (
    SELECT id FROM claims WHERE site_id = $1 AND ${which}
      AND during << tstzrange((SELECT clock_timestamp()) - make_interval(days => ${claimsKeptDays}), NULL)
    LIMIT 5000 FOR UPDATE SKIP LOCKED) c`;

/** Deletes a batch of claims that ended long enough ago. $1 site */
export const deleteSomeClaims = {
  name: 'delete-some-claims',
  text: `DELETE FROM claims WHERE site_id = $1 AND id = ANY (ARRAY(
    ${someOf('exclusive')} UNION ALL ${someOf('NOT exclusive')}))`,
};
