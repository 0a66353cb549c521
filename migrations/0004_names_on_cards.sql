-- What a department calls a procedure, and what the cards of a site show.
ALTER TABLE procedures ADD short_name text;
UPDATE sites SET settings = '{"shortNamesOnCards": true, "patientsOnCards": false}' || settings;
