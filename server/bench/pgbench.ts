/** Runs the recorded commands through pgbench, if it is installed: a client that costs next to nothing. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { slotMinutes } from './lanes.ts';
import type { Lane, Pace, Round } from './lanes.ts';
import type { Recording, Script, Step, Value } from './recording.ts';
import { quantile } from './measuring.ts';

/** Sessions are new in every round, so the first second (with planning) does not count. */
const warmUpSeconds = 1;

export function pgbenchVersion(): string | undefined {
  const { stdout, status } = spawnSync('pgbench', ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

export async function runPgbench(appUrl: string, round: Round, recording: Recording): Promise<Pace> {
  const { lanes, stride, base, from, seconds } = round;
  const folder = mkdtempSync(join(tmpdir(), 'slate-pgbench-'));
  try {
    const script = join(folder, 'pair.sql');
    writeFileSync(script, scriptOf(lanes, recording));
    const { hostname, port, username, password, pathname } = new URL(appUrl);
    const began = Date.now() / 1000;
    await promisify(execFile)(
      'pgbench',
      [
        ['--host', hostname, '--port', port, '--username', username, '--file', script],
        ['--client', String(lanes.length), '--jobs', '2', '--protocol', 'prepared', '--no-vacuum'],
        ['--time', String(seconds + warmUpSeconds), '--log', '--log-prefix', join(folder, 'log')],
        ...Object.entries({ n: 0, stride, from, base: base / 1000 }).map(([name, value]) => [
          '-D',
          `${name}=${value}`,
        ]),
        [pathname.slice(1)],
      ].flat(),
      { env: { ...process.env, PGPASSWORD: password } },
    );
    const logs = readdirSync(folder).filter((file) => file.startsWith('log'));
    const milliseconds = logs.flatMap((file) =>
      durations(readFileSync(join(folder, file), 'utf8'), began + warmUpSeconds),
    );
    return {
      perSecond: milliseconds.length / seconds,
      p50: quantile(milliseconds, 0.5),
      p99: quantile(milliseconds, 0.99),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Log lines: client, transaction, duration in µs, script, end (s, µs). */
function durations(log: string, since: number): number[] {
  return log
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .filter(([, , , , ended = 0]) => ended >= since)
    .map(([, , microseconds = 0]) => microseconds / 1000);
}

function scriptOf(lanes: readonly Lane[], { hold, book }: Recording): string {
  const rows = lanes.map(
    ({ site, procedure, room, surgeon, user, offset }, n) =>
      `(${n}, ${offset}, '${site}', '${procedure}', '${room}', '${surgeon}', '${user}')`,
  );
  // pgbench can only count, so the database makes up the client's values beforehand.
  return `
    \\set slot :from + :n * :stride
    \\set n :n + 1
    SELECT site, procedure, room, surgeon, "user", gen_random_uuid() AS "case", gen_random_uuid() AS key,
      wire(opens) AS opens, wire(opens + interval '5 minutes') AS start, wire(opens + interval '15 minutes') AS "end",
      wire(opens + interval '${slotMinutes} minutes') AS closes, wire(clock_timestamp()) AS at,
      wire(clock_timestamp() + interval '2 minutes') AS expires, '"number": ' || nextval('case_numbers') AS number
    FROM (VALUES ${rows.join(',\n')}) AS lane(n, "offset", site, procedure, room, surgeon, "user"),
      to_timestamp(:base::float8 + (:slot::int + "offset") * ${slotMinutes * 60}) AS opens
    WHERE n = :client_id \\gset
    ${tripsOf(hold)}
    ${tripsOf(book)}`.replaceAll(/^ +/gm, '');
}

const tripsOf = (script: Script) =>
  script.map((trip) => `\\startpipeline\n${trip.map(statementOf).join(';\n')};\n\\endpipeline`).join('\n');

const statementOf = ({ text, values }: Step) =>
  text.replaceAll(/\$(\d+)/g, (_, n: string) => expressionOf(values[Number(n) - 1]));

function expressionOf(value: Value | undefined): string {
  if (value === undefined || value.kind === 'null') return 'NULL';
  if (value.kind === 'bytes') return `'\\x${Buffer.from(value.bytes).toString('hex')}'::bytea`;
  if (value.kind === 'ids')
    return value.ids.length === 0 ? `'{}'` : `ARRAY[${value.ids.map(textOf).join(', ')}]::uuid[]`;
  return value.kind === 'json' ? `(${textOf(value.text)})::jsonb` : textOf(value.text);
}

/** A lone blank takes its type from its context. */
function textOf(text: string[]): string {
  const [before, blank, after, ...more] = text;
  if (before === '' && blank && after === '' && more.length === 0) return `:${blank}`;
  return text.map((part, n) => (n % 2 ? `:${part}::text` : literal(part))).join(' || ');
}

/** pgbench would take text right after a colon for a variable. */
const literal = (text: string) => `'${text.replaceAll("'", "''").replaceAll(/:(?=[a-z])/g, ': ')}'`;
