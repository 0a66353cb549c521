-- PostgreSQL can lose entries of a GiST index when one statement scans it again while its first page splits
-- (`claims_over`). Many statements look for cases, so B-trees find them by time: `cases_by_start` and this one.
DROP INDEX cases_by_time;
CREATE INDEX long_cases ON cases (site_id, lower(happens))
  WHERE upper(happens) - lower(happens) > interval '24 hours' AND state NOT IN ('expired', 'released', 'voided');
-- Brings back entries that were lost.
REINDEX INDEX one_claim_at_a_time;
REINDEX INDEX pooled_claims;
REINDEX INDEX patient_in_one_place;
REINDEX INDEX blocks_site_id_room_id_during_excl;
REINDEX INDEX closures_by_start;
