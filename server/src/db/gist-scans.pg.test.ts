import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import pg from 'pg';
import { testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { many } from './query.ts';

const statement = z.object({
  name: z.string(),
  text: z.string().regex(/^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)\b/),
});
async function allStatements() {
  const source = join(import.meta.dirname, '..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      /^(db|commands|use-cases|identity|jobs|realtime)\/.*\.ts$/.test(name) &&
      !/(\.test|-cli)\.ts$/.test(name),
  );
  const modules = await Promise.all(files.map((name) => import(join(source, name)) as Promise<object>));
  return modules.flatMap((module) =>
    Object.values(module).flatMap((value) => statement.safeParse(value).data ?? []),
  );
}

test('DB4 each statement has a name of its own, because a connection prepares a name once', async () => {
  const texts = new Map<string, string>();
  for (const { name, text } of await allStatements()) {
    expect([name, texts.get(name) ?? text]).toEqual([name, text]);
    texts.set(name, text);
  }
});

type Plan = z.infer<typeof plan>;
const plan = z.object({
  'Index Name': z.string().optional(),
  'Parent Relationship': z.string().optional(),
  'Node Type': z.string(),
  get Plans() {
    return z.array(plan).optional();
  },
});
const explained = z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: plan })]) });

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  // The worst plans: joins by loops, index scans everywhere.
  for (const way of ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'])
    await client.query(`SET enable_${way} = off`);
});
afterAll(async () => {
  await client.end();
  await database.end();
});

/** The indexes that this plan scans more than once. */
function scannedAgain(node: Plan, isRepeated = false): string[] {
  const below = (node.Plans ?? []).flatMap((child) => {
    const place = child['Parent Relationship'];
    const again = place === 'SubPlan' || (place === 'Inner' && node['Node Type'] === 'Nested Loop');
    return scannedAgain(child, again || (isRepeated && place !== 'InitPlan'));
  });
  return isRepeated && node['Index Name'] !== undefined ? [node['Index Name'], ...below] : below;
}

const planOf = async (text: string) => {
  const name = '';
  const [row] = await many(client, {
    name,
    text: `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`,
    row: explained,
  });
  return row?.['QUERY PLAN'][0].Plan as Plan;
};

test('DB3 no statement scans a GiST index more than once', async () => {
  const indexes = await many(client, {
    name: '',
    text: `SELECT c.relname AS name FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'gist'`,
    row: z.object({ name: z.string() }),
  });
  const gist = new Set(indexes.map(({ name }) => name));
  expect(gist).toContain('one_claim_at_a_time');
  const statements = await allStatements();
  expect(statements.length).toBeGreaterThan(100);
  const again: string[] = [];
  for (const { name, text } of statements)
    again.push(
      ...scannedAgain(await planOf(text)).flatMap((index) => (gist.has(index) ? `${name}: ${index}` : [])),
    );
  expect(again).toEqual([]);
});

test('finds a join that scans an index once per row', async () => {
  const perResource = `SELECT c.id FROM resources r JOIN claims c ON c.site_id = r.site_id AND c.resource_id = r.id
    AND c.during && tstzrange($1, $2) WHERE r.site_id = $3 AND c.exclusive`;
  expect(scannedAgain(await planOf(perResource))).toContain('one_claim_at_a_time');
});
