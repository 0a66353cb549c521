/**
 * `npm test`: every stage in turn, however the ones before it went, and one closing line that sums up.
 * Names of stages as arguments run only those: `npm test -- lint pg`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface Count {
  passed: number;
  failed: number;
}

interface Stage {
  name: string;
  command: string;
  /** What to do about it, when it fails. */
  hint: string;
  /** Reads the report that a test runner left behind; without one, only failures count. */
  count?: () => Count;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = 'node_modules/.cache/test';

const stages: Stage[] = [
  { name: 'format', command: 'oxfmt --check', hint: 'run `npm run format`' },
  {
    name: 'lint',
    command: 'oxlint --type-aware --deny-warnings',
    hint: 'change what oxlint names above',
  },
  { name: 'types', command: 'tsc -b', hint: 'change what tsc names above' },
  vitest('unit'),
  vitest('ui'),
  vitest('pg'),
  vitest('e2e'),
  vitest('browser'),
  vitest('electron'),
];

function vitest(project: string): Stage {
  const report = `${reports}/${project}.json`;
  return {
    name: project,
    command: `vitest run --project=${project} --reporter=default --reporter=json --outputFile.json=${report}`,
    hint: `\`npx vitest --project ${project}\` repeats the tests above on every change`,
    count: () => {
      const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(
        readFileSync(`${root}/${report}`, 'utf8'),
      ) as { numPassedTests: number; numFailedTests: number };
      return { passed, failed };
    },
  };
}

let running: ChildProcess | undefined;
let interrupted = false;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interrupted = true;
    running?.kill(name);
  });
}

async function run({ name, command, hint, count }: Stage): Promise<Count> {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const [program = '', ...args] = command.split(' ');
  running = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [code] = (await once(running, 'exit')) as [number | null];
  const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const { passed, failed } = counted(count);
  if (code === 0) {
    console.log(`── ${name}: ok (${took})`);
    return { passed, failed };
  }
  console.log(`── ${name}: FAILED (${took}): ${hint}`);
  // A stage that fails without naming a test is one failure.
  return { passed, failed: Math.max(1, failed) };
}

/** A test runner that breaks down leaves no report. */
function counted(count: Stage['count']): Count {
  try {
    return count?.() ?? { passed: 0, failed: 0 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. There are ${stages.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(1);
}

rmSync(`${root}/${reports}`, { recursive: true, force: true });
mkdirSync(`${root}/${reports}`, { recursive: true });
const total: Count = { passed: 0, failed: 0 };
for (const stage of stages) {
  if (interrupted) break;
  if (asked.length > 0 && !asked.includes(stage.name)) continue;
  const { passed, failed } = await run(stage);
  total.passed += passed;
  total.failed += failed;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || interrupted ? 1 : 0;
