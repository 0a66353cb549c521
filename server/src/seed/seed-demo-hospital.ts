import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, patientStay } from '@slate/shared/cases';
import { localDateOf } from '@slate/shared/time';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import { insertBlocks } from '../db/block-templates.sql.ts';
import { storedCase } from '../db/cases.sql.ts';
import { one, run, timestamp } from '../db/query.ts';
import type { Statement } from '../db/query.ts';
import { administrator, demoAccounts, kraus } from './accounts.ts';
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
  const rows = (items: readonly object[]) => [siteId, JSON.stringify(items)];
  // Planned cases claim first; a case that runs over claims what is left.
  const cases = hospital.cases.toSorted((a, b) => Number(hasBegun(a.state)) - Number(hasBegun(b.state)));
  const claims = cases.flatMap((item) =>
    claimsOf(item, timeZone).map(({ resourceId, ...claim }) => ({
      ...claim,
      resource: resourceId,
      case: item.id,
    })),
  );
  const accounts = await Promise.all(
    demoAccounts.map(async (account) => ({ ...account, passwordHash: await hashPassword(account.password) })),
  );

  await run(
    client,
    'seed-site',
    'INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, $2, $3, $4)',
    [siteId, name, timeZone, settings],
  );
  await run(client, 'seed-resources', insertResources, rows(hospital.resources));
  await run(client, 'seed-procedures', insertProcedures, rows(hospital.procedures));
  await run(client, 'seed-block-templates', insertTemplates, [
    ...rows(hospital.templates),
    hospital.laidUntil,
  ]);
  const blocks = hospital.blocks.map(({ block, ...rest }) => ({ ...block, ...rest }));
  await run(client, 'seed-blocks', insertBlocks.text, rows(blocks));
  await run(client, 'seed-cases', 'SELECT save_cases($1, $2)', rows(hospital.cases.map(storedCase)));
  await run(client, 'seed-closures', insertClosures, rows(hospital.closures));
  await run(client, 'seed-closure-claims', insertClosureClaims, rows(hospital.closures));
  await run(client, 'seed-claims', `SELECT FROM claim($1, '{}', $2, $3, true)`, [
    siteId,
    JSON.stringify(claims),
    JSON.stringify(cases.flatMap((item) => patientStay(item) ?? [])),
  ]);
  await run(client, 'seed-milestones', insertMilestones, [siteId, kraus.id]);
  await run(client, 'seed-users', insertUsers, [JSON.stringify(accounts)]);
  await run(client, 'seed-memberships', insertMemberships, rows(accounts));
  await run(client, 'seed-audit', `SELECT append_audit($1, 'commands', $2, 'site.seeded', $3)`, [
    siteId,
    { id: administrator.id, name: administrator.name },
    { name, cases: hospital.cases.length, claims: claims.length },
  ]);
  return hospital;
}

const insertResources = `
  INSERT INTO resources (site_id, id, kind, name, capacity, active, attributes, version)
  SELECT $1, r.* FROM jsonb_to_recordset($2) AS r(id uuid, kind text, name text, capacity int, active boolean,
    attributes jsonb, version int)`;

const insertProcedures = `
  INSERT INTO procedures (site_id, id, name, short_name, service, minutes, spread, setup_minutes, cleanup_minutes, capabilities,
    equipment, bed, active, version)
  SELECT $1, p.* FROM jsonb_to_recordset($2) AS p(id uuid, name text, "shortName" text, service text, minutes int, spread int,
    "setupMinutes" int, "cleanupMinutes" int, capabilities jsonb, equipment jsonb, bed jsonb, active boolean,
    version int)`;

const insertTemplates = `
  INSERT INTO block_templates (site_id, id, plan, recurrence, exceptions, laid_until)
  SELECT $1, t.*, $3 FROM jsonb_to_recordset($2) AS t(id uuid, plan jsonb, recurrence jsonb, exceptions jsonb)`;

const insertClosures = `
  INSERT INTO closures (site_id, id, resource_id, during, quantity, reason, created_by, version)
  SELECT $1, c.id, c."resourceId", tstzrange(c.start, c."end"), c.quantity, c.reason, c."createdBy", c.version
  FROM jsonb_to_recordset($2) AS c(id uuid, "resourceId" uuid, start timestamptz, "end" timestamptz, quantity int,
    reason text, "createdBy" jsonb, version int)`;

const insertClosureClaims = `
  INSERT INTO claims (site_id, resource_id, closure_id, during, quantity, exclusive)
  SELECT $1, c."resourceId", c.id, tstzrange(c.start, c."end"), c.quantity, r.capacity = 1
  FROM jsonb_to_recordset($2) AS c("resourceId" uuid, id uuid, start timestamptz, "end" timestamptz, quantity int)
  JOIN resources r ON r.site_id = $1 AND r.id = c."resourceId"`;

const insertMilestones = `
  INSERT INTO milestones (site_id, case_id, milestone, at, recorded_at, recorded_by)
  SELECT c.site_id, c.id, fact.key, fact.value::timestamptz, fact.value::timestamptz, $2
  FROM cases c, jsonb_each_text(c.milestones) fact WHERE c.site_id = $1`;

const insertUsers = `
  INSERT INTO users (id, email, name, password_hash, status)
  SELECT u.id, u.email, u.name, u."passwordHash", 'active'
  FROM jsonb_to_recordset($1) AS u(id uuid, email text, name text, "passwordHash" text)`;

const insertMemberships = `
  INSERT INTO memberships (site_id, user_id, role, surgeon_ids)
  SELECT $1, m.id, m.role, ARRAY(SELECT jsonb_array_elements_text(m."surgeonIds")::uuid)
  FROM jsonb_to_recordset($2) AS m(id uuid, role text, "surgeonIds" jsonb)`;
