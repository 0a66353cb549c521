/**
 * `npm test`: runs every stage, two at a time, and prints the totals in the last line. A stage that fails does not stop
 * the others. With the names of stages as arguments it runs only those: `npm test -- lint pg`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SHARED_POSTGRES, startTestPostgres } from '../server/test/global-setup.ts';

interface Count {
  passed: number;
  failed: number;
  /** The names of the tests that did not run. */
  skipped: string[];
}

/** The part of a report that is used here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
}

interface Stage {
  name: string;
  command: string;
  /** Advice if it fails. */
  hint: string;
  /** Reads the report of a test runner; without one, only failures count. */
  count?: () => Count;
  postgres?: true;
  /** Measures something: runs after the others, with the machine to itself. */
  alone?: true;
}

const root = join(import.meta.dirname, '..');
const reports = 'node_modules/.cache/test';

// The longest tests first: with short ones at the end, both processors are busy until then.
const stages: Stage[] = [
  { name: 'format', command: 'oxfmt --check', hint: 'run `npm run format`' },
  {
    name: 'lint',
    command: 'oxlint --type-aware --deny-warnings',
    hint: 'change what oxlint names above',
  },
  { name: 'types', command: 'tsc -b', hint: 'change what tsc names above' },
  vitest('browser', { postgres: true }),
  vitest('electron', { postgres: true }),
  vitest('pg', { postgres: true }),
  vitest('e2e', { postgres: true }),
  vitest('ui'),
  vitest('package', { postgres: true }),
  vitest('unit'),
  vitest('quiet', { postgres: true, alone: true }),
];

function vitest(project: string, needs: Pick<Stage, 'postgres' | 'alone'> = {}): Stage {
  const report = `${reports}/${project}.json`;
  return {
    name: project,
    command: `vitest run --project=${project} --reporter=default --reporter=json --outputFile.json=${report}`,
    hint: `\`npx vitest --project ${project}\` repeats the tests above on every change`,
    count: () => {
      const { numPassedTests, numFailedTests, testResults } = JSON.parse(
        readFileSync(join(root, report), 'utf8'),
      ) as Report;
      const skipped = testResults.flatMap(({ name, assertionResults }) =>
        assertionResults
          .filter(({ status }) => status === 'skipped' || status === 'pending')
          .map(({ fullName }) => `${relative(root, name)}: ${fullName}`),
      );
      return { passed: numPassedTests, failed: numFailedTests, skipped };
    },
    ...needs,
  };
}

const requested = process.argv.slice(2);
const unknown = requested.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. There are ${stages.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}
const chosen = stages.filter(({ name }) => requested.length === 0 || requested.includes(name));

const running = new Set<ChildProcess>();
let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interrupted = true;
    for (const child of running) child.kill(name);
  });
}

const total: Count = { passed: 0, failed: 0, skipped: [] };

/** Runs a stage. If others run at the same time, its output goes to a file and is shown when it has ended. */
async function run({ name, command, hint, count }: Stage, isParallel: boolean): Promise<void> {
  const log = join(root, reports, `${name}.log`);
  console.log(isParallel ? `── ${name} begins` : `\n── ${name}`);
  const startedAt = Date.now();
  const [program = '', ...args] = command.split(' ');
  const output = isParallel ? openSync(log, 'a') : 'inherit';
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...environment, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
    shell: process.platform === 'win32',
  });
  running.add(child);
  const [code] = (await once(child, 'exit')) as [number | null];
  running.delete(child);
  if (output !== 'inherit') {
    closeSync(output);
    console.log(`\n── ${name}`);
    process.stdout.write(readFileSync(log));
  }
  const duration = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const { passed, failed, skipped } = readCount(count);
  console.log(code === 0 ? `── ${name}: ok (${duration})\n` : `── ${name}: FAILED (${duration}): ${hint}\n`);
  total.passed += passed;
  total.skipped.push(...skipped);
  // A stage that fails without a failed test counts as one failure.
  total.failed += code === 0 ? failed : Math.max(1, failed);
}

/** A test runner that breaks down leaves no report. */
function readCount(count: Stage['count']): Count {
  try {
    return count?.() ?? { passed: 0, failed: 0, skipped: [] };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}

async function runInLanes(selected: Stage[], lanes: number): Promise<void> {
  const queue = selected.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const stage of queue) if (!interrupted) await run(stage, Math.min(lanes, selected.length) > 1);
    }),
  );
}

/** Starts a PostgreSQL for all stages. Without it, each stage starts its own, and reports why that fails. */
const sharedPostgres = () =>
  startTestPostgres().catch((error: unknown) => {
    console.error(error);
    return undefined;
  });

rmSync(join(root, reports), { recursive: true, force: true });
mkdirSync(join(root, reports), { recursive: true });
const shared = chosen.some(({ postgres }) => postgres) ? await sharedPostgres() : undefined;
const environment = {
  // Dozens of processes load the same code.
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node'),
  ...(shared && { [SHARED_POSTGRES]: JSON.stringify(shared.postgres) }),
};
try {
  await runInLanes(
    chosen.filter(({ alone }) => !alone),
    2,
  );
  await runInLanes(
    chosen.filter(({ alone }) => alone),
    1,
  );
} finally {
  await shared?.stop();
}
if (total.skipped.length > 0) console.log(`\nSkipped:\n  ${total.skipped.join('\n  ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || interrupted ? 1 : 0;
