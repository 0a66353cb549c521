import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queryDirectly } from '../../test/administer.ts';
import { testCluster, testDatabase } from '../../test/database.ts';
import type { TestDatabase } from '../../test/database.ts';
import { createWakeUps } from './wake-ups.ts';
import type { WakeUp, WakeUps } from './wake-ups.ts';

let database: TestDatabase;
const running: WakeUps[] = [];
const log = { info: () => {}, warn: () => {}, error: () => {} };

beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
  await database.end();
});

function start(url = database.appUrl, more: { pingMs?: number } = {}) {
  const wakeUps = createWakeUps({ url, log, ...more });
  running.push(wakeUps);
  return wakeUps;
}

/** Resolves with the next wake-up that matches. */
const next = (wakeUps: WakeUps, matches: (wakeUp: WakeUp) => boolean) =>
  new Promise<WakeUp>((resolve) => {
    const stop = wakeUps.listen((wakeUp) => {
      if (!matches(wakeUp)) return;
      stop();
      resolve(wakeUp);
    });
  });
const listening = (wakeUps: WakeUps) => next(wakeUps, ({ kind }) => kind === 'anything');

const asSuper = (text: string, values: unknown[] = []) => queryDirectly(database.superUrl, text, values);

test('PU16 this process wakes at once, the others by a notification, and none of them twice', async () => {
  const [a, b] = [start(), start()];
  await Promise.all([listening(a), listening(b)]);
  const received: string[] = [];
  a.listen(({ kind }, from) => received.push(`a ${kind} ${from === a.processId}`));
  b.listen(({ kind }, from) => received.push(`b ${kind} ${from === a.processId}`));
  a.publish({ kind: 'site', siteId: randomUUID() });
  expect(received).toEqual(['a site true']);
  await next(b, ({ kind }) => kind === 'site');
  const last = next(a, ({ kind }) => kind === 'user');
  b.publish({ kind: 'user', userId: randomUUID() });
  await last;
  expect(received).toEqual(['a site true', 'b site true', 'b user false', 'a user false']);
});

test('PU16 notifications that arrive during another one go out together', async () => {
  const publisher = start();
  await listening(publisher);
  const client = new pg.Client({ connectionString: database.appUrl });
  await client.connect();
  const payloads: string[] = [];
  const received = new Set<string>();
  const sites = Array.from({ length: 1_000 }, () => randomUUID());
  const all = new Promise<void>((resolve) => {
    client.on('notification', ({ payload = '' }) => {
      payloads.push(payload);
      for (const siteId of sites) if (payload.includes(siteId)) received.add(siteId);
      if (received.size === sites.length) resolve();
    });
  });
  await client.query('LISTEN slate');
  for (const siteId of [...sites, ...sites]) publisher.publish({ kind: 'site', siteId });
  await all;
  await client.end();
  expect(payloads.length).toBeLessThan(20);
});

test('PU17 notifications that could not be sent are sent on the next connection', async () => {
  const publisher = start();
  await listening(publisher);
  const { rows } = await asSuper(`SELECT pid FROM pg_stat_activity
    WHERE application_name = 'slate wake-ups' AND datname = current_database()`);
  const other = start();
  await listening(other);
  const received = next(other, ({ kind }) => kind === 'site');
  const again = listening(publisher);
  await asSuper('SELECT pg_terminate_backend($1)', [rows[0]?.['pid']]);
  const siteId = randomUUID();
  publisher.publish({ kind: 'site', siteId });
  expect(await received).toEqual({ kind: 'site', siteId });
  await again;
});

test('PU17 a silent database is noticed, and listening resumes when it is back', async () => {
  const silent = await testCluster();
  try {
    const wakeUps = start(silent.appUrl, { pingMs: 100 });
    await listening(wakeUps);
    const again = listening(wakeUps);
    silent.cluster.pause();
    await expect.poll(() => wakeUps.isListening, { timeout: 10_000 }).toBe(false);
    silent.cluster.resume();
    await again;
    expect(wakeUps.isListening).toBe(true);
    await wakeUps.close();
  } finally {
    await silent.end();
  }
});

test('PU17 an unknown notification of another version counts as `anything`', async () => {
  const wakeUps = start();
  await listening(wakeUps);
  const anything = listening(wakeUps);
  await asSuper(`SELECT pg_notify('slate', '{"version":7}')`);
  expect(await anything).toEqual({ kind: 'anything' });
});

test('PU17 a failing listener does not affect the others', async () => {
  const wakeUps = start();
  wakeUps.listen(() => {
    throw new Error('broken');
  });
  const received = next(wakeUps, ({ kind }) => kind === 'site');
  wakeUps.publish({ kind: 'site', siteId: randomUUID() });
  expect(await received).toMatchObject({ kind: 'site' });
});

test('PU17 closing works with and without a database', async () => {
  const unreachable = start('postgresql://nobody:x@127.0.0.1:9/none');
  const connecting = start();
  const connected = start();
  await listening(connected);
  await Promise.all([unreachable.close(), connecting.close(), connected.close()]);
  expect([unreachable, connecting, connected].map(({ isListening }) => isListening)).toEqual([
    false,
    false,
    false,
  ]);
});
