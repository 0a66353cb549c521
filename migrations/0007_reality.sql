ALTER TABLE cases DROP CONSTRAINT patient_in_one_place;

-- Where each patient is to be. A case has its stay here for as long as it waits for its patient or has the patient in
-- the room; what another case of the patient had first is missing from it, because a fact is never refused.
CREATE TABLE patient_stays (
  site_id uuid NOT NULL,
  patient_ref text NOT NULL,
  case_id uuid NOT NULL,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  FOREIGN KEY (site_id, case_id) REFERENCES cases DEFERRABLE INITIALLY DEFERRED,
  -- A patient is in one place at a time: the net under the check of `claim`.
  CONSTRAINT patient_in_one_place EXCLUDE USING gist (site_id WITH =, patient_ref WITH =, during WITH &&)
);
CREATE INDEX patient_stays_of_case ON patient_stays (site_id, case_id);
GRANT SELECT, INSERT, DELETE ON patient_stays TO slate_server;

INSERT INTO patient_stays (site_id, patient_ref, case_id, during)
  SELECT site_id, patient_ref, id, during FROM cases WHERE patient_ref IS NOT NULL AND state IN
    ('held', 'scheduled', 'confirmed', 'in_holding', 'in_room', 'incision', 'closed');

-- A fact that was recorded by mistake is withdrawn by a row without a time.
ALTER TABLE milestones ALTER COLUMN at DROP NOT NULL;

-- Few at any time: what they use is looked at for every claim.
CREATE INDEX cases_under_way ON cases (site_id) WHERE state IN ('in_room', 'incision', 'closed');
