import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../scripts/api.ts';
import { setRoleTimeouts } from '../../server/src/db/pool.ts';
import { untilBlocked, testCluster } from '../../server/test/database.ts';
import { at } from '../../server/test/hospital.ts';
import { checkInvariants } from '../../server/test/invariants.ts';
import { openDeployment } from '../helpers/deployment.ts';
import type { Deployment } from '../helpers/deployment.ts';
import { delayErrors } from '../helpers/api/delay-errors.ts';
import { mutant } from '../helpers/mutant.ts';

let deployment: Deployment;
let superUrl: string;
beforeAll(async () => {
  // Its own cluster, because it changes the server's role.
  const database = await testCluster();
  superUrl = database.superUrl;
  deployment = await openDeployment({ servers: 0, database });
});
afterAll(() => deployment.end());

describe('overload', () => {
  /** The longest time that a caller may wait. */
  const maxWaitMs = 3_000;

  /** Sends requests while the only connection waits for a lock. Returns the wrong answers. */
  async function violations(environment: Record<string, string>, start: string): Promise<string[]> {
    const server = await deployment.startServer({ DATABASE_POOL: '1', WORKER: 'false', ...environment });
    const [desk, secondDesk] = [
      await deployment.as(deployment.users.coordinator, server.url),
      await deployment.as(deployment.users.second, server.url),
    ];
    const settings = `/sites/${deployment.siteId}/settings`;
    const hold = { roomId: deployment.rooms[0], start, title: 'Knee' };
    const key = randomUUID();
    const book = () => desk.post(`/sites/${deployment.siteId}/holds`, hold, { key });

    const locker = new pg.Client({ connectionString: deployment.urls.ownerUrl });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query('SELECT FROM resources WHERE site_id = $1 AND id = $2 FOR UPDATE', [
      deployment.siteId,
      hold.roomId,
    ]);
    const found: string[] = [];
    const checkRefusal = async (caller: string, request: () => Promise<Answer>) => {
      const answer = await Promise.race([request(), pause(maxWaitMs)]);
      if (answer === undefined) return [`${caller}: no answer`];
      if (answer.status !== 503) return [`${caller}: answered ${answer.status}`];
      return delayErrors(answer, 'unavailable').map((error) => `${caller}: ${error}`);
    };
    try {
      const waiting = checkRefusal('waiting for the lock', book);
      await Promise.race([untilBlocked(deployment.owner), waiting]);
      const refusals = Array.from({ length: 20 }, () =>
        checkRefusal('waiting for a connection', () => secondDesk.get(settings)),
      );
      if ((await fetch(`${server.url}/healthz`)).status !== 200) found.push('It is not alive.');
      found.push(...new Set((await Promise.all([waiting, ...refusals])).flat()));
    } finally {
      await locker.query('COMMIT');
      await locker.end();
    }
    // The command was not decided, so the same key runs it now.
    const answers = [await book(), await secondDesk.get(settings)].map(({ status }) => status);
    if (String(answers) !== '201,200') found.push(`It does not recover: ${String(answers)}`);
    await server.kill9();
    return found;
  }

  test('LI3 without a free connection the answer is 503 in time, and everything works afterwards', async () => {
    expect(await violations({}, at('09:00', 5))).toEqual([]);
    expect(await checkInvariants(deployment.owner, deployment.siteId)).toEqual([]);
  });

  const file = 'server/src/db/pool.ts';
  test('LI3 is violated without a connection timeout', async () => {
    const change = { file, from: 'connectionTimeoutMillis: 1_500', to: 'connectionTimeoutMillis: 60_000' };
    expect((await violations(mutant(change), at('12:00', 5))).join('\n')).toMatch(/waiting for a connection/);
  });

  test('LI3 is violated without a lock timeout', async () => {
    const environment = mutant(
      { file, from: 'lock_timeout: 2_000', to: 'lock_timeout: 60_000' },
      { file, from: 'statement_timeout: 2_400', to: 'statement_timeout: 60_000' },
      { file, from: 'query_timeout: 2_700', to: 'query_timeout: 0' },
    );
    const superuser = new pg.Client({ connectionString: superUrl });
    await superuser.connect();
    await superuser.query(`ALTER ROLE slate_app SET lock_timeout = '1min';
      ALTER ROLE slate_app SET statement_timeout = '1min'`);
    try {
      expect((await violations(environment, at('15:00', 5))).join('\n')).toMatch(/waiting for the lock/);
    } finally {
      await superuser.query(setRoleTimeouts('slate_app'));
      await superuser.end();
    }
  });
});
