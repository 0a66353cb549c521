import { createHash, randomUUID } from 'node:crypto';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Case } from '@slate/shared/cases';
import type { Role } from '@slate/shared/permissions';
import { defaultSettings } from '@slate/shared/sites';
import type { SiteSettings } from '@slate/shared/sites';
import { createPool } from '../src/db/pool.ts';
import type { Database } from '../src/db/pool.ts';
import type { CommandDeps, CommandReply, CommandRequest } from '../src/commands/context.ts';
import type { Notification } from '../src/db/wake-ups.ts';
import { configure, connected, testDatabase } from './database.ts';
import type { TestDatabase } from './database.ts';

/**
 * A small hospital for tests: with everything that can run out, open around the clock in UTC, so that tests contain only
 * what they are about. Each call makes a new site.
 */
export type Hospital = {
  siteId: string;
  rooms: [string, string, string];
  surgeons: [string, string, string];
  /** Capacity 2, capacity 1. */
  equipment: [string, string];
  /** Capacity 3. */
  beds: string;
  /** Capacity 4, its session is `session`. */
  list: string;
  procedure: string;
  session: string;
  users: Record<Role, string> & { second: string };
};

export const settings: SiteSettings = { ...defaultSettings, cleanupMinutes: 10, holdsPerPerson: 1000 };

/** That UTC time tomorrow, or `days` later. */
export function at(time: string, days = 0): string {
  const day = new Date(Date.now() + (days + 1) * 86_400_000).toISOString().slice(0, 10);
  return `${day}T${time}:00.000Z`;
}

/** A minute of the day as `HH:MM`. */
export const clockTime = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export async function createHospital(
  ownerUrl: string,
  { timeZone = 'UTC', site = settings }: { timeZone?: string; site?: SiteSettings } = {},
): Promise<Hospital> {
  const id = () => randomUUID();
  const hospital: Hospital = {
    siteId: id(),
    rooms: [id(), id(), id()],
    surgeons: [id(), id(), id()],
    equipment: [id(), id()],
    beds: id(),
    list: id(),
    procedure: id(),
    session: id(),
    users: { wall: id(), viewer: id(), office: id(), coordinator: id(), administrator: id(), second: id() },
  };
  const { siteId, rooms, surgeons, equipment, users } = hospital;
  await connected(ownerUrl, async (client) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, $2, $3, $4)', [
      siteId,
      'Test Hospital',
      timeZone,
      site,
    ]);
    const resources = [
      ...rooms.map((room, index) => [room, 'room', `OR ${index + 1}`, 1, { service: 'Ortho' }]),
      ...surgeons.map((surgeon, index) => [
        surgeon,
        'surgeon',
        `Surgeon ${index + 1}`,
        1,
        { service: 'Ortho' },
      ]),
      [equipment[0], 'equipment', 'C-arm', 2, {}],
      [equipment[1], 'equipment', 'Navigation', 1, {}],
      [hospital.beds, 'bed', 'PACU', 3, {}],
      [hospital.list, 'list', 'Cataracts', 4, {}],
    ];
    for (const resource of resources) {
      await client.query(
        'INSERT INTO resources (site_id, id, kind, name, capacity, attributes) VALUES ($1, $2, $3, $4, $5, $6)',
        [siteId, ...resource],
      );
    }
    await client.query(
      `INSERT INTO procedures (site_id, id, name, service, minutes, spread, setup_minutes, cleanup_minutes,
        capabilities, equipment, bed) VALUES ($1, $2, 'Total knee', 'Ortho', 90, 20, 10, 10, '[]', '[]', NULL)`,
      [siteId, hospital.procedure],
    );
    await client.query(
      `INSERT INTO blocks (site_id, id, room_id, during, service, list_id, release_at)
        VALUES ($1, $2, $3, tstzrange($4, $5), 'Eyes', $6, $5)`,
      [siteId, hospital.session, rooms[2], at('08:00', 1), at('12:00', 1), hospital.list],
    );
    for (const [role, userId] of Object.entries(users)) {
      await client.query(
        `INSERT INTO users (id, email, name, password_hash, status) VALUES ($1, $2, $3, '-', 'active')`,
        [userId, `${role}-${userId}@example.test`, `${role} person`],
      );
      await client.query(
        'INSERT INTO memberships (site_id, user_id, role, surgeon_ids) VALUES ($1, $2, $3, $4)',
        [siteId, userId, role === 'second' ? 'coordinator' : role, role === 'office' ? [surgeons[0]] : []],
      );
    }
    await client.query('COMMIT');
  });
  return hospital;
}

export type Setting = Hospital & {
  database: TestDatabase;
  pool: Database;
  deps: CommandDeps;
  published: Notification[];
  /** A command, by default of the coordinator, with its own key. */
  request(name?: string, by?: { userId?: string; key?: string }): CommandRequest;
  end(): Promise<void>;
};

/** A hospital in its own database, with the dependencies of use cases. */
export async function testHospital(options?: Parameters<typeof createHospital>[1]): Promise<Setting> {
  const database = await testDatabase();
  // Durability is tested elsewhere.
  await connected(database.ownerUrl, (client) => configure(client, 'synchronous_commit', 'off'));
  const hospital = await createHospital(database.ownerUrl, options);
  const pool = createPool({ url: database.appUrl, max: 20, applicationName: 'test' });
  const published: Notification[] = [];
  return {
    ...hospital,
    database,
    pool,
    published,
    deps: { pool, publish: (notification) => published.push(notification) },
    request: (name = 'test', { userId = hospital.users.coordinator, key = randomUUID() } = {}) => ({
      siteId: hospital.siteId,
      userId,
      key,
      name,
      fingerprint: createHash('sha256').update(name).digest(),
    }),
    end: async () => {
      await pool.end();
      await database.end();
    },
  };
}

/** The default request for a hold. */
export const holdInput = (hospital: Hospital, more: Partial<PlaceHold> = {}): PlaceHold => ({
  roomId: hospital.rooms[0],
  start: at('09:00'),
  minutes: 60,
  procedureId: hospital.procedure,
  surgeonId: hospital.surgeons[0],
  ...more,
});

/** The next place on the list, as a hold or a booking names it. */
export const turnInput = ({ session }: Hospital) => ({
  blockId: session,
  roomId: undefined,
  start: undefined,
  minutes: 40,
  procedureId: null,
});

export const caseOf = (reply: CommandReply) => reply.body.case as Case;
