/** Whether boards, searches, holds and refusals stay fast as the history grows. */
import { randomUUID } from 'node:crypto';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { addDays, localDateOf } from '@slate/shared/time';
import { demoAccounts } from '../src/seed/accounts.ts';
import { demoSite } from '../src/seed/demo-hospital.ts';
import { seedDemoHospital } from '../src/seed/seed-demo-hospital.ts';
import { seedHistory } from '../src/seed/seed-history.ts';
import { hashPassword } from '../src/identity/passwords.ts';
import { HttpConnection } from './http-connection.ts';
import type { Row } from './report.ts';
import { signInAll } from './set-up.ts';
import type { BenchSetUp } from './set-up.ts';
import { quantile } from './measuring.ts';

const operations = ['cold', 'cached', 'unchanged', 'openings', 'hold', 'refusal', 'contested'] as const;
type Operation = (typeof operations)[number];
type Hospital = {
  /** Not measured. */
  prepare: Partial<Record<Operation, () => Promise<unknown>>>;
  run: Record<Operation, () => Promise<unknown>>;
  durations: Record<Operation, number[]>;
  close(): void;
};

export async function benchBoard(setUp: BenchSetUp): Promise<Row[]> {
  const { effort, say } = setUp;
  const hospitals: Hospital[] = [];
  try {
    for (const cases of effort.histories) hospitals.push(await openHospital(setUp, cases));
    for (let n = 0; n <= effort.reads; n++) {
      for (const operation of operations) {
        if (operation === 'contested' && n % contestedEvery !== 0) continue;
        for (const { prepare, run, durations } of hospitals) {
          await prepare[operation]?.();
          const began = performance.now();
          await run[operation]();
          // The first is a warm-up.
          if (n > 0) durations[operation].push(performance.now() - began);
        }
      }
    }
    say(`board: ${effort.reads} reads of each kind`);
  } finally {
    for (const hospital of hospitals) hospital.close();
  }

  const [short, long] = hospitals;
  if (!short || !long) throw new Error('expected two histories');
  const [few, many] = effort.histories.map((cases) => cases.toLocaleString('en', { notation: 'compact' }));
  const row = (what: string, operation: Operation, share: number) => ({
    part: 'board',
    what: `${what} with ${many} cases of history, p${share * 100}`,
    unit: 'ms',
    ours: quantile(long.durations[operation], share),
    baseline: quantile(short.durations[operation], share),
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
    { ...row('a hold', 'hold', 0.5), goal },
    row('a hold', 'hold', 0.99),
    { ...row('a refusal', 'refusal', 0.5), goal },
    row('a refusal', 'refusal', 0.99),
    { ...row(`${rivals} at once for one time`, 'contested', 0.5), goal },
  ];
}

const rivals = 100;
const contestedEvery = 10;

async function openHospital(setUp: BenchSetUp, cases: number): Promise<Hospital> {
  const name = `bench_board_${cases}`;
  const { owner, appUrl, connect } = await setUp.database(name);
  await seedDemoHospital(owner, { hashPassword });
  const began = performance.now();
  // Both halves fill the same years, so only one can have claims.
  const halves = [owner, await connect()].map((client, seed) =>
    seedHistory(client, { siteId: demoSite.id, cases: cases / 2, seed, claims: seed === 0 }),
  );
  await Promise.all(halves);
  // Keeps autovacuum out of the measurement.
  await owner.query('VACUUM ANALYZE');
  const { rows } = await owner.query<{ claims: string }>('SELECT count(*) AS claims FROM claims');
  const seconds = Math.round((performance.now() - began) / 1000);
  setUp.say(`board: seeded ${cases} cases in ${seconds} s; ${rows[0]?.claims} claims`);

  const { url } = await setUp.server(appUrl, name.replaceAll('_', '-'));
  const coordinator = demoAccounts.find(({ role }) => role === 'coordinator');
  if (!coordinator) throw new Error('the demo has no coordinator');
  const [token] = await signInAll(url, [coordinator.email], coordinator.password);
  const connection = new HttpConnection(url);
  const headers = `Authorization: Bearer ${token}\r\n`;
  const site = `/api/v1/sites/${demoSite.id}`;
  const date = localDateOf(new Date().toISOString(), demoSite.timeZone);

  async function request(method: 'GET' | 'POST', path: string, more = '', body = '') {
    const reply = await connection.send(method, site + path, headers + more, body);
    if (reply.status >= 400) throw new Error(`${path}: ${reply.status} ${reply.body}`);
    return reply;
  }
  const withKey = () => `Idempotency-Key: ${randomUUID()}\r\n`;
  let etag = '';
  async function readBoard(more = '') {
    const reply = await request('GET', `/board?date=${date}`, more);
    etag = /\r\netag: (.+)/i.exec(reply.head)?.[1] ?? '';
    return reply;
  }
  const board = JSON.parse((await readBoard()).body) as Board;
  const completedCase = board.cases.find(({ state }) => state === 'completed') ?? board.cases[0];
  const [procedure] = board.procedures;
  if (!completedCase || !procedure) throw new Error("there is nothing on today's board");

  const fact = JSON.stringify({
    milestone: 'in_holding',
    at: completedCase.milestones.in_holding ?? new Date().toISOString(),
  });
  const search = JSON.stringify({ date, days: 5, procedureId: procedure.id });
  const [room, surgeon] = ['room', 'surgeon'].map((kind) =>
    board.resources.find((each) => each.kind === kind),
  );

  /** The same hour of a new day each time, so that only its own rivals are in the way. */
  let days = 100;
  const holdInput = () =>
    JSON.stringify({
      roomId: room?.id,
      surgeonId: surgeon?.id,
      start: `${addDays(date, days)}T10:00`,
      minutes: 30,
      title: 'Bench',
      overrideReason: 'Bench',
    });
  const hold = (by = connection) => by.send('POST', `${site}/holds`, headers + withKey(), holdInput());
  let last: Case | undefined;
  async function holdAlone() {
    const { status, body } = await hold();
    if (status !== 201) throw new Error(`hold: ${status} ${body}`);
    last = (JSON.parse(body) as { case: Case }).case;
  }
  async function nextDay() {
    if (last) await request('POST', `/cases/${last.id}/release`, withKey(), '{}');
    last = undefined;
    days++;
  }

  return {
    prepare: {
      // Invalidates the cached board.
      cold: () => request('POST', `/cases/${completedCase.id}/milestones`, withKey(), fact),
      hold: nextDay,
      contested: nextDay,
    },
    run: {
      cold: () => readBoard(),
      cached: () => readBoard(),
      unchanged: () => readBoard(`If-None-Match: ${etag}\r\n`),
      openings: () => request('POST', '/openings', '', search),
      hold: holdAlone,
      refusal: async () => {
        const { status, body } = await hold();
        if (status !== 409) throw new Error(`expected a refusal: ${status} ${body}`);
      },
      contested: async () => {
        const connections = Array.from({ length: rivals }, () => new HttpConnection(url));
        const replies = await Promise.all(connections.map((rival) => hold(rival)));
        for (const rival of connections) rival.close();
        const [winner] = replies.filter(({ status }) => status === 201);
        if (!winner || replies.filter(({ status }) => status === 409).length !== rivals - 1)
          throw new Error(`of ${rivals}: ${replies.map(({ status }) => status).join(' ')}`);
        last = (JSON.parse(winner.body) as { case: Case }).case;
      },
    },
    durations: { cold: [], cached: [], unchanged: [], openings: [], hold: [], refusal: [], contested: [] },
    close: () => connection.close(),
  };
}
