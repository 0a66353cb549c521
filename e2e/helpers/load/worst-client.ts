import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import type { Answer, Api } from '../../../scripts/api.ts';
import { pack } from '../../../server/src/db/wake-up-payload.ts';
import { at } from '../../../server/test/hospital.ts';
import type { Deployment } from '../deployment.ts';
import type { Head, Orders } from './worst-client-process.ts';

/** The memory limit of the server, and of its heap. */
export const memoryMb = 512;
const heapMb = 320;

/** How many changes are pushed at a time, and how often: about 6 MB/s. */
const batch = 100;
const batchMs = 100;

type Service = { answers: number; perSecond: number; failed: string[]; p50: number; p95: number };
export type Outcome = {
  /** The peak memory of the process before and after the attack. Null: the process did not survive. */
  calmMb: number;
  peakMb: number | null;
  /** The answers to others, before and during the attack; times in ms. */
  calm: Service;
  attacked: Service;
};

/** Runs the worst client against a server with little memory while others work. */
export async function runWorstClient(deployment: Deployment, seconds: number): Promise<Outcome> {
  const { siteId, users } = deployment;
  const server = await deployment.startServer({
    // The server's default limits apply to the worst client.
    LIMIT_FOLLOW: '',
    SOCKETS_PER_ACCOUNT: '',
    NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
  });
  let peakMb: number | null = null;
  const survived = server.ended.then(() => false);
  const desk = await deployment.as(users.coordinator, server.url);
  const feed = await startFeed(deployment, desk);

  const calm = await serve(deployment, desk, Math.min(30, seconds / 4));
  const calmMb = peakOf(server.pid);
  const orders: Orders = {
    url: server.url,
    siteId,
    tokens: await Promise.all(Array.from({ length: 8 }, () => deployment.tokenOf(users.viewer))),
  };
  const worst = fork(join(import.meta.dirname, 'worst-client-process.ts'), [JSON.stringify(orders)], {
    execArgv: [],
  });
  feed.onHead((head) => worst.send(head));
  const attacked = await serve(deployment, desk, seconds);
  feed.onHead(() => {});
  worst.kill('SIGKILL');
  await feed.stop();
  if (await Promise.race([survived, Promise.resolve(true)])) peakMb = peakOf(server.pid);
  await server.kill9();
  return { calmMb, peakMb, calm, attacked };
}

function peakOf(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Constant changes at the site, each as large as possible. */
async function startFeed(deployment: Deployment, desk: Api) {
  const { siteId, rooms, procedure, surgeons } = deployment;
  const hold = {
    roomId: rooms[0],
    start: at('09:00', 50),
    procedureId: procedure,
    surgeonId: surgeons[0],
    note: '漢'.repeat(2_000),
  };
  const { status } = await desk.post(`/sites/${siteId}/holds`, hold);
  if (status !== 201) throw new Error(`The first hold was answered ${status}.`);
  let listener: (head: Head) => void = () => {};
  let head = await advance(deployment, 5_000);
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      head = await advance(deployment, batch);
      listener(head);
      await pause(batchMs);
    }
  })();
  return {
    onHead: (next: (head: Head) => void) => (listener = next),
    stop: () => (stopping.abort(), running),
  };
}

/** Copies the first change of the site `count` times in one commit. */
async function advance({ owner, siteId }: Deployment, count: number): Promise<Head> {
  const { rows } = await owner.query<{ epoch: string; revision: string }>(
    `WITH moved AS (UPDATE sites SET revision = revision + $2 WHERE id = $1 RETURNING epoch, revision),
      added AS (INSERT INTO changes
        SELECT c.site_id, m.revision - $2 + n, clock_timestamp(), c.actor, c.body
        FROM moved m, changes c, generate_series(1, $2) n WHERE c.site_id = $1 AND c.revision = 1)
    SELECT epoch, revision, pg_notify('slate', $3) FROM moved`,
    [siteId, count, pack(randomUUID(), [{ kind: 'site', siteId }])[0]],
  );
  const [{ epoch, revision }] = rows as [{ epoch: string; revision: string }];
  return { epoch, revision: Number(revision) };
}

/** Reads and books for this time, and returns the answers. */
async function serve(deployment: Deployment, desk: Api, seconds: number): Promise<Service> {
  const { siteId, rooms, procedure, surgeons } = deployment;
  const durations: number[] = [];
  const failed: string[] = [];
  const timed = async (name: string, request: Promise<Answer>) => {
    const since = performance.now();
    const { status, body } = await request.catch((error: unknown) => ({ status: String(error), body: {} }));
    durations.push(performance.now() - since);
    // On a busy machine `unavailable` is a valid answer.
    if (typeof status === 'string' || (status >= 300 && status !== 503)) failed.push(`${name}: ${status}`);
    return body as { case?: Case };
  };
  const working: (() => Promise<unknown>)[] = [
    () => timed('me', desk.get('/me')),
    () => timed('board', desk.get(`/sites/${siteId}/board?date=${at('09:00', 3).slice(0, 10)}`)),
    async () => {
      const hold = {
        roomId: rooms[1],
        start: at('09:00', 3),
        procedureId: procedure,
        surgeonId: surgeons[1],
      };
      const { case: held } = await timed('hold', desk.post(`/sites/${siteId}/holds`, hold));
      if (held) await timed('release', desk.post(`/sites/${siteId}/cases/${held.id}/release`, {}));
    },
  ];
  const since = performance.now();
  await Promise.all(
    working.map(async (work) => {
      while (performance.now() - since < seconds * 1_000) {
        await work();
        await pause(20);
      }
    }),
  );
  const sorted = durations.toSorted((a, b) => a - b);
  const percentile = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    answers: durations.length,
    perSecond: Math.round((durations.length * 1_000) / (performance.now() - since)),
    failed,
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
}
