-- A case as on the wire.
CREATE FUNCTION case_json(c cases) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_object(
    'id', c.id, 'number', c.number, 'version', c.version, 'state', c.state, 'roomId', c.room_id,
    'start', wire(lower(c.during)), 'end', wire(upper(c.during)), 'minutes', c.minutes,
    'setupMinutes', c.setup_minutes, 'cleanupMinutes', c.cleanup_minutes, 'procedureId', c.procedure_id,
    'title', c.title, 'surgeonId', c.surgeon_id, 'service', c.service, 'patientRef', c.patient_ref,
    'equipment', c.equipment, 'bed', c.bed, 'list', c.list, 'urgency', c.urgency, 'dueBy', wire(c.due_by),
    'holder', c.holder, 'heldSince', wire(c.held_since), 'expiresAt', wire(c.expires_at), 'depotSince', wire(c.depot_since),
    'bumped', c.bumped, 'note', c.note,
    'reason', c.reason, 'reasonCode', c.reason_code, 'overrideReason', c.override_reason,
    'overrideReasonCode', c.override_reason_code, 'delayReason', c.delay_reason, 'delayReasonCode', c.delay_reason_code, 'milestones', c.milestones,
    'createdBy', c.created_by)
$$;
