-- Overdue holds that are in the way of the claims or have the same patient.
CREATE FUNCTION overdue_holds(p_site uuid, p_except uuid[], p_claims jsonb, p_patients jsonb) RETURNS uuid[]
  LANGUAGE plpgsql AS $$
DECLARE
  v_overdue uuid[] := ARRAY(SELECT h.id FROM cases h
    WHERE h.site_id = p_site AND h.state = 'held' AND h.expires_at <= clock_timestamp() AND h.id <> ALL (p_except));
BEGIN
  IF v_overdue = '{}' THEN
    RETURN v_overdue;
  END IF;
  RETURN ARRAY(
    SELECT c.case_id FROM claims c
      JOIN jsonb_to_recordset(p_claims) AS a(resource uuid, start timestamptz, "end" timestamptz)
        ON c.resource_id = a.resource AND c.during && tstzrange(a.start, a."end")
      WHERE c.site_id = p_site AND c.case_id = ANY (v_overdue)
    UNION
    SELECT h.id FROM cases h
      JOIN jsonb_to_recordset(p_patients) AS p(patient text) ON h.patient_ref = p.patient
      WHERE h.site_id = p_site AND h.id = ANY (v_overdue));
END $$;
