-- A block of a group of surgeons: `surgeon_id` and these.
ALTER TABLE blocks ADD also_surgeon_ids uuid[] NOT NULL DEFAULT '{}';
