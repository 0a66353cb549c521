-- Saves cases in their wire shape, each with the time it happens (`storedCase` of cases.sql.ts). Each must be newer than
-- the stored one; a new case never overwrites one that somebody else has created with the same id.
CREATE FUNCTION save_cases(p_site uuid, p_cases jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_saved int;
BEGIN
  INSERT INTO cases AS k (site_id, id, number, version, state, room_id, during, happens, minutes, setup_minutes, cleanup_minutes,
      procedure_id, title, surgeon_id, service, patient_ref, equipment, bed, list, urgency, due_by, holder,
      held_since, expires_at, depot_since, bumped, note, reason, reason_code, override_reason,
      override_reason_code, delay_reason, delay_reason_code, milestones, created_by)
    SELECT p_site, c.id, c.number, c.version, c.state, c."roomId",
      CASE WHEN c.start IS NOT NULL THEN tstzrange(c.start, c."end") END,
      CASE WHEN c."happensFrom" IS NOT NULL THEN tstzrange(c."happensFrom", c."happensUntil") END, c.minutes, c."setupMinutes",
      c."cleanupMinutes", c."procedureId", c.title, c."surgeonId", c.service, c."patientRef", c.equipment,
      c.bed, c.list, c.urgency, c."dueBy", c.holder, c."heldSince", c."expiresAt",
      c."depotSince", c.bumped, c.note, c.reason, c."reasonCode", c."overrideReason", c."overrideReasonCode", c."delayReason",
      c."delayReasonCode", c.milestones, c."createdBy"
    FROM jsonb_to_recordset(p_cases) AS c(id uuid, number bigint, version int, state text, "roomId" uuid,
      start timestamptz, "end" timestamptz, "happensFrom" timestamptz, "happensUntil" timestamptz, minutes int, "setupMinutes" int, "cleanupMinutes" int,
      "procedureId" uuid, title text, "surgeonId" uuid, service text, "patientRef" text, equipment jsonb,
      bed jsonb, list jsonb, urgency text, "dueBy" timestamptz, holder jsonb, "heldSince" timestamptz,
      "expiresAt" timestamptz, "depotSince" timestamptz, bumped jsonb, note text, reason text,
      "reasonCode" text, "overrideReason" text, "overrideReasonCode" text, "delayReason" text, "delayReasonCode" text, milestones jsonb, "createdBy" uuid)
  ON CONFLICT (site_id, id) DO UPDATE SET
    version = EXCLUDED.version, state = EXCLUDED.state, room_id = EXCLUDED.room_id, during = EXCLUDED.during,
    happens = EXCLUDED.happens,
    minutes = EXCLUDED.minutes, setup_minutes = EXCLUDED.setup_minutes,
    cleanup_minutes = EXCLUDED.cleanup_minutes, procedure_id = EXCLUDED.procedure_id, title = EXCLUDED.title,
    surgeon_id = EXCLUDED.surgeon_id, service = EXCLUDED.service, patient_ref = EXCLUDED.patient_ref,
    equipment = EXCLUDED.equipment, bed = EXCLUDED.bed, list = EXCLUDED.list, urgency = EXCLUDED.urgency,
    due_by = EXCLUDED.due_by, holder = EXCLUDED.holder, held_since = EXCLUDED.held_since,
    expires_at = EXCLUDED.expires_at, depot_since = EXCLUDED.depot_since, bumped = EXCLUDED.bumped, note = EXCLUDED.note, reason = EXCLUDED.reason,
    reason_code = EXCLUDED.reason_code, override_reason = EXCLUDED.override_reason,
    override_reason_code = EXCLUDED.override_reason_code, delay_reason = EXCLUDED.delay_reason,
    delay_reason_code = EXCLUDED.delay_reason_code, milestones = EXCLUDED.milestones
    WHERE k.version < EXCLUDED.version;
  GET DIAGNOSTICS v_saved = ROW_COUNT;
  IF v_saved < jsonb_array_length(p_cases) THEN
    RAISE EXCEPTION 'a case has been saved by somebody else meanwhile' USING ERRCODE = 'serialization_failure';
  END IF;
END $$;
