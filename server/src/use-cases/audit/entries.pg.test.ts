import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anotherHospital, queryDirectly, book } from '../../../test/administer.ts';
import { testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { auditIdentity } from '../../identity/audit-identity.ts';
import { changeResource } from '../catalogue/resources.ts';
import { readAudit, createReadRecorder } from './entries.ts';
import type { Read } from './entries.ts';
import { createPseudonym } from '../../identity/secrets.ts';

let shared: Setting;
let hospital: Setting;
beforeAll(async () => {
  shared = await testHospital();
});
afterAll(() => shared.end());
beforeEach(async () => {
  hospital = await anotherHospital(shared);
});

const read = (n: number, more: Partial<Read> = {}): Read => ({
  siteId: hospital.siteId,
  actor: { id: hospital.users.viewer, name: 'viewer person' },
  action: 'board',
  detail: { n },
  ...more,
});
const written = async (siteId = hospital.siteId) => {
  const text = `SELECT seq::int, detail, action, xmin::text AS by FROM audit
    WHERE site_id = $1 AND chain = 'reads' ORDER BY seq`;
  const { rows } = await hospital.pool.query<{
    seq: number;
    detail: { n: number };
    action: string;
    by: string;
  }>(text, [siteId]);
  return rows;
};

describe('recording reads', () => {
  test('AU5 resolves after the read was recorded', async () => {
    const { record } = createReadRecorder(hospital.pool);
    await record(read(1));
    expect(await written()).toMatchObject([{ seq: 1, action: 'board', detail: { n: 1 } }]);
  });

  test('AU6 writes many reads at once in order and in few transactions', async () => {
    const { record } = createReadRecorder(hospital.pool);
    await Promise.all(Array.from({ length: 500 }, (_, n) => record(read(n))));
    const rows = await written();
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(rows.map(({ detail }) => detail.n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(new Set(rows.map(({ by }) => by)).size).toBeLessThan(5);
  });

  test('AU6 on several servers keeps the order of each reader, and every chain complete', async () => {
    const other = await anotherHospital(shared);
    const reader = async (server: number, sites: string[]) => {
      const { record } = createReadRecorder(hospital.pool);
      for (let n = 0; n < 40; n++) {
        const reads = sites.map((siteId) => read(n, { siteId, action: `reader ${server}` }));
        await Promise.all(reads.map((each) => record(each)));
      }
    };
    // The sites in another order each time, which must not matter.
    const sites = [hospital.siteId, other.siteId];
    await Promise.all([reader(0, sites), reader(1, sites.toReversed()), reader(2, sites)]);
    for (const siteId of sites) {
      const rows = await written(siteId);
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
      for (const server of [0, 1, 2]) {
        const own = rows.filter(({ action }) => action === `reader ${server}`);
        expect(own.map(({ detail }) => detail.n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      }
    }
  });

  test('AU5 fails when it cannot write, and works again afterwards', async () => {
    const { record } = createReadRecorder(hospital.pool);
    const rename = (from: string, to: string) =>
      queryDirectly(hospital.database.ownerUrl, `ALTER TABLE ${from} RENAME TO ${to}`);
    await rename('audit', 'audit_away');
    const failing = await Promise.allSettled([record(read(1)), record(read(2)), record(read(3))]);
    await rename('audit_away', 'audit');
    expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await record(read(4));
    expect((await written()).map(({ detail }) => detail.n)).toEqual([4]);
  });

  test('AU5 records strings that PostgreSQL cannot store', async () => {
    const { record } = createReadRecorder(hospital.pool);
    const cursors = ['\0', '\uD800', 'ordinary', String.raw`\u0000`];
    await Promise.all(cursors.map((cursor) => record(read(0, { detail: { cursor } }))));
    const recorded = (await written()).map(({ detail }) => detail);
    expect(recorded).toMatchObject(
      ['\uFFFD', '\uFFFD', 'ordinary', String.raw`\u0000`].map((cursor) => ({ cursor })),
    );
  });
});

describe('AU7 a pseudonym', () => {
  test('is the same for one patient at one site, and different for all others', () => {
    const pseudonym = createPseudonym('a key');
    const names = [
      pseudonym(hospital.siteId, 'DEMO-1'),
      pseudonym(hospital.siteId, ' DEMO-1 '),
      pseudonym(hospital.siteId, 'DEMO-2'),
      pseudonym(hospital.rooms[0], 'DEMO-1'),
    ];
    expect(names[0]).toBe(names[1]);
    expect(new Set(names).size).toBe(3);
    expect(names).toEqual(names.map(() => expect.stringMatching(/^[0-9a-f]{16}$/) as string));
  });

  test('AU11 cannot be found by trying references without the key', () => {
    const plain = createHash('sha256').update(`${hospital.siteId}DEMO-1`).digest('hex');
    const [first, second] = ['a key', 'another key'].map((key) =>
      createPseudonym(key)(hospital.siteId, 'DEMO-1'),
    );
    expect(first).not.toBe(plain.slice(0, 16));
    expect(first).not.toBe(second);
  });

  test('is not needed for commands: their audit never contains the patient', async () => {
    await book(hospital, { patientRef: 'DEMO-4711', note: 'Allergic to latex' });
    const { entries } = await readAudit(hospital.pool, hospital.siteId, { chain: 'commands', limit: 10 });
    expect(entries).toHaveLength(2);
    expect(JSON.stringify(entries)).not.toMatch(/DEMO-4711|latex/);
  });
});

describe('reading the audit', () => {
  test('AU8 latest first, in pages', async () => {
    const { record } = createReadRecorder(hospital.pool);
    await Promise.all(Array.from({ length: 7 }, (_, n) => record(read(n))));
    const page = async (before?: number) =>
      (await readAudit(hospital.pool, hospital.siteId, { chain: 'reads', before, limit: 3 })).entries.map(
        ({ seq }) => seq,
      );
    expect([await page(), await page(5), await page(2)]).toEqual([[7, 6, 5], [4, 3, 2], [1]]);
    expect(await page(1)).toEqual([]);
  });

  test('AU1 shows the actor, the action and the object', async () => {
    const by = { ...hospital.request('changeResource', { userId: hospital.users.administrator }) };
    const { body } = await changeResource(hospital.deps, by, hospital.rooms[0], {
      version: 1,
      name: 'OR One',
    });
    const { at, entries } = await readAudit(hospital.pool, hospital.siteId, { chain: 'commands', limit: 10 });
    expect(entries).toMatchObject([
      {
        chain: 'commands',
        seq: 1,
        actor: { id: hospital.users.administrator, name: 'administrator person' },
        action: 'changeResource',
        detail: { resource: body['resource'], cases: [] },
      },
    ]);
    // The two times may be in the same millisecond.
    expect((entries[0]?.at ?? '') <= at).toBe(true);
  });

  test('AU13 shows sign-ins of the people of this site, and attempts at unknown accounts', async () => {
    const other = await anotherHospital(shared);
    const from = (n: number) => ({ address: `10.0.0.${n}` });
    const viewer = { id: hospital.users.viewer, name: 'viewer person' };
    await auditIdentity(hospital.pool, 'login', viewer, from(1));
    await auditIdentity(hospital.pool, 'login.failed', null, {
      user: hospital.users.office,
      reason: 'password',
      ...from(2),
    });
    await auditIdentity(hospital.pool, 'login', { id: other.users.viewer, name: 'elsewhere' }, from(3));
    await auditIdentity(hospital.pool, 'login.failed', null, { user: other.users.office, ...from(4) });
    await auditIdentity(hospital.pool, 'login.failed', null, { reason: 'unknown', ...from(5) });
    const page = async (before?: number) =>
      (await readAudit(hospital.pool, hospital.siteId, { chain: 'identity', before, limit: 2 })).entries;
    const [first, last] = [await page(), await page((await page())[1]?.seq)];
    expect([...first, ...last].map(({ detail }) => detail['address'])).toEqual([
      '10.0.0.5',
      '10.0.0.2',
      '10.0.0.1',
    ]);
    expect(last).toMatchObject([{ chain: 'identity', action: 'login', actor: viewer }]);
  });

  test('shows only this site', async () => {
    await createReadRecorder(hospital.pool).record(read(1));
    const other = await anotherHospital(shared);
    expect((await readAudit(hospital.pool, other.siteId, { chain: 'reads', limit: 10 })).entries).toEqual([]);
  });
});
