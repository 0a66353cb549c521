/** PgBouncer for the pooler test: an installed one or, for root on Debian, the distribution's. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The first version that supports prepared statements in transaction mode. */
const oldest = [1, 21] as const;

/** The program to start, after installing it if necessary; undefined if there is none that is new enough. */
export function pgbouncer(): string | undefined {
  const path = process.env['PGBOUNCER_PATH'];
  return [path, 'pgbouncer', '/usr/sbin/pgbouncer'].find(isNewEnough) ?? install();
}

function install(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  if (!candidate()) run('apt-get', '-qq', 'update');
  const offered = candidate();
  if (!offered || !suffices(offered)) return undefined;
  const quietly = ['-qq', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];
  run('apt-get', ...quietly, 'install', 'pgbouncer');
  return isNewEnough('/usr/sbin/pgbouncer') ? '/usr/sbin/pgbouncer' : undefined;
}

/** Too old on Debian 12 and older. */
const candidate = () => run('apt-cache', 'policy', 'pgbouncer').match(/Candidate: (\d+)\.(\d+)/);

function isNewEnough(program: string | undefined): boolean {
  const version = program && run(program, '--version').match(/PgBouncer (\d+)\.(\d+)/);
  return version ? suffices(version) : false;
}

const suffices = ([, major, minor]: RegExpMatchArray) =>
  Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);

const run = (program: string, ...args: string[]): string =>
  spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 300_000,
  }).stdout ?? '';
