import { hasBegun } from '@slate/shared/case-state';
import { claimsWithHandling, surgicalCase } from '@slate/shared/cases';
import { procedure, resource } from '@slate/shared/resources';
import { block, closure, site } from '@slate/shared/sites';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { templatesOf } from '../db/block-templates.sql.ts';
import { one } from '../db/query.ts';
import { planLayOut } from '../use-cases/catalogue/lay-out-blocks.ts';
import { demoAccounts } from './accounts.ts';
import { demoSite } from './demo-hospital.ts';
import { seedDemoHospital } from './seed-demo-hospital.ts';
import { seedHistory } from './seed-history.ts';

const now = '2026-11-18T17:20:00.000Z';
const hashPassword = (password: string) => Promise.resolve(`hash of ${password}`);

let database: TestDatabase;
let client: pg.Client;

async function connected({ ownerUrl }: TestDatabase): Promise<pg.Client> {
  const each = new pg.Client({ connectionString: ownerUrl });
  await each.connect();
  return each;
}

/** The values of the column `item`. */
async function items<Item>(item: z.ZodType<Item>, query: string): Promise<Item[]> {
  const { rows } = await client.query(query);
  return z
    .array(z.object({ item }))
    .parse(rows)
    .map((row) => row.item);
}

async function number(query: string): Promise<number> {
  const [value] = await items(z.coerce.number(), query);
  if (value === undefined) throw new Error(`No answer: ${query}`);
  return value;
}

beforeAll(async () => {
  database = await testDatabase();
  client = await connected(database);
});

afterAll(async () => {
  await client.end();
  await database.end();
});

describe('seeding the demo hospital', () => {
  test('leaves nothing behind when it fails', async () => {
    const failing = () => Promise.reject(new Error('out of memory'));
    await expect(seedDemoHospital(client, { hashPassword: failing, now })).rejects.toThrow('out of memory');
    expect(await number('SELECT count(*) AS item FROM resources')).toBe(0);
  });

  test('creates one hospital, even with concurrent calls', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => connected(database)));
    const results = await Promise.all(clients.map((each) => seedDemoHospital(each, { hashPassword, now })));
    await Promise.all(clients.map((each) => each.end()));
    expect(results.filter((each) => each !== null)).toHaveLength(1);
    expect(await seedDemoHospital(client, { hashPassword, now })).toBeNull();
    expect(await items(z.string(), 'SELECT action AS item FROM audit')).toEqual(['site.seeded']);
  });

  test('stores everything as on the wire', async () => {
    expect(await items(site, 'SELECT site_json(s) AS item FROM sites s')).toMatchObject([demoSite]);
    expect(await items(resource, 'SELECT resource_json(r) AS item FROM resources r')).toHaveLength(74);
    expect(await items(procedure, 'SELECT procedure_json(p) AS item FROM procedures p')).toHaveLength(58);
    expect(await items(closure, 'SELECT closure_json(c) AS item FROM closures c')).toHaveLength(4);
    const blocks = await items(block, 'SELECT block_json(b) AS item FROM blocks b');
    const cases = await items(surgicalCase, 'SELECT case_json(c) AS item FROM cases c');
    expect(blocks.length).toBeGreaterThan(400);
    expect(cases.length).toBeGreaterThan(800);
  });

  test('lays out exactly the blocks of its templates', async () => {
    const { templates } = await one(client, templatesOf, [demoSite.id]);
    expect(templates.length).toBeGreaterThan(30);
    const layOut = await planLayOut(client, demoSite.id, {
      templates: templates.map(({ template, until }) => ({
        id: template.id,
        rule: template,
        days: { from: template.recurrence.from, until },
      })),
      holidays: [],
      zone: demoSite.timeZone,
      now,
    });
    expect(layOut).toMatchObject({ created: [], changed: [], removed: [] });
    const own = 'SELECT count(*) AS item FROM blocks WHERE template_id IS NULL';
    expect(await number(own)).toBe(0);
  });

  test('claims exactly the needs of cases and closures', async () => {
    const resources = await items(resource, 'SELECT resource_json(r) AS item FROM resources r');
    const cases = await items(surgicalCase, 'SELECT case_json(c) AS item FROM cases c');
    const closures = await items(closure, 'SELECT closure_json(c) AS item FROM closures c');
    // A started case claims what is left.
    const waiting = cases.filter((item) => !hasBegun(item.state));
    const begun = new Set(cases.filter((item) => hasBegun(item.state)).map(({ id }) => id));
    const needed = [
      ...waiting.flatMap((item) =>
        claimsWithHandling(item, demoSite.timeZone, (id) => resources.find((each) => each.id === id)).map(
          (claim) => ({
            ...claim,
            owner: item.id,
          }),
        ),
      ),
      ...closures.map((item) => ({ ...item, owner: item.id })),
    ].map(({ owner, resourceId, start, end, quantity }) =>
      [owner, resourceId, start, end, quantity].join(' '),
    );
    const claimed = await items(
      z.string(),
      `SELECT concat_ws(' ', coalesce(case_id, closure_id), resource_id, wire(lower(during)), wire(upper(during)),
         quantity) AS item FROM claims`,
    );
    const claimedFirst = claimed.filter((claim) => !begun.has(claim.slice(0, 36)));
    expect(claimedFirst.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      needed.toSorted((a, b) => (a < b ? -1 : 1)),
    );
  });

  test('exceeds no capacity at any instant', async () => {
    const overbooked = await items(
      z.string(),
      `SELECT r.name AS item FROM claims c JOIN resources r ON r.site_id = c.site_id AND r.id = c.resource_id
       WHERE r.capacity < (SELECT sum(o.quantity) FROM claims o
         WHERE o.site_id = c.site_id AND o.resource_id = c.resource_id AND o.during @> lower(c.during))`,
    );
    expect(overbooked).toEqual([]);
    const misjudged = `SELECT count(*) AS item FROM claims c JOIN resources r ON r.id = c.resource_id
      WHERE c.exclusive <> (r.capacity = 1)`;
    expect(await number(misjudged)).toBe(0);
  });

  test('stores every milestone of the cases', async () => {
    const inCases = 'SELECT sum((SELECT count(*) FROM jsonb_object_keys(milestones))) AS item FROM cases';
    const inMilestones = `SELECT count(*) AS item FROM milestones m JOIN cases c ON c.id = m.case_id
      WHERE c.milestones ->> m.milestone = wire(m.at)`;
    expect(await number(inCases)).toBeGreaterThan(1000);
    expect(await number(inMilestones)).toBe(await number(inCases));
  });

  test('every account signs in with its printed password', async () => {
    const stored = await items(
      z.string(),
      `SELECT concat_ws(' ', u.email, m.role, u.password_hash, cardinality(m.surgeon_ids)) AS item
       FROM users u JOIN memberships m ON m.user_id = u.id WHERE u.status = 'active'`,
    );
    const expected = demoAccounts.map(
      ({ email, role, password, surgeonIds }) => `${email} ${role} hash of ${password} ${surgeonIds.length}`,
    );
    expect(stored).toEqual(expect.arrayContaining(expected));
    expect(stored).toHaveLength(expected.length);
  });

  test('is refused in a database with another hospital', async () => {
    const occupied = await testDatabase();
    const other = await connected(occupied);
    await other.query(
      `INSERT INTO sites (id, name, time_zone, settings) VALUES (gen_random_uuid(), 'A real one', 'Europe/Berlin', '{}')`,
    );
    await expect(seedDemoHospital(other, { hashPassword, now })).rejects.toThrow('already has a hospital');
    await other.end();
    await occupied.end();
  });
});

describe('a seeded history', () => {
  const cases = 20_000;
  const past = `cases WHERE number > 20000`;

  const progressCalls: number[] = [];

  beforeAll(async () => {
    const progress = (done: number) => progressCalls.push(done);
    await seedHistory(client, { siteId: demoSite.id, cases, seed: 1, progress });
  });

  test('has the requested number of finished cases, each with its own number', async () => {
    expect(progressCalls).toEqual([cases]);
    expect(await number(`SELECT count(*) AS item FROM ${past}`)).toBe(cases);
    expect(await number('SELECT count(*) - count(DISTINCT number) AS item FROM cases')).toBe(0);
    expect(await items(z.string(), `SELECT DISTINCT state AS item FROM ${past} ORDER BY 1`)).toEqual([
      'cancelled',
      'completed',
    ]);
    const cancelled = (await number(`SELECT count(*) AS item FROM ${past} AND state = 'cancelled'`)) / cases;
    expect(cancelled).toBeGreaterThan(0.04);
    expect(cancelled).toBeLessThan(0.14);
  });

  test('is more than a month old, on weekdays, and has no claims', async () => {
    const recent = `SELECT count(*) AS item FROM ${past} AND upper(during) > now() - interval '30 days'`;
    const weekend = `SELECT count(*) AS item FROM ${past}
      AND extract(isodow FROM lower(during) AT TIME ZONE 'America/Chicago') > 5`;
    const claimed = `SELECT count(*) AS item FROM claims WHERE case_id IN (SELECT id FROM ${past})`;
    expect(await number(recent)).toBe(0);
    expect(await number(weekend)).toBe(0);
    expect(await number(claimed)).toBe(0);
  });

  test('is stored as on the wire', async () => {
    const sample = `SELECT case_json(c) AS item FROM cases c WHERE number > 20000 AND number % 20 = 0`;
    expect(await items(surgicalCase, sample)).toHaveLength(cases / 20);
  });

  test('uses every room once at a time, and only for suitable cases', async () => {
    const overlapping = `SELECT count(*) AS item FROM (
      SELECT upper(during) > lead(lower(during)) OVER (PARTITION BY room_id ORDER BY lower(during)) AS collides
      FROM ${past}) AS neighbors WHERE collides`;
    const unsuited = `SELECT count(*) AS item FROM cases c JOIN resources r ON r.id = c.room_id
      JOIN procedures p ON p.id = c.procedure_id WHERE NOT r.attributes -> 'capabilities' @> p.capabilities`;
    expect(await number(overlapping)).toBe(0);
    expect(await number(unsuited)).toBe(0);
  });

  test('has durations close to the published ones', async () => {
    const ratios = await items(
      z.coerce.number(),
      `SELECT avg(extract(epoch FROM (milestones ->> 'out_of_room')::timestamptz - (milestones ->> 'in_room')::timestamptz)
           / 60 / p.minutes) AS item
       FROM cases c JOIN procedures p ON p.id = c.procedure_id
       WHERE number > 20000 AND c.state = 'completed' GROUP BY p.id HAVING count(*) > 200`,
    );
    expect(ratios.length).toBeGreaterThan(20);
    expect(Math.min(...ratios)).toBeGreaterThan(0.9);
    expect(Math.max(...ratios)).toBeLessThan(1.1);
  });

  test('grows by another history', async () => {
    await seedHistory(client, { siteId: demoSite.id, cases: 100, seed: 1 });
    expect(await number(`SELECT count(DISTINCT number) AS item FROM ${past}`)).toBe(cases + 100);
  });
});
