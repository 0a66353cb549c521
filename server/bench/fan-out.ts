/** How soon consoles get a change after it was acknowledged, and what that costs the server. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CaseReply } from '@slate/shared/contract/cases';
import { cpuSeconds, quantile, sharedClock } from './measuring.ts';
import type { Follow, ReceiversAnswer, ReceiversQuestion, Target } from './fan-out-receivers.ts';
import { startHelper } from './helper-process.ts';
import { baseOfLoad, fillTables, createHospital } from './hospital.ts';
import { HttpConnection } from './http-connection.ts';
import { slotOf } from './lanes.ts';
import type { Row } from './report.ts';
import { signInAll } from './set-up.ts';
import type { BenchSetUp } from './set-up.ts';

/** Twice the rate of the busiest minutes of the largest hospital. */
const changesPerSecond = 20;
/** Alternates between the two servers after this many changes. */
const inARow = 20;
const processes = 2;
const targets = ['slate', 'bare'] as const;

type Measurement = { delays: number[]; cpu: number };

export async function benchFanOut(setUp: BenchSetUp): Promise<Row[]> {
  const { effort, say } = setUp;
  const database = await setUp.database('bench_fan_out');
  const hospital = await createHospital(database.owner, { sites: 1, rooms: 1, surgeons: 1, people: 16 });
  await fillTables(database.owner, hospital, baseOfLoad());
  const server = await setUp.server(database.appUrl, 'bench-fan-out');
  const tokens = await signInAll(
    server.url,
    hospital.people.map(({ email }) => email),
    hospital.password,
  );
  const bare = startHelper<'start', string>('fan-out-bare.ts');
  const receivers = Array.from({ length: processes }, () =>
    startHelper<ReceiversQuestion, ReceiversAnswer>('fan-out-receivers.ts'),
  );
  const askAll = (question: ReceiversQuestion) => Promise.all(receivers.map((each) => each.ask(question)));
  const url: Record<Target, string> = { slate: server.url, bare: await bare.ask('start') };
  const pid: Record<Target, number> = { slate: server.pid, bare: bare.pid };

  const [site] = hospital.sites;
  if (!site) throw new Error('there is no site');
  const { rows: heads } = await database.owner.query<Follow>(
    'SELECT id AS "siteId", epoch, revision::int FROM sites WHERE id = $1',
    [site.id],
  );
  const head = heads[0] as Follow;
  const change = createChanges(url, head, { site, token: tokens[0] ?? '' });

  /** Sends changes at an even pace; returns when each was acknowledged. */
  async function sendChanges(target: Target, count: number) {
    const acknowledged = new Map<number, number>();
    const began = performance.now();
    for (let n = 0; n < count; n++) {
      await pause(Math.max(0, began + (n * 1000) / changesPerSecond - performance.now()));
      const revision = await change[target]();
      acknowledged.set(revision, sharedClock());
    }
    // Messages in transit still count.
    await pause(250);
    return acknowledged;
  }

  async function measure(followers: number): Promise<Record<Target, Measurement>> {
    head.revision = change.revision();
    for (const target of followers > 0 ? targets : []) {
      await askAll({
        kind: 'connect',
        target,
        url: url[target],
        count: followers / processes,
        tokens,
        follow: head,
      });
    }
    await pause(1000);
    const measured = { slate: { delays: [], cpu: 0 }, bare: { delays: [], cpu: 0 } } as Record<
      Target,
      Measurement
    >;
    for (let sent = 0; sent < effort.changes; sent += inARow) {
      for (const target of targets) {
        const before = cpuSeconds(pid[target]);
        const acknowledged = await sendChanges(target, inARow);
        const totals = measured[target];
        totals.cpu += cpuSeconds(pid[target]) - before;
        const delays = (await askAll({ kind: 'report', target, acknowledged })).flat();
        if (delays.length !== inARow * followers) {
          throw new Error(`${target}: ${delays.length} of ${inARow * followers} messages arrived`);
        }
        totals.delays.push(...delays);
      }
    }
    await askAll({ kind: 'close' });
    say(`fan-out to ${followers}: median ${quantile(measured.slate.delays, 0.5).toFixed(1)} ms`);
    return measured;
  }

  try {
    const alone = await measure(0);
    const rows: Row[] = [];
    for (const followers of effort.followers) {
      const measured = await measure(followers);
      const what = `${followers.toLocaleString('en')} consoles`;
      const row = (name: string, unit: string, of: (target: Target) => number) => ({
        part: 'fan-out',
        what: `${what}: ${name}`,
        unit,
        ours: of('slate'),
        baseline: of('bare'),
        against: 'bare ws',
      });
      const delay = (share: number) => (target: Target) => quantile(measured[target].delays, share);
      rows.push(
        { ...row('acknowledged to received, p50', 'ms', delay(0.5)), goal: ['<=', 2] },
        { ...row('acknowledged to received, p99', 'ms', delay(0.99)), goal: ['<=', 2] },
        {
          ...row('CPU of the server per message', 'µs', (target) => {
            const messages = measured[target].delays.length;
            return ((measured[target].cpu - alone[target].cpu) / messages) * 1e6;
          }),
          goal: ['<=', 1.5],
        },
      );
    }
    return rows;
  } finally {
    change.close();
    await Promise.all([bare, ...receivers].map((helper) => helper.stop()));
  }
}

type From = { site: { id: string; procedure: string; rooms: string[]; surgeons: string[] }; token: string };

/** Makes one change and returns its revision: ours alternates hold and booking, the bare server sends the same bytes. */
function createChanges(
  url: Record<Target, string>,
  { epoch, revision: from }: Follow,
  { site, token }: From,
) {
  const base = baseOfLoad();
  const connections = { slate: new HttpConnection(url.slate), bare: new HttpConnection(url.bare) };
  let count = 0;
  let slot = slotOf(base, 0);
  let last: CaseReply | undefined;
  let bareRevision = from;

  async function send(target: Target, path: string, headers: string, body: string) {
    const reply = await connections[target].send('POST', path, headers, body);
    if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.body}`);
    return reply.body;
  }
  return {
    revision: () => last?.revision ?? from,
    async slate() {
      const isHold = count % 2 === 0;
      if (isHold) slot = slotOf(base, count / 2);
      count++;
      const [room] = site.rooms;
      const [surgeon] = site.surgeons;
      const path = `/api/v1/sites/${site.id}/${isHold ? 'holds' : `cases/${slot.case}/confirm`}`;
      const body = isHold
        ? { roomId: room, start: slot.start, procedureId: site.procedure, surgeonId: surgeon }
        : { to: 'scheduled' };
      const key = isHold ? slot.case : slot.key;
      const headers = `Authorization: Bearer ${token}\r\nIdempotency-Key: ${key}\r\n`;
      last = JSON.parse(await send('slate', path, headers, JSON.stringify(body))) as CaseReply;
      return last.revision;
    },
    async bare() {
      const to = ++bareRevision;
      const change = {
        revision: to,
        at: last?.case.start,
        by: { id: last?.case.createdBy, name: 'Coordinator' },
        body: { type: 'case', cause: 'booked', case: last?.case },
      };
      await send(
        'bare',
        '/',
        '',
        `42${JSON.stringify(['changes', { epoch, from: to - 1, to, changes: [change] }])}`,
      );
      return to;
    },
    close() {
      connections.slate.close();
      connections.bare.close();
    },
  };
}
