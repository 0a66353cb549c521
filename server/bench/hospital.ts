/** Sites with enough rooms and surgeons for many clients to book without conflicts. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { hashPassword } from '../src/identity/passwords.ts';
import { defaultSettings } from '@slate/shared/sites';

export type BenchSite = { id: string; procedure: string; rooms: string[]; surgeons: string[] };
export type Hospital = { sites: BenchSite[]; people: { id: string; email: string }[]; password: string };

const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

const settings = {
  ...defaultSettings,
  holdsPerPerson: 1000,
  setupMinutes: 5,
  cleanupMinutes: 5,
  caseMinutes: 10,
};

/** Everyone is a coordinator at every site. */
export async function createHospital(
  owner: pg.ClientBase,
  { sites: count, rooms, surgeons, people: heads }: Record<'sites' | 'rooms' | 'surgeons' | 'people', number>,
): Promise<Hospital> {
  const password = randomUUID();
  const people = ids(heads).map((id) => ({ id, email: `${id}@bench.example` }));
  await owner.query(
    `INSERT INTO users (id, email, name, password_hash, status)
      SELECT id, id || '@bench.example', 'Coordinator', $2, 'active' FROM unnest($1::uuid[]) AS id`,
    [people.map(({ id }) => id), await hashPassword(password)],
  );
  const sites = ids(count).map((id) => ({
    id,
    procedure: randomUUID(),
    rooms: ids(rooms),
    surgeons: ids(surgeons),
  }));
  for (const site of sites) {
    await owner.query(
      `INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, 'Bench', 'America/Chicago', $2)`,
      [site.id, settings],
    );
    await owner.query(
      `INSERT INTO resources (site_id, id, kind, name, capacity)
        SELECT $1, id, kind, kind || ' ' || n, 1
        FROM (SELECT id, 'room' AS kind, n FROM unnest($2::uuid[]) WITH ORDINALITY AS r(id, n)
          UNION ALL SELECT id, 'surgeon', n FROM unnest($3::uuid[]) WITH ORDINALITY AS s(id, n)) all_of_them`,
      [site.id, site.rooms, site.surgeons],
    );
    await owner.query(
      `INSERT INTO procedures (site_id, id, name, service, minutes, spread, setup_minutes, cleanup_minutes,
        capabilities, equipment) VALUES ($1, $2, 'Carpal tunnel release', 'Hand', 10, 2, 5, 5, '[]', '[]')`,
      [site.id, site.procedure],
    );
    await owner.query(
      `INSERT INTO memberships (site_id, user_id, role) SELECT $1, id, 'coordinator' FROM unnest($2::uuid[]) AS id`,
      [site.id, people.map(({ id }) => id)],
    );
  }
  return { sites, people, password };
}

export type Booked = { site: BenchSite; base: number; from: number; until: number; by: string };

/** Inserts bookings for consecutive slots of a room. */
export async function bookRoom(
  owner: pg.ClientBase,
  room: string,
  surgeon: string | null,
  { site, base, from, until, by }: Booked,
) {
  await owner.query(
    `WITH slot AS (SELECT gen_random_uuid() AS id, to_timestamp($6::float8) + n * interval '20 minutes' AS opens
        FROM generate_series($7::int, $8::int - 1) n),
      inserted AS (INSERT INTO cases (site_id, id, number, version, state, room_id, surgeon_id, during, happens, minutes,
          setup_minutes, cleanup_minutes, procedure_id, title, service, equipment, urgency, milestones, created_by)
        SELECT $1, id, nextval('case_numbers'), 2, 'scheduled', $2::uuid, $3::uuid,
          tstzrange(opens + interval '5 minutes', opens + interval '15 minutes'),
          tstzrange(opens + interval '5 minutes', opens + interval '15 minutes'), 10, 5, 5, $4,
          'Carpal tunnel release', 'Hand', '[]', 'elective', '{}', $5 FROM slot)
      INSERT INTO claims (site_id, resource_id, case_id, during, quantity, exclusive)
        SELECT $1, $2, id, tstzrange(opens, opens + interval '20 minutes'), 1, true FROM slot
        UNION ALL
        SELECT $1, $3, id, tstzrange(opens + interval '5 minutes', opens + interval '15 minutes'), 1, true
          FROM slot WHERE $3 IS NOT NULL`,
    [site.id, room, surgeon, site.procedure, by, base / 1000, from, until],
  );
}

/**
 * Fills the tables before the load starts: query plans made on empty tables that fill up within a minute occur only in
 * benchmarks.
 */
export async function fillTables(owner: pg.ClientBase, { sites, people }: Hospital, base: number) {
  const by = people[0]?.id ?? '';
  for (const site of sites) {
    for (const [n, room] of site.rooms.entries()) {
      await bookRoom(owner, room, site.surgeons[n] ?? null, { site, base, from: -50, until: 0, by });
    }
  }
  await owner.query(
    `INSERT INTO commands (site_id, user_id, key, fingerprint, status, body)
      SELECT id, $2, gen_random_uuid(), sha256(''), 200, '{}' FROM unnest($1::uuid[]) AS id, generate_series(1, 1000)`,
    [sites.map(({ id }) => id), by],
  );
  await owner.query('VACUUM ANALYZE');
}

/** Midnight of the day after tomorrow, the start of the load's bookings. */
export const baseOfLoad = () => Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000;
