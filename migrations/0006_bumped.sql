-- Who sent a case back to the depot, when and why: `{"by": {"id", "name"}, "at", "reason"}`. Gone when it is booked again.
ALTER TABLE cases ADD bumped jsonb;
