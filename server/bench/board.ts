/** Whether today's board and the search for openings stay as fast however long the history grows. */
import { randomUUID } from 'node:crypto';
import type { Board } from '@slate/shared/board';
import { localDateOf } from '@slate/shared/time';
import { demoAccounts } from '../src/seed/accounts.ts';
import { demoSite } from '../src/seed/demo-hospital.ts';
import { plantDemoHospital } from '../src/seed/plant-demo-hospital.ts';
import { plantHistory } from '../src/seed/plant-history.ts';
import { hashPassword } from '../src/use-cases/passwords.ts';
import { HttpConnection } from './http-connection.ts';
import type { Row } from './report.ts';
import { signInAll } from './stage.ts';
import type { Stage } from './stage.ts';
import { quantile } from './statistics.ts';

const ways = ['cold', 'cached', 'unchanged', 'openings'] as const;
type Way = (typeof ways)[number];
type Hospital = {
  /** Makes the board one that nobody has read yet. */
  change: () => Promise<unknown>;
  read: Record<Way, () => Promise<unknown>>;
  took: Record<Way, number[]>;
  close(): void;
};

export async function benchBoard(stage: Stage): Promise<Row[]> {
  const { effort, say } = stage;
  const hospitals: Hospital[] = [];
  try {
    for (const cases of effort.histories) hospitals.push(await openHospital(stage, cases));
    for (let n = 0; n <= effort.reads; n++) {
      for (const way of ways) {
        for (const { change, read, took } of hospitals) {
          if (way === 'cold') await change();
          const began = performance.now();
          await read[way]();
          // The first of each is there to warm up.
          if (n > 0) took[way].push(performance.now() - began);
        }
      }
    }
    say(`board: ${effort.reads} reads of each kind`);
  } finally {
    for (const hospital of hospitals) hospital.close();
  }

  const [short, long] = hospitals;
  if (!short || !long) throw new Error('two histories are compared');
  const [few, many] = effort.histories.map((cases) => cases.toLocaleString('en', { notation: 'compact' }));
  const row = (what: string, way: Way, share: number) => ({
    part: 'board',
    what: `${what} with ${many} cases of history, p${share * 100}`,
    unit: 'ms',
    ours: quantile(long.took[way], share),
    baseline: quantile(short.took[way], share),
    against: `${few} cases`,
  });
  const goal = ['<=', 1.2] as const;
  return [
    { ...row("today's board, changed since", 'cold', 0.5), goal },
    row("today's board, changed since", 'cold', 0.99),
    { ...row("today's board, cached", 'cached', 0.5), goal },
    row("today's board, cached", 'cached', 0.99),
    { ...row("today's board, not modified", 'unchanged', 0.5), goal },
    { ...row('openings over five days', 'openings', 0.5), goal },
    row('openings over five days', 'openings', 0.99),
  ];
}

async function openHospital(stage: Stage, cases: number): Promise<Hospital> {
  const name = `bench_board_${cases}`;
  const { owner, appUrl, connect } = await stage.database(name);
  await plantDemoHospital(owner, { hashPassword });
  const began = performance.now();
  // Two at a time, which is only load: both halves fill the same years.
  const halves = [owner, await connect()].map((client, seed) =>
    plantHistory(client, { siteId: demoSite.id, cases: cases / 2, seed }),
  );
  await Promise.all(halves);
  // What autovacuum would do sooner or later, and now not in the middle of the measurement.
  await owner.query('VACUUM ANALYZE');
  stage.say(`board: planted ${cases} cases in ${Math.round((performance.now() - began) / 1000)} s`);

  const { url } = await stage.server(appUrl, name.replaceAll('_', '-'));
  const coordinator = demoAccounts.find(({ role }) => role === 'coordinator');
  if (!coordinator) throw new Error('the demo has no coordinator');
  const [token] = await signInAll(url, [coordinator.email], coordinator.password);
  const connection = new HttpConnection(url);
  const headers = `Authorization: Bearer ${token}\r\n`;
  const site = `/api/v1/sites/${demoSite.id}`;
  const date = localDateOf(new Date().toISOString(), demoSite.timeZone);

  async function ask(method: 'GET' | 'POST', path: string, more = '', body = '') {
    const reply = await connection.send(method, site + path, headers + more, body);
    if (reply.status >= 400) throw new Error(`${path}: ${reply.status} ${reply.body}`);
    return reply;
  }
  let etag = '';
  async function readBoard(more = '') {
    const reply = await ask('GET', `/board?date=${date}`, more);
    etag = /\r\netag: (.+)/i.exec(reply.head)?.[1] ?? '';
    return reply;
  }
  const board = JSON.parse((await readBoard()).body) as Board;
  const done = board.cases.find(({ state }) => state === 'completed') ?? board.cases[0];
  const [procedure] = board.procedures;
  if (!done || !procedure) throw new Error("there is nothing on today's board");

  const fact = JSON.stringify({
    milestone: 'in_holding',
    at: done.milestones.in_holding ?? new Date().toISOString(),
  });
  const search = JSON.stringify({ date, days: 5, procedureId: procedure.id });
  return {
    change: () => ask('POST', `/cases/${done.id}/milestones`, `Idempotency-Key: ${randomUUID()}\r\n`, fact),
    read: {
      cold: () => readBoard(),
      cached: () => readBoard(),
      unchanged: () => readBoard(`If-None-Match: ${etag}\r\n`),
      openings: () => ask('POST', '/openings', '', search),
    },
    took: { cold: [], cached: [], unchanged: [], openings: [] },
    close: () => connection.close(),
  };
}
