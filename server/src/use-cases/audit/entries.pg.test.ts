import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anotherHospital, queryDirectly, book } from '../../../test/administer.ts';
import { testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import { auditIdentity } from '../../identity/audit-identity.ts';
import { changeResource } from '../catalogue/resources.ts';
import { auditPage } from '../../db/audit.sql.ts';
import type { AuditQuery } from '../../db/audit.sql.ts';
import { createReadRecorder, exportAudit, readAudit } from './entries.ts';
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
  test('AU16 all entries that match are exported as CSV, without a connection between the pages', async () => {
    const { record } = createReadRecorder(hospital.pool);
    const actor = { id: hospital.users.office, name: '=SUM(A1)' };
    await Promise.all(Array.from({ length: 1_501 }, (_, n) => record(read(n, { actor }))));
    await record(read(0, { action: 'case' }));
    const parts: string[] = [];
    for await (const part of exportAudit(hospital.pool, hospital.siteId, {
      chain: 'reads',
      person: actor.id,
    })) {
      parts.push(part);
      expect(hospital.pool.idleCount).toBe(hospital.pool.totalCount);
      await record(read(9_999, { actor }));
    }
    expect(parts).toHaveLength(2);
    const [headings, ...lines] = parts.join('').split('\r\n').slice(0, -1);
    expect(headings).toBe('\uFEFFEntry,Time,Person,Person id,Action,Details');
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
      Array.from({ length: 1_501 }, (_, n) => 1_501 - n),
    );
    expect(lines[0]).toMatch(/^1501,[^,]+,'=SUM\(A1\),[^,]+,board,"\{""n"":\d+\}"$/);
    const none = exportAudit(hospital.pool, hospital.siteId, { chain: 'identity', case: hospital.rooms[0] });
    expect((await none.next()).value).toBe(`${headings}\r\n`);
  });

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

  describe('AU14 filters', () => {
    const start = Date.parse('2030-01-01T00:00:00Z');
    const person = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
    type Entry = { seq: number; at: string; person: string; action: string; cases: string[] };
    const entries: Entry[] = Array.from({ length: 300 }, (_, n) => ({
      seq: n + 1,
      // Once, the clock was set back by half an hour.
      at: new Date(start + (n < 150 ? n : n - 30.5) * 60_000).toISOString(),
      person: person(n % 3),
      action: ['case', 'board', 'changes', 'cases'][n % 4] ?? '',
      cases: [person(100 + (n % 5)), ...(n % 2 === 0 ? [person(200 + (n % 7))] : [])],
    }));
    /** Hashes do not matter here. */
    const insert = (chain: 'commands' | 'reads') =>
      queryDirectly(
        hospital.database.superUrl,
        `INSERT INTO audit SELECT $1, $2, (e ->> 'seq')::bigint, (e ->> 'at')::timestamptz,
            jsonb_build_object('id', e -> 'person', 'name', 'Somebody'), e ->> 'action', e -> 'detail', ''
          FROM jsonb_array_elements($3) e`,
        [
          hospital.siteId,
          chain,
          JSON.stringify(
            entries.map(({ cases: [first, second], ...entry }) => ({
              ...entry,
              detail:
                chain === 'reads'
                  ? { case: first }
                  : {
                      cases: [first, second].flatMap((id) => (id === undefined ? [] : [{ id, version: 1 }])),
                    },
            })),
          ),
        ],
      );
    /** Between a time from before the clock was set back and one from after it. */
    const twice = new Date(start + 135.25 * 60_000).toISOString();
    const times = { from: entries[40]?.at ?? '', to: entries[160]?.at ?? '' };
    const filters: Omit<AuditQuery, 'chain' | 'limit'>[] = [
      {},
      { person: person(1) },
      { case: person(103) },
      { case: person(203) },
      { action: 'board' },
      times,
      { from: times.from },
      { to: times.to },
      { from: twice },
      { to: twice },
      { person: person(2), action: 'cases', ...times },
      { case: person(102), person: person(0), from: times.from },
      { action: 'board', before: 100 },
      { from: '2040-01-01T00:00:00Z' },
      { to: '2020-01-01T00:00:00Z' },
      { case: person(999) },
      { person: person(999) },
    ];

    test.each(['commands', 'reads'] as const)(
      'find exactly the entries of %s, page by page',
      async (chain) => {
        await insert(chain);
        for (const filter of filters) {
          const { person: by, case: of, action, from, to, before } = filter;
          const expected = entries
            .filter((entry) => by === undefined || entry.person === by)
            .filter(({ cases }) => of === undefined || cases.slice(0, chain === 'reads' ? 1 : 2).includes(of))
            .filter((entry) => action === undefined || entry.action === action)
            .filter(({ at }) => (from === undefined || at >= from) && (to === undefined || at < to))
            .filter(({ seq }) => before === undefined || seq < before)
            .map(({ seq }) => seq)
            .toReversed();
          const found: number[] = [];
          for (;;) {
            const last = found.at(-1);
            const { entries: page } = await readAudit(hospital.pool, hospital.siteId, {
              chain,
              limit: 40,
              ...filter,
              ...(last !== undefined && { before: last }),
            });
            found.push(...page.map(({ seq }) => seq));
            if (page.length < 40) break;
          }
          expect({ filter, found }).toEqual({ filter, found: expected });
        }
      },
    );

    test('read few entries that they do not show, also of 20,000', async () => {
      await queryDirectly(
        hospital.database.superUrl,
        `INSERT INTO audit SELECT $1, c, n, '2030-01-01'::timestamptz + n * interval '1 minute',
            jsonb_build_object('id', md5((n % 50)::text)::uuid, 'name', 'Somebody'),
            CASE WHEN n % 5000 = 0 THEN 'rare' ELSE 'board' END,
            CASE c WHEN 'reads' THEN jsonb_build_object('case', md5((n % 900)::text)::uuid)
              ELSE jsonb_build_object('cases', jsonb_build_array(jsonb_build_object('id', md5((n % 900)::text)::uuid))) END, ''
          FROM generate_series(1, 20000) n, unnest(ARRAY['commands', 'reads']) c`,
        [hospital.siteId],
      );
      await queryDirectly(hospital.database.superUrl, 'ANALYZE audit');
      const { rows } = await hospital.pool.query<{ id: string }>(`SELECT md5('7')::uuid AS id`);
      const id = rows[0]?.id ?? '';
      const day = { from: '2030-01-03T00:00:00Z', to: '2030-01-03T06:00:00Z' };
      for (const chain of ['commands', 'reads'] as const) {
        for (const filter of [{}, { person: id }, { case: id }, { action: 'rare' }, day, { before: 9000 }]) {
          const { statement, values } = auditPage(hospital.siteId, { chain, limit: 50, ...filter });
          const { rows: plan } = await hospital.pool.query<{ 'QUERY PLAN': string }>(
            `EXPLAIN (ANALYZE, TIMING off) ${statement.text}`,
            values,
          );
          const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
          const removed = [...lines.matchAll(/Rows Removed by \w+: (\d+)/g)].map(([, count]) =>
            Number(count),
          );
          expect({ chain, filter, isFew: Math.max(0, ...removed) < 200 }).toEqual({
            chain,
            filter,
            isFew: true,
          });
        }
      }
    });
  });

  test('shows only this site', async () => {
    await createReadRecorder(hospital.pool).record(read(1));
    const other = await anotherHospital(shared);
    expect((await readAudit(hospital.pool, other.siteId, { chain: 'reads', limit: 10 })).entries).toEqual([]);
  });
});
