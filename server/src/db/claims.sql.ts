/**
 * So long after its end a claim is forgotten. Nothing that is asked for from now on reaches further back: a case of
 * 24 hours that is not over yet, its set-up of 4 before it, or its bed from the noon before.
 */
export const claimsKeptDays = 2;

// Each half has an index of its own. What somebody else is at just now is left for the next time.
const forgotten = (which: string) => `SELECT id FROM (
    SELECT id FROM claims WHERE site_id = $1 AND ${which}
      AND during << tstzrange((SELECT clock_timestamp()) - make_interval(days => ${claimsKeptDays}), NULL)
    LIMIT 5000 FOR UPDATE SKIP LOCKED) c`;

/** Forgets some of the claims that are over; how many. $1 site */
export const forgetSomeClaims = {
  name: 'forget-some-claims',
  text: `DELETE FROM claims WHERE site_id = $1 AND id = ANY (ARRAY(
    ${forgotten('exclusive')} UNION ALL ${forgotten('NOT exclusive')}))`,
};
