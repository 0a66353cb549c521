/** Commands per second through the API, compared with the same SQL without the product on the same database. */
import type { ServerProcess } from '../../scripts/server-process.ts';
import { cpuSeconds, median } from './measuring.ts';
import { startHelper } from './helper-process.ts';
import { baseOfLoad, bookRoom, fillTables, createHospital } from './hospital.ts';
import type { BenchSite, Hospital } from './hospital.ts';
import { slotMinutes, slotsAhead } from './lanes.ts';
import type { Lane, Pace, Round } from './lanes.ts';
import type { BareRound } from './load-bare-pg.ts';
import type { HttpRound } from './load-http.ts';
import type { DatabaseRound } from './load-use-cases.ts';
import { pgbenchVersion, runPgbench } from './pgbench.ts';
import { recordPair } from './recording.ts';
import type { Row } from './report.ts';
import { signInAll } from './set-up.ts';
import type { BenchDatabase, BenchSetUp } from './set-up.ts';

const clients = 16;
const crowdedClaims = 30_000;

export async function benchCommands(setUp: BenchSetUp): Promise<Row[]> {
  const database = await setUp.database('bench_commands');
  const hospital = await createHospital(database.owner, {
    sites: 12,
    rooms: clients,
    surgeons: 2 * clients,
    people: clients,
  });
  await fillTables(database.owner, hospital, baseOfLoad());
  const server = await setUp.server(database.appUrl, 'bench-commands');
  const tokens = await signInAll(
    server.url,
    hospital.people.map(({ email }) => email),
    hospital.password,
  );
  const load = await startLoad(setUp, database, server, lanesOn(hospital, tokens));
  try {
    const rows = [
      ...(await load.compare('16 clients, a room each', load.scenarios.distinct)),
      ...(await load.compare('16 clients, one hot room', load.scenarios.hot)),
      ...(await load.compare('16 clients, 8 sites', load.scenarios.sites)),
      await load.crowded(hospital),
    ];
    return rows;
  } finally {
    await load.stop();
  }
}

/** `cpu`: CPU milliseconds per command of the measured process. */
type Measure = keyof Pace | 'cpu';
type Scenario = Pick<Round, 'lanes' | 'stride'>;

function lanesOn({ sites, people }: Hospital, tokens: readonly string[]) {
  const lane = (client: number, site: number, room: number, surgeon: number, offset = 0): Lane => {
    const at = sites[site] as BenchSite;
    return {
      site: at.id,
      procedure: at.procedure,
      room: at.rooms[room] ?? '',
      surgeon: at.surgeons[surgeon] ?? '',
      user: people[client]?.id ?? '',
      token: tokens[client] ?? '',
      offset,
    };
  };
  const each = (make: (client: number) => Lane) =>
    Array.from({ length: clients }, (_, client) => make(client));
  return {
    distinct: { lanes: each((n) => lane(n, 0, n, n)), stride: 1 },
    hot: { lanes: each((n) => lane(n, 1, 0, n, n)), stride: clients },
    fewClaims: { lanes: each((n) => lane(n, 2, 0, n, n)), stride: clients },
    manyClaims: { lanes: each((n) => lane(n, 2, 1, clients + n, n)), stride: clients },
    sites: { lanes: each((n) => lane(n, 3 + (n % 8), n >> 3, n)), stride: 1 },
    recorded: { lanes: [lane(0, 11, 0, 0)], stride: 1 },
  } satisfies Record<string, Scenario>;
}

async function startLoad(
  { effort, say }: BenchSetUp,
  { appUrl, owner }: BenchDatabase,
  server: ServerProcess,
  scenarios: ReturnType<typeof lanesOn>,
) {
  const base = baseOfLoad();
  const [recorded] = scenarios.recorded.lanes;
  const recording = await recordPair(appUrl, recorded as Lane, base, 0);
  const http = startHelper<HttpRound, Pace>('load-http.ts');
  const useCases = startHelper<DatabaseRound, Pace>('load-use-cases.ts');
  const bare = startHelper<BareRound, Pace>('load-bare-pg.ts');
  const variants: Record<string, (round: Round) => Promise<Pace>> = {
    http: (round) => http.ask({ ...round, url: server.url }),
    useCases: (round) => useCases.ask({ ...round, appUrl }),
    bare: (round) => bare.ask({ ...round, appUrl, recording }),
    ...(pgbenchVersion() && { pgbench: (round) => runPgbench(appUrl, round, recording) }),
  };

  async function nextRound({ lanes, stride }: Scenario, seconds: number): Promise<Round> {
    const { rows } = await owner.query<{ until: Date | null }>(
      'SELECT max(upper(during)) AS until FROM claims WHERE resource_id = ANY ($1)',
      [lanes.map(({ room }) => room)],
    );
    const until = rows[0]?.until?.getTime() ?? 0;
    const from = Math.max(0, Math.ceil((until - base) / 60_000 / slotMinutes));
    if (from < slotsAhead * 0.8) return { lanes, stride, base, from, seconds };
    await owner.query('DELETE FROM claims WHERE site_id = ANY ($1)', [lanes.map(({ site }) => site)]);
    await owner.query('VACUUM claims');
    return nextRound({ lanes, stride }, seconds);
  }
  const runOnce = async (variant: string, scenario: Scenario, seconds: number) => {
    const round = await nextRound(scenario, seconds);
    const pid = { http: server.pid, bare: bare.pid, useCases: useCases.pid }[variant] ?? 0;
    const before = cpuSeconds(pid);
    const began = performance.now();
    const pace = await variants[variant]?.(round);
    if (!pace) throw new Error(`unknown variant ${variant}`);
    const pairs = (pace.perSecond * (performance.now() - began)) / 1000;
    return { ...pace, cpu: ((cpuSeconds(pid) - before) * 1000) / pairs / 2 };
  };
  /** Alternates between the variants, so that other load on the machine affects all alike. */
  async function inTurns(what: string, turns: [name: string, variant: string, scenario: Scenario][]) {
    for (const [, variant, scenario] of turns) await runOnce(variant, scenario, 1);
    const paces = new Map<string, Record<Measure, number>[]>();
    for (let n = 1; n <= effort.rounds; n++) {
      for (const [name, variant, scenario] of n % 2 ? turns : turns.toReversed()) {
        const pace = await runOnce(variant, scenario, effort.seconds);
        paces.set(name, [...(paces.get(name) ?? []), pace]);
        say(`${what}, round ${n} of ${effort.rounds}: ${name} ${Math.round(pace.perSecond * 2)} commands/s`);
      }
    }
    const all = (name: string, of: Measure) => (paces.get(name) ?? []).map((pace) => pace[of]);
    return (of: Measure, ours: string, baseline: string, factor = 1) => ({
      ours: median(all(ours, of)) * factor,
      baseline: median(all(baseline, of)) * factor,
      // Per round: a disturbance most likely affected both.
      ratio: median(all(ours, of).map((each, n) => each / (all(baseline, of)[n] ?? Number.NaN))),
    });
  }

  return {
    scenarios,
    async compare(what: string, scenario: Scenario): Promise<Row[]> {
      const measured = await inTurns(
        what,
        Object.keys(variants).map((variant) => [variant, variant, scenario]),
      );
      const row = (name: string, of: Measure, ours: string, baseline: string) => ({
        part: 'commands',
        what: `${what}: ${name}`,
        unit: of === 'perSecond' ? '/s' : 'ms',
        against: baseline === 'bare' ? 'bare pg' : baseline,
        ...measured(of, ours, baseline, of === 'perSecond' ? 2 : 1),
      });
      return [
        { ...row('commands', 'perSecond', 'http', 'bare'), goal: ['>=', 0.6] },
        { ...row('hold and book, p50', 'p50', 'http', 'bare'), goal: ['<=', 2] },
        { ...row('hold and book, p99', 'p99', 'http', 'bare'), goal: ['<=', 2] },
        ...('pgbench' in variants ? [row('commands', 'perSecond', 'http', 'pgbench')] : []),
        row('commands without HTTP', 'perSecond', 'useCases', 'bare'),
        row('CPU of the server per command', 'cpu', 'http', 'bare'),
        row('CPU of the use cases per command', 'cpu', 'useCases', 'bare'),
      ];
    },
    /** Query plans are made while the room has few claims; they must still be good with many. */
    async crowded({ sites: [, , site], people: [person] }: Hospital): Promise<Row> {
      const { fewClaims, manyClaims } = scenarios;
      await runOnce('http', fewClaims, 2);
      const room = manyClaims.lanes[0]?.room ?? '';
      if (site && person)
        await bookRoom(owner, room, null, { site, base, from: 0, until: crowdedClaims, by: person.id });
      const what = 'hot room';
      const measured = await inTurns(what, [
        ['few', 'http', fewClaims],
        ['many', 'http', manyClaims],
      ]);
      return {
        part: 'commands',
        what: `hot room with ${crowdedClaims.toLocaleString('en')} claims: commands`,
        unit: '/s',
        against: 'few claims',
        ...measured('perSecond', 'many', 'few', 2),
        goal: ['>=', 0.9],
      };
    },
    async stop() {
      await Promise.all([http, useCases, bare].map((helper) => helper.stop()));
    },
  };
}
