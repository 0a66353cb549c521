-- The settings of a site, with defaults for those that nobody has set.
CREATE FUNCTION settings_json(p_settings jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{"holdSeconds": 120, "holdLimitSeconds": 600, "holdsPerPerson": 10, "setupMinutes": 10, "cleanupMinutes": 15,
    "caseMinutes": 60, "blockWeeks": 26,
    "shortNamesOnCards": true, "patientsOnCards": false,
    "wallProcedures": true, "wallSurgeons": true, "wallNumbers": true,
    "offlineHours": 72, "queueHours": 24, "updateChannel": "stable", "updatePercent": 100, "updatesPaused": false}' || p_settings
$$;
