-- When a case happens: as it happened where that is known, else as planned. The server writes it (`happensAt` of
-- shared/src/reality.ts); boards and lists choose the cases of a day by it.
ALTER TABLE cases ADD COLUMN happens tstzrange;

WITH fact AS (
  SELECT site_id, id, state, lower(during) AS starts, upper(during) - lower(during) AS takes,
    (milestones ->> 'in_room')::timestamptz AS wheeled_in, (milestones ->> 'incision')::timestamptz AS incision,
    (milestones ->> 'closed')::timestamptz AS closed, (milestones ->> 'out_of_room')::timestamptz AS out_of_room,
    (milestones ->> 'completed')::timestamptz AS completed
  FROM cases WHERE state IN ('in_room', 'incision', 'closed', 'out_of_room', 'completed') AND during IS NOT NULL
), first AS (
  SELECT *, coalesce(least(incision, closed), least(out_of_room, completed), starts) AS first FROM fact
), beginning AS (
  SELECT *, coalesce(wheeled_in,
    CASE WHEN first >= starts AND first < starts + interval '24 hours' THEN starts ELSE first END) AS began FROM first
), ending AS (
  SELECT *, CASE
    WHEN state IN ('out_of_room', 'completed') THEN coalesce(out_of_room, least(began + takes, completed))
    WHEN state = 'closed' AND closed + interval '10 minutes' > began THEN closed + interval '10 minutes'
    ELSE began + takes END AS ended FROM beginning
)
UPDATE cases c SET happens = tstzrange(e.began, e.ended)
  FROM ending e WHERE c.site_id = e.site_id AND c.id = e.id AND e.ended > e.began;
UPDATE cases SET happens = during WHERE happens IS NULL AND during IS NOT NULL;
ALTER TABLE cases ADD CHECK ((happens IS NULL) = (during IS NULL));

-- A board takes what overlaps its days; a case may have lasted for any time.
CREATE INDEX cases_by_time ON cases USING gist (site_id, happens) WHERE state NOT IN ('expired', 'released', 'voided');
-- Lists go by the start.
DROP INDEX cases_by_start, gone_cases_by_start, cases_by_surgeon, live_cases_by_start;
CREATE INDEX cases_by_start ON cases (site_id, lower(happens)) WHERE state NOT IN ('expired', 'released', 'voided');
CREATE INDEX gone_cases_by_start ON cases (site_id, lower(happens)) WHERE state IN ('expired', 'released', 'voided');
CREATE INDEX cases_by_surgeon ON cases (site_id, surgeon_id, lower(happens))
  WHERE state NOT IN ('expired', 'released', 'voided');
CREATE INDEX live_cases_by_start ON cases (site_id, lower(happens))
  WHERE state NOT IN ('depot', 'completed', 'cancelled', 'expired', 'released', 'voided');
