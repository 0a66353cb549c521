/**
 * `npm run bench [-- --quick] [--only commands,fanout,board,console,log,queue] [--huge] [--profile]`: benchmarks, always as the
 * ratio of two things measured alternately in one run. Goals are reported as met or missed; only errors exit with 1.
 * `--huge` uses ten million cases of history; `--profile` also reports where the servers spent their time.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBoard } from './board.ts';
import { benchCommands } from './commands.ts';
import { benchConsole } from './console.ts';
import { benchFanOut } from './fan-out.ts';
import { benchLog } from './log.ts';
import { benchQueue } from './queue.ts';
import { pgbenchVersion } from './pgbench.ts';
import { hottest } from './profile.ts';
import { judge, tableOf } from './report.ts';
import type { Row } from './report.ts';
import { setUpBench } from './set-up.ts';
import type { Effort, BenchSetUp } from './set-up.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    huge: { type: 'boolean' },
    profile: { type: 'boolean' },
    only: { type: 'string' },
  },
});

const parts: Record<string, (setUp: BenchSetUp) => Promise<Row[]>> = {
  commands: benchCommands,
  fanout: benchFanOut,
  board: benchBoard,
  console: benchConsole,
  log: benchLog,
  queue: benchQueue,
};

const folder = join(import.meta.dirname, '..', '..', '.slate');
const profiles = join(folder, 'profiles');

const standard: Effort = {
  rounds: 5,
  seconds: 2,
  followers: [200, 1000],
  changes: 100,
  reads: 150,
  histories: [0, options.huge ? 10_000_000 : 1_000_000],
  console: { rounds: 3, changes: 200, dragSeconds: 4, burstSeconds: 10 },
  ...(options.profile && { profiles }),
};
const quick: Effort = {
  ...standard,
  rounds: 1,
  seconds: 2,
  followers: [200],
  changes: 40,
  reads: 40,
  histories: [0, 100_000],
  console: { rounds: 1, changes: 40, dragSeconds: 2, burstSeconds: 3 },
};

async function bench() {
  const chosen = options.only === undefined ? Object.keys(parts) : options.only.split(',');
  const unknown = chosen.find((part) => !(part in parts));
  if (unknown) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${unknown}"`);
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  const began = performance.now();
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    loadBefore: loadavg()[0],
    node: process.version,
    pgbench: pgbenchVersion(),
  };
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const setUp = await setUpBench(folder, options.quick ? quick : standard, (line) =>
    process.stderr.write(`${seconds()} s  ${line}\n`),
  );
  try {
    const rows: Row[] = [];
    for (const part of chosen) rows.push(...((await parts[part]?.(setUp)) ?? []));
    const judgedRows = rows.map(judge);
    const result = {
      at: new Date().toISOString(),
      seconds: seconds(),
      machine: { ...machine, postgres: setUp.postgresVersion },
      rows: judgedRows,
    };
    writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`${tableOf(judgedRows)}\n\n${seconds()} s; written to .slate/bench.json\n`);
  } finally {
    await setUp.end();
  }
  if (options.profile) process.stdout.write(`${hottest(profiles)}\n`);
}

// Exiting also ends everything that was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

await bench().catch((error: Error) => {
  process.stderr.write(`bench: ${error.stack}\n`);
  process.exitCode = 1;
});
