import { localDateOf } from '@slate/shared/time';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { one, run, timestamp } from '../db/query.ts';
import type { Statement } from '../db/query.ts';
import { writeMemberships } from '../db/site-document.sql.ts';
import { writeSite } from '../use-cases/transfer/write-site.ts';
import { administrator, demoAccounts, kraus } from './accounts.ts';
import { demoDocument } from './demo-document.ts';
import { demoHospital, demoSite } from './demo-hospital.ts';
import type { DemoHospital } from './demo-hospital.ts';

export type SeedOptions = {
  hashPassword: (password: string) => Promise<string>;
  /** The current moment of the hospital; left out: the database's clock. */
  now?: string;
};

/**
 * Creates the demo hospital in an empty database; returns null if it already exists. Needs a connection as the owner of
 * the tables. Concurrent calls wait for the first.
 */
export async function seedDemoHospital(
  client: ClientBase,
  options: SeedOptions,
): Promise<DemoHospital | null> {
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('create the first site', 0))`);
    const found = await one(client, sitesFound, [demoSite.id]);
    if (!found.demo && found.others) {
      throw new Error('This database already has a hospital. The demo needs an empty one.');
    }
    const hospital = found.demo ? null : await insertAll(client, options.now ?? found.at, options);
    await client.query('COMMIT');
    if (hospital)
      await client.query(
        'ANALYZE sites, resources, procedures, block_templates, blocks, cases, closures, claims, milestones',
      );
    return hospital;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

const sitesFound: Statement<{ demo: boolean; others: boolean; at: string }> = {
  name: 'seed-sites-found',
  text: `SELECT EXISTS (SELECT FROM sites WHERE id = $1) AS demo, EXISTS (SELECT FROM sites WHERE id <> $1) AS others,
    clock_timestamp() AS at`,
  row: z.object({ demo: z.boolean(), others: z.boolean(), at: timestamp }),
};

async function insertAll(
  client: ClientBase,
  now: string,
  { hashPassword }: SeedOptions,
): Promise<DemoHospital> {
  const { id: siteId, name, timeZone, settings } = demoSite;
  const hospital = demoHospital({ today: localDateOf(now, timeZone), now });
  const accounts = await Promise.all(
    demoAccounts.map(async (account) => ({ ...account, passwordHash: await hashPassword(account.password) })),
  );

  await run(
    client,
    'seed-site',
    'INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, $2, $3, $4)',
    [siteId, name, timeZone, settings],
  );
  await writeSite(client, siteId, demoDocument(hospital, now), { by: kraus, now });
  await run(client, 'seed-users', insertUsers, [JSON.stringify(accounts)]);
  await run(client, writeMemberships.name, writeMemberships.text, [siteId, JSON.stringify(accounts)]);
  await run(client, 'seed-audit', `SELECT append_audit($1, 'commands', $2, 'site.seeded', $3)`, [
    siteId,
    { id: administrator.id, name: administrator.name },
    { name, cases: hospital.cases.length },
  ]);
  return hospital;
}

const insertUsers = `
  INSERT INTO users (id, email, name, password_hash, status)
  SELECT u.id, u.email, u.name, u."passwordHash", 'active'
  FROM jsonb_to_recordset($1) AS u(id uuid, email text, name text, "passwordHash" text)`;
