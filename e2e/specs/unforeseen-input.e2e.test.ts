import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { routes } from '@slate/shared/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkInvariants } from '../../server/test/invariants.ts';
import { openTarget, secrets } from '../helpers/api/bad-input.ts';
import type { Target } from '../helpers/api/bad-input.ts';
import { withEdits, someRequest } from '../helpers/api/edits.ts';
import { mutant } from '../helpers/mutant.ts';
import { send } from '../helpers/api/raw.ts';
import { answerErrors } from '../helpers/api/wrong-requests.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.end());

/** Sends randomly edited valid requests. Returns the number of answers by status. */
async function fuzz(runs: number, server = target.url): Promise<Map<number, number>> {
  const { bench } = target;
  const counts = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(someRequest, async ({ name, edits }) => {
      const sample = await bench.sampleOf(name);
      const raw = withEdits(await bench.rawOf(name, sample), sample.body, edits);
      const answer = await send(server, raw);
      counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
      if (answer.status < 400) bench.forget(name);
      const isSameRoute =
        raw.method === routes[name].method.toUpperCase() && !edits.some((edit) => edit.do === 'segment');
      const wrong = answer.status >= 400 || isSameRoute ? answerErrors(name, answer) : [];
      if (raw.method !== 'HEAD' && wrong.length > 0) {
        throw new Error(`${raw.method} ${raw.path} ${String(raw.body)}: ${wrong.join()}`);
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
  return counts;
}

test('BI5 1,500 randomly edited requests never cause a 5xx, and everything works afterwards', async () => {
  const { deployment, otherSite } = target;
  const counts = await fuzz(1_500);
  expect(counts.get(400)).toBeGreaterThan(500);
  expect((counts.get(200) ?? 0) + (counts.get(201) ?? 0)).toBeGreaterThan(50);
  expect(await checkInvariants(deployment.owner, deployment.siteId)).toEqual([]);
  expect(await checkInvariants(deployment.owner, otherSite.siteId)).toEqual([]);
});

/** The database refuses a case for an unexpected reason. Its message contains the whole row. */
async function unforeseen(server: string) {
  const { deployment, bench } = target;
  await deployment.owner.query(
    `ALTER TABLE cases ADD CONSTRAINT unforeseen CHECK (title <> 'Unforeseen') NOT VALID`,
  );
  try {
    const { path, body } = await bench.sampleOf('placeHold');
    return await send(
      server,
      await bench.rawOf('placeHold', { path, body: { ...(body as object), title: 'Unforeseen' } }),
    );
  } finally {
    await deployment.owner.query('ALTER TABLE cases DROP CONSTRAINT unforeseen');
  }
}

test('BI6 an unexpected error is a 500 without details', async () => {
  const { status, body } = await unforeseen(target.url);
  expect(status).toBe(500);
  expect(body).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(body)).not.toMatch(/Unforeseen|cases|constraint/);
});

describe('a missing protection is noticed:', () => {
  test('BI5 parsing', async () => {
    const change = {
      file: 'server/src/http/parse.ts',
      from: 'if (parsed.success) return parsed.data;',
      to: 'return value as Parsed;',
    };
    const server = await target.deployment.startServer(mutant(change));
    await expect(fuzz(300, server.url)).rejects.toThrow(/Property failed/);
    await server.kill9();
  });

  test('BI7 removing PostgreSQL’s quotes from the log', async () => {
    const log = join(target.folder, 'mutant.log');
    const change = { file: 'server/src/main.ts', from: 'serializers: { err: loggableError },', to: '' };
    const server = await target.deployment.startServer(mutant(change), log);
    await unforeseen(server.url);
    await server.stop();
    expect(await readFile(log, 'utf8')).toMatch(secrets);
  });
});

test('AU12 the log line of a request has the user and the network', async () => {
  const log = await target.log();
  expect(log).toMatch(
    /"route":"[^"]+","status":\d+,"ms":[\d.]+,"user":"[\da-f-]{36}","network":"127\.0\.0\.0\/24"/,
  );
  expect(log).not.toContain('127.0.0.1"');
});

test('BI7 the log of these tests contains no patient, password or token', async () => {
  const log = await target.log();
  expect(log.split('\n').length).toBeGreaterThan(1_500);
  // The database's error is there, its details are not.
  expect(log).toContain('23514');
  expect(log.split('\n').filter((each) => secrets.test(each))).toEqual([]);
});
