import { afterAll, beforeAll, expect, test } from 'vitest';
import { book } from '../../test/administer.ts';
import { testHospital } from '../../test/hospital.ts';
import type { Setting } from '../../test/hospital.ts';

let hospital: Setting;
beforeAll(async () => {
  hospital = await testHospital();
  await book(hospital);
});
afterAll(() => hospital.end());

// AU4: an attacker who takes over the server can write false entries from then on, but cannot rewrite the past.
test.each([
  ...['audit', 'audit_chains', 'changes', 'schema_migrations'].flatMap((table) => [
    `DELETE FROM ${table}`,
    `INSERT INTO ${table} SELECT * FROM ${table}`,
    `TRUNCATE ${table}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE ${table} ADD extra int`,
  ]),
  `UPDATE audit SET action = 'other'`,
  `UPDATE audit_chains SET seq = 1`,
  `UPDATE changes SET actor = NULL`,
  'UPDATE sites SET revision = 0',
  'UPDATE sites SET epoch = gen_random_uuid()',
  `INSERT INTO sites SELECT * FROM sites`,
  'SELECT * FROM set_up',
  'DELETE FROM cases',
  'DELETE FROM milestones',
  'UPDATE milestones SET at = now()',
  'UPDATE claims SET during = during',
  'SET ROLE slate_owner',
  'CREATE TABLE public.own (id int)',
  'CREATE SCHEMA own',
  `CREATE OR REPLACE FUNCTION public.audit_hash() RETURNS int LANGUAGE sql RETURN 1`,
  'ALTER FUNCTION append_audit OWNER TO CURRENT_USER',
  `SET session_replication_role = 'replica'`,
  `COPY audit TO PROGRAM 'cat'`,
])('AU4 the server cannot %s', async (text) => {
  await expect(hospital.pool.query(text)).rejects.toThrow(/permission denied|must be owner/);
});

test('AU4 the server owns nothing and has no special rights', async () => {
  const { rows } = await hospital.pool.query(`
    SELECT (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) AS tables,
      (SELECT count(*)::int FROM pg_proc WHERE proowner = r.oid) AS functions,
      (SELECT count(*)::int FROM pg_namespace WHERE nspowner = r.oid) AS schemas,
      rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication
    FROM pg_roles r WHERE rolname IN ('slate_app', 'slate_server')`);
  const noRights = {
    tables: 0,
    functions: 0,
    schemas: 0,
    rolsuper: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolbypassrls: false,
    rolreplication: false,
  };
  expect(rows).toEqual([noRights, noRights]);
});

test('AU4 functions that run as the owner have a fixed search path', async () => {
  const { rows } = await hospital.pool.query<{ name: string; config: string[] | null; open: boolean }>(`
    SELECT proname AS name, proconfig AS config, has_function_privilege('public', oid, 'EXECUTE') AS open
    FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace`);
  expect(rows.length).toBeGreaterThan(0);
  for (const { name, config, open } of rows) {
    expect({ name, config, open }).toEqual({ name, config: ['search_path=public, pg_temp'], open: false });
  }
});
