/**
 * A number in [0, 1) for the n-th case, independent of the query plan. Hashed twice, because after one round
 * neighbors are visibly correlated.
 */
const draw = (index: number) =>
  `((hashint8extended(hashint8extended(n, $6::bigint), ${index}) & 9007199254740991) / 9007199254740992.0::float8)`;

/**
 * Inserts the finished cases $4 to $5 of site $1 into the places of $2 ($3 per day), weekday by weekday back from
 * the week of Monday $7, starting over after $9 days. Ids do not depend on the seed, so that a second history can be
 * added to the first. With $11 completed cases keep their claims (as in `claimsOf`) where nothing else claims it.
 */
export const insertHistory = `
WITH place AS MATERIALIZED (
  SELECT p.nth - 1 AS place, (p.it ->> 'room')::uuid AS room, (p.it ->> 'opens')::int AS opens,
    jsonb_array_length(p.it -> 'operations') AS choices, p.it -> 'operations' AS operations
  FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS p(it, nth)
), operation AS MATERIALIZED (
  SELECT place, o.nth - 1 AS choice, o.it -> 'surgeons' AS surgeons, jsonb_array_length(o.it -> 'surgeons') AS team, d.*,
    d.minutes * 0.4 AS least, ln(1 + (d.spread / (d.minutes * 0.6)) ^ 2) AS variance
  FROM place, jsonb_array_elements(operations) WITH ORDINALITY AS o(it, nth),
    jsonb_to_record(o.it -> 'procedure') AS d(id uuid, name text, service text, minutes int, spread int,
      "setupMinutes" int, "cleanupMinutes" int, equipment jsonb, bed jsonb)
), drawn AS MATERIALIZED (
  SELECT room, opens, place, floor(${draw(0)} * choices)::int AS choice, ${draw(1)} AS surgeon,
    sqrt(-2 * ln(1 - ${draw(2)})) * cos(2 * pi() * ${draw(3)}) AS normal, ${draw(4)} AS fate, ${draw(5)} AS reason,
    ${draw(6)} AS delay, ${draw(7)} AS patient, (n / $3::int % $9::int)::int AS day
  FROM generate_series($4::bigint, $5::bigint) n JOIN place ON place = n % $3::int
), planned AS MATERIALIZED (
  SELECT d.*, o.*, fate < 0.09 AS is_cancelled,
    ($7::date - day / 5 * 7 + day % 5 + time '07:00' + ceil((opens + "setupMinutes") / 5.0) * interval '5 minutes')
      AT TIME ZONE $8 AS starts,
    greatest(5, round(minutes / 5.0) * 5)::int AS planned_minutes,
    floor(delay * 20 - 6)::int AS late,
    greatest(5, round(least + (minutes - least) * exp(sqrt(variance) * normal - variance / 2)))::int AS actual_minutes
  FROM drawn d JOIN operation o USING (place, choice)
), course AS MATERIALIZED (
  SELECT *, starts + make_interval(mins => late) AS wheels_in, starts + make_interval(mins => late + actual_minutes) AS wheels_out FROM planned
), inserted AS (
INSERT INTO cases (site_id, id, number, version, state, room_id, during, happens, minutes, setup_minutes, cleanup_minutes,
  procedure_id, title, surgeon_id, service, patient_ref, equipment, bed, urgency, reason, reason_code, milestones, created_by)
SELECT $1, gen_random_uuid(), nextval('case_numbers'), 1, CASE WHEN is_cancelled THEN 'cancelled' ELSE 'completed' END,
  room, tstzrange(starts, starts + make_interval(mins => planned_minutes)),
  CASE WHEN is_cancelled THEN tstzrange(starts, starts + make_interval(mins => planned_minutes)) ELSE tstzrange(wheels_in, wheels_out) END,
  planned_minutes, "setupMinutes",
  "cleanupMinutes", id, name, (surgeons ->> floor(surgeon * team)::int)::uuid, service,
  'DEMO-' || 1000000 + floor(patient * 900000)::int, equipment, bed, 'elective',
  CASE WHEN is_cancelled THEN (ARRAY['Fever', 'Patient no-show', 'Abnormal blood results',
    'Surgeon unavailable', 'Earlier case ran over'])[1 + floor(reason * 5)::int] END,
  CASE WHEN is_cancelled THEN (ARRAY['patient_unwell', 'patient_no_show', 'no_clearance',
    'no_surgeon', 'earlier_case'])[1 + floor(reason * 5)::int] END,
  CASE WHEN is_cancelled THEN '{}' ELSE jsonb_build_object(
    'in_holding', wire(wheels_in - interval '40 minutes'), 'in_room', wire(wheels_in),
    'incision', wire(wheels_in + make_interval(mins => actual_minutes / 5)), 'closed', wire(wheels_out - make_interval(mins => actual_minutes / 12)),
    'out_of_room', wire(wheels_out), 'completed', wire(wheels_out + interval '15 minutes')) END,
  $10
FROM course RETURNING *
), stay AS (
  SELECT *, lower(during) AS begins, least(upper(during), date_trunc('minute', (milestones ->> 'out_of_room')::timestamptz)
      + interval '1 minute') AS ends
  FROM inserted WHERE $11 AND state = 'completed'
), claimed (case_id, resource_id, begins, ends, quantity) AS (
  SELECT id, room_id, begins - make_interval(mins => setup_minutes), ends + make_interval(mins => cleanup_minutes), 1 FROM stay
  UNION ALL SELECT id, surgeon_id, begins, ends, 1 FROM stay WHERE surgeon_id IS NOT NULL
  UNION ALL SELECT id, (e ->> 'resourceId')::uuid, begins, ends, (e ->> 'quantity')::int
    FROM stay, jsonb_array_elements(equipment) e
  UNION ALL SELECT id, (bed ->> 'resourceId')::uuid, ((begins AT TIME ZONE $8)::date + time '12:00') AT TIME ZONE $8,
      ((begins AT TIME ZONE $8)::date + (bed ->> 'nights')::int + time '12:00') AT TIME ZONE $8, 1
    FROM stay WHERE jsonb_typeof(bed) = 'object'
)
INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
SELECT $1, r.id, c.case_id, tstzrange(c.begins, c.ends), c.quantity, r.capacity = 1
FROM claimed c JOIN resources r ON r.site_id = $1 AND r.id = c.resource_id
WHERE c.begins < c.ends
ON CONFLICT DO NOTHING`;
