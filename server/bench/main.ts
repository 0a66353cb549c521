/**
 * `npm run bench [-- --quick] [--only commands,fanout,board,console] [--huge] [--profile]`: how fast it is, always as
 * the ratio of two things measured in turns in one run. Goals are told as met or missed; only an error ends it
 * with 1. `--huge` has ten million cases of history; `--profile` also tells where the servers' time went.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBoard } from './board.ts';
import { benchCommands } from './commands.ts';
import { benchConsole } from './console.ts';
import { benchFanOut } from './fan-out.ts';
import { pgbenchVersion } from './pgbench.ts';
import { hottest } from './profile.ts';
import { judge, tableOf } from './report.ts';
import type { Row } from './report.ts';
import { setStage } from './stage.ts';
import type { Effort, Stage } from './stage.ts';

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    huge: { type: 'boolean' },
    profile: { type: 'boolean' },
    only: { type: 'string' },
  },
});

const parts: Record<string, (stage: Stage) => Promise<Row[]>> = {
  commands: benchCommands,
  fanout: benchFanOut,
  board: benchBoard,
  console: benchConsole,
};

const folder = join(import.meta.dirname, '..', '..', '.slate');
const profiles = join(folder, 'profiles');

const usual: Effort = {
  rounds: 5,
  seconds: 2,
  followers: [200, 1000],
  changes: 100,
  reads: 150,
  histories: [0, asked.huge ? 10_000_000 : 1_000_000],
  console: { rounds: 3, changes: 200, dragSeconds: 4, burstSeconds: 10 },
  ...(asked.profile && { profiles }),
};
const quick: Effort = {
  ...usual,
  rounds: 1,
  seconds: 2,
  followers: [200],
  changes: 40,
  reads: 40,
  histories: [0, 100_000],
  console: { rounds: 1, changes: 40, dragSeconds: 2, burstSeconds: 3 },
};

async function bench() {
  const chosen = asked.only === undefined ? Object.keys(parts) : asked.only.split(',');
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
  const stage = await setStage(folder, asked.quick ? quick : usual, (line) =>
    process.stderr.write(`${seconds()} s  ${line}\n`),
  );
  try {
    const rows: Row[] = [];
    for (const part of chosen) rows.push(...((await parts[part]?.(stage)) ?? []));
    const judged = rows.map(judge);
    const result = {
      at: new Date().toISOString(),
      seconds: seconds(),
      machine: { ...machine, postgres: stage.postgresVersion },
      rows: judged,
    };
    writeFileSync(join(folder, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`${tableOf(judged)}\n\n${seconds()} s; written to .slate/bench.json\n`);
  } finally {
    await stage.end();
  }
  if (asked.profile) process.stdout.write(`${hottest(profiles)}\n`);
}

// Whoever is told to end still takes along what was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

await bench().catch((error: Error) => {
  process.stderr.write(`bench: ${error.stack}\n`);
  process.exitCode = 1;
});
