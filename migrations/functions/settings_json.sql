-- The settings of a site. One that a later version has added, and nobody has set yet, has its usual value.
CREATE FUNCTION settings_json(p_settings jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{"holdSeconds": 120, "holdLimitSeconds": 600, "holdsPerPerson": 10, "setupMinutes": 10, "cleanupMinutes": 15,
    "caseMinutes": 60, "shortNamesOnCards": true, "patientsOnCards": false}' || p_settings
$$;
