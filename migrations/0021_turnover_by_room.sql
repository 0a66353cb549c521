-- The set-up and clean-up of a procedure in certain rooms: [{roomId, setupMinutes, cleanupMinutes}].
ALTER TABLE procedures ADD turnover_by_room jsonb NOT NULL DEFAULT '[]';
