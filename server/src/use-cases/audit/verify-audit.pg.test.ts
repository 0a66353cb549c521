import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditChain } from '@slate/shared/contract/audit';
import type { QueryConfig } from 'pg';
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { anotherHospital, queryDirectly, book, hold } from '../../../test/administer.ts';
import { at, createHospital, testHospital } from '../../../test/hospital.ts';
import type { Setting } from '../../../test/hospital.ts';
import type { Queryable } from '../../db/query.ts';
import { createAnchorWriter } from '../../jobs/jobs.ts';
import { readAnchors, takeAnchor } from './anchor-audit.ts';
import type { AnchoredHead } from './anchor-audit.ts';
import { createReadRecorder } from './entries.ts';
import { secretsFrom } from '../../identity/secrets.ts';
import { verifyAudit, verifyNext } from './verify-audit.ts';
import type { ChainReport } from './verify-audit.ts';

let shared: Setting;
let hospital: Setting;
beforeAll(async () => {
  shared = await testHospital();
});
afterAll(() => shared.end());
beforeEach(async () => {
  // Removes the tampering of the test before.
  await tamper('TRUNCATE audit, audit_chains; UPDATE sites SET revision = 0');
  hospital = await anotherHospital(shared);
});

const actor = { id: crypto.randomUUID(), name: 'viewer person' };
const reads = (count: number, siteId = hospital.siteId) => {
  const { record } = createReadRecorder(hospital.pool);
  return Promise.all(
    Array.from({ length: count }, (_, n) => record({ siteId, actor, action: 'board', detail: { n } })),
  );
};
const reports = async (anchored: readonly AnchoredHead[] = [], db: Queryable = hospital.pool) => {
  const found: ChainReport[] = [];
  // Short stretches, so that boundaries are everywhere: at ends of chains, and at every tampered row.
  for await (const report of verifyAudit(db, { stretchRows: 3, anchored })) found.push(report);
  return found;
};
const problems = async (anchored?: readonly AnchoredHead[], db?: Queryable) => {
  const found = await reports(anchored, db);
  // AU15: without saved heads, the steps of the API find the same.
  if (!anchored && !db) {
    for (const { site, chain, problem } of found) {
      expect(await stepByStep(site, auditChain.parse(chain))).toBe(problem);
    }
  }
  return found.map(({ chain, problem }) => `${chain}: ${problem ?? 'sound'}`);
};
/** Verifies a chain in steps of three rows; returns the problem. */
async function stepByStep(siteId: string, chain: z.infer<typeof auditChain>) {
  let step = await verifyNext(hospital.pool, siteId, { chain }, 3);
  while (!step.isDone) {
    const { after, hash } = step;
    step = await verifyNext(hospital.pool, siteId, { chain, after, hash }, 3);
  }
  return step.problem;
}
const tamper = (text: string) => queryDirectly(shared.database.superUrl, text);

test('AU1 AU2 an untouched audit is sound, chain by chain', async () => {
  await book(hospital);
  await reads(5);
  const { rows } = await hospital.pool.query<{ chain: string; head: string }>(
    `SELECT chain, encode(head, 'hex') AS head FROM audit_chains WHERE site_id = $1 ORDER BY chain`,
    [hospital.siteId],
  );
  expect(await reports()).toEqual([
    {
      site: hospital.siteId,
      name: 'Test Hospital',
      chain: 'commands',
      rows: 2,
      head: rows[0]?.head,
      problem: null,
    },
    {
      site: hospital.siteId,
      name: 'Test Hospital',
      chain: 'reads',
      rows: 5,
      head: rows[1]?.head,
      problem: null,
    },
  ]);
});

test('AU2 an empty audit is sound', async () => {
  expect(await reports()).toEqual([]);
});

test('AU15 a verification by steps says how far it is, and continues at a row that is really in the chain', async () => {
  await reads(7);
  const first = await verifyNext(hospital.pool, hospital.siteId, { chain: 'reads' }, 3);
  expect(first).toMatchObject({ after: 3, length: 7, isDone: false, problem: null });
  const { after, hash } = first;
  const other = await verifyNext(
    hospital.pool,
    hospital.siteId,
    { chain: 'reads', after, hash: hash.replaceAll(/./g, '0') },
    3,
  );
  expect(other).toMatchObject({
    isDone: true,
    problem: 'row 4 is not what was written: it was edited, replaced or moved',
  });
  const rest = await verifyNext(hospital.pool, hospital.siteId, { chain: 'reads', after, hash }, 100);
  expect(rest).toMatchObject({ after: 7, length: 7, isDone: true, problem: null });
  // A chain that has not begun is sound.
  expect(await verifyNext(hospital.pool, hospital.siteId, { chain: 'commands' })).toMatchObject({
    length: 0,
    isDone: true,
    problem: null,
  });
});

describe('AU2 finds and locates', () => {
  test.each([
    ['an edited action', `UPDATE audit SET action = 'other' WHERE seq = 7`, 'row 7 is not what was written'],
    ['an edited detail', `UPDATE audit SET detail = '{"n": 99}' WHERE seq = 7`, 'row 7 is not'],
    [
      'another actor',
      `UPDATE audit SET actor = actor || '{"name": "M. Kraus"}' WHERE seq = 7`,
      'row 7 is not',
    ],
    ['another time', `UPDATE audit SET at = at + interval '1 ms' WHERE seq = 7`, 'row 7 is not'],
    ['an edited hash', `UPDATE audit SET hash = sha256('x') WHERE seq = 7`, 'row 7 is not'],
    [
      'an edit with a recomputed hash',
      `UPDATE audit a SET action = 'other', hash = audit_hash((SELECT hash FROM audit WHERE seq = 6), site_id, chain,
        seq, at, actor, 'other', detail) WHERE seq = 7`,
      'row 8 is not',
    ],
    ['a deleted row', 'DELETE FROM audit WHERE seq = 7', 'row 7 was deleted'],
    ['deleted rows', 'DELETE FROM audit WHERE seq BETWEEN 7 AND 9', 'rows 7 to 9 were deleted'],
    ['deleted at the beginning', 'DELETE FROM audit WHERE seq < 4', 'rows 1 to 3 were deleted'],
    [
      'a deleted row, and the rest moved up',
      `DELETE FROM audit WHERE seq = 7; ${renumber('seq - 1', 'seq > 7')}`,
      'row 7 is not what was written: it was edited, replaced or moved',
    ],
    ['two rows swapped', renumber('15 - seq', 'seq IN (7, 8)'), 'row 7 is not'],
    ['the last row cut off', 'DELETE FROM audit WHERE seq = 12', 'row 12 was cut off the end'],
    ['the end cut off', 'DELETE FROM audit WHERE seq > 10', 'rows 11 to 12 were cut off the end'],
    [
      'the end cut off, the head with it',
      `DELETE FROM audit WHERE seq > 10; UPDATE audit_chains SET seq = 10`,
      'the head is not that of row 10: it was replaced',
    ],
    ['a row after the head', copy(13), 'row 13 is not what was written'],
    ['a row before the first', copy(0), 'row 0 was added: row 1 is the first'],
    ['a head set back', 'UPDATE audit_chains SET seq = 11', 'row 12 was added behind the head'],
    ['no head', 'DELETE FROM audit_chains', 'its head was deleted; the last row found is 12'],
    [
      'no rows, and the head set back',
      `DELETE FROM audit; UPDATE audit_chains SET seq = 0, head = ''`,
      'the whole chain was deleted',
    ],
    ['no rows', 'DELETE FROM audit', 'rows 1 to 12 were cut off the end'],
  ])('%s', async (_, text, problem) => {
    await reads(12);
    expect(await problems()).toEqual(['reads: sound']);
    await tamper(text);
    expect(await problems()).toEqual([expect.stringContaining(`reads: ${problem}`) as string]);
  });

  test('the chain of commands deleted with its head', async () => {
    await book(hospital);
    await tamper(
      `DELETE FROM audit WHERE chain = 'commands'; DELETE FROM audit_chains WHERE chain = 'commands'`,
    );
    expect(await problems()).toEqual(['commands: the whole chain was deleted']);
  });

  test('one chain does not hide the others', async () => {
    const second = await createHospital(hospital.database.ownerUrl);
    await book(hospital);
    await reads(3);
    await reads(3, second.siteId);
    await tamper(`DELETE FROM audit WHERE site_id = '${second.siteId}' AND seq = 2`);
    expect((await problems()).toSorted()).toEqual([
      'commands: sound',
      'reads: row 2 was deleted',
      'reads: sound',
    ]);
  });
});

const secret = 'a secret of at least thirty-two characters';
const { anchorSecret } = secretsFrom(secret);
const lineOf = async () => JSON.stringify(await takeAnchor(hospital.pool, anchorSecret));
const anchored = async (): Promise<AnchoredHead[]> => {
  const { at: when, heads } = await takeAnchor(hospital.pool, anchorSecret);
  return heads.map((head) => ({ ...head, at: when }));
};

describe('AU10 only heads anchored elsewhere reveal', () => {
  test.each([
    [
      'rows cut off, the head set back with them',
      `DELETE FROM audit WHERE seq > 9;
       UPDATE audit_chains SET seq = 9, head = (SELECT hash FROM audit WHERE seq = 9)`,
      'the end was cut off, the head with it: at * it had row 12',
    ],
    [
      'a chain deleted with its head',
      'DELETE FROM audit; DELETE FROM audit_chains',
      'the whole chain was deleted; it was anchored at *',
    ],
    [
      'a rewritten chain',
      `DELETE FROM audit; DELETE FROM audit_chains;
       DO $$ BEGIN FOR n IN 1..14 LOOP
         PERFORM append_audit('SITE', 'reads', NULL, 'board', '{}');
       END LOOP; END $$`,
      'row 12 is not the one that was anchored at *: the chain was rewritten',
    ],
  ])('%s', async (_, text, problem) => {
    await reads(12);
    const before = await anchored();
    expect(await problems(before)).toEqual(['reads: sound']);
    await tamper(text.replace('SITE', hospital.siteId));
    expect(await problems()).not.toContainEqual(expect.stringContaining('12'));
    const pattern = new RegExp(`^reads: ${problem.replace('*', '\\S+')}$`);
    expect(await problems(before)).toEqual([expect.stringMatching(pattern) as string]);
    // Anchoring the tampered chain does not hide it either.
    expect(await problems([...before, ...(await anchored())])).toEqual(await problems(before));
  });

  test('newer rows change nothing', async () => {
    await reads(12);
    const before = await anchored();
    await reads(5);
    expect(await problems([...before, ...(await anchored())])).toEqual(['reads: sound']);
  });

  test('a head counts only with its signature, in a file or in a log', async () => {
    await reads(3);
    const line = await lineOf();
    const logged = JSON.stringify({ level: 30, msg: 'audit heads', ...(JSON.parse(line) as object) });
    expect(readAnchors(`{"msg":"listening"}\nnot JSON\n${logged}\n`, anchorSecret)).toEqual(
      readAnchors(line, anchorSecret),
    );
    const changed = line.replace('"seq":3', '"seq":2');
    expect(() => readAnchors(changed, anchorSecret)).toThrow('line 1');
    expect(() => readAnchors(line, secretsFrom('another secret').anchorSecret)).toThrow('not signed');
    expect(readAnchors(changed, undefined)).toMatchObject([{ seq: 2 }]);
    expect(() => readAnchors('', anchorSecret)).toThrow('no anchored heads');
  });
});

test('AU2 the chain of sign-ins must exist while anyone is signed in', async () => {
  await hospital.pool.query(
    `INSERT INTO sessions (id, user_id, expires_at) VALUES (gen_random_uuid(), $1, clock_timestamp() + interval '1 day')`,
    [hospital.users.viewer],
  );
  expect(await problems()).toEqual(['identity: the whole chain was deleted']);
  await hospital.pool.query('DELETE FROM sessions');
});

/** In two steps through unused numbers, because keys are checked row by row. */
function renumber(to: string, which: string) {
  return `UPDATE audit SET seq = -(${to}) WHERE ${which}; UPDATE audit SET seq = -seq WHERE seq < 0`;
}

function copy(seq: number) {
  return `INSERT INTO audit SELECT site_id, chain, ${seq}, at, actor, action, detail, hash FROM audit WHERE seq = 12`;
}

test('AU3 rows added during the check are not a problem', async () => {
  await reads(300);
  // A row is added after each query of the check, which reads three rows at a time and so reaches the end.
  const busy: Queryable = {
    query: (async (query: QueryConfig) => {
      const result = await hospital.pool.query(query);
      await reads(1);
      return result;
    }) as Queryable['query'],
  };
  expect(await problems([], busy)).toEqual(['reads: sound']);
  expect(await problems()).toEqual(['reads: sound']);
});

describe('audit:verify', () => {
  const program = fileURLToPath(new URL('../../audit-verify.ts', import.meta.url));
  const run = (url = hospital.database.appUrl, ...more: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...more], {
      env: { ...process.env, DATABASE_URL: url, SLATE_SECRET: secret },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('AU2 prints a line for each chain; the exit code is 0 only if all are valid', async () => {
    await hold(hospital, { start: at('11:00') });
    await reads(3);
    const sound = run();
    expect(sound.status).toBe(0);
    expect(sound.stdout.trim().split('\n')).toEqual([
      'Without --expect, a chain that was truncated or rewritten as a whole looks sound.',
      expect.stringMatching(/^commands of Test Hospital \(.*\): sound, 1 rows, head [0-9a-f]{64}$/) as string,
      expect.stringMatching(/^reads of Test Hospital \(.*\): sound, 3 rows, head [0-9a-f]{64}$/) as string,
    ]);
    await tamper(`UPDATE audit SET action = 'other' WHERE chain = 'reads' AND seq = 2`);
    const tampered = run();
    expect(tampered).toMatchObject({ status: 1, stdout: expect.stringContaining('commands') as string });
    expect(tampered.stderr).toMatch(
      /^reads of Test Hospital \(.*\): TAMPERED WITH, row 2 is not what was written/,
    );
  });

  test('AU10 compares with the file that a server writes', async () => {
    await reads(3);
    const file = join(mkdtempSync(join(tmpdir(), 'slate-anchors-')), 'heads.jsonl');
    const logged: object[] = [];
    const writeAnchor = createAnchorWriter({ info: (details) => logged.push(details) }, file);
    await writeAnchor(await takeAnchor(hospital.pool, anchorSecret));
    await writeAnchor(await takeAnchor(hospital.pool, anchorSecret));
    // An unchanged anchor is not written again.
    expect([logged.length, readFileSync(file, 'utf8').trim().split('\n')]).toMatchObject([1, { length: 1 }]);
    expect(run(hospital.database.appUrl, '--expect', file).status).toBe(0);
    await tamper('DELETE FROM audit; DELETE FROM audit_chains');
    expect(run().status).toBe(0);
    const gone = run(hospital.database.appUrl, '--expect', file);
    expect(gone).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('whole chain was deleted') as string,
    });
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":3', '"seq":2'));
    expect(run(hospital.database.appUrl, '--expect', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('was not signed') as string,
    });
  });

  test('prints one line when it cannot run', () => {
    const gone = new URL(hospital.database.appUrl);
    gone.pathname = '/not_there';
    expect(run(gone.href).status).toBe(1);
    expect(run('').stderr).toBe('audit:verify: set DATABASE_URL\n');
  });
});
