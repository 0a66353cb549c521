-- A list of what is planned, held or under way does not read through what is done. What waits in the depot has no start.
CREATE INDEX live_cases_by_start ON cases (site_id, lower(during))
  WHERE state NOT IN ('depot', 'completed', 'cancelled', 'expired', 'released', 'voided');
