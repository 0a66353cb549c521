-- The version of the words in which a change and a reply were written (server/src/db/stored/shape.ts).
ALTER TABLE changes ADD shape smallint NOT NULL DEFAULT 1;
ALTER TABLE commands ADD shape smallint NOT NULL DEFAULT 1;
