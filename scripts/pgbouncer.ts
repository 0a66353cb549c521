/** PgBouncer for the pooler test: an installed one or, for root on Debian, that of Debian 13. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The first version that supports prepared statements in transaction mode. */
const oldest = [1, 21] as const;

/** Returns the program, after fetching it if necessary; undefined if none is new enough. */
export function pgbouncer(): string | undefined {
  const path = process.env['PGBOUNCER_PATH'];
  return [path, 'pgbouncer', '/usr/sbin/pgbouncer', program].find(isNewEnough) ?? unpack();
}

/** Debian 12 itself has only 1.18. */
const release = 'trixie';
/** Includes the libraries, so that the program also runs on other releases. */
const packages =
  'pgbouncer libaudit1 libc6 libcap-ng0 libcap2 libcares2 libevent-2.1-7t64 libpam0g libssl3t64 libsystemd0 libzstd1 zlib1g';
/** Owned by root and readable by PgBouncer, which does not run as root. */
const folder = '/var/cache/slate-pgbouncer';
const program = join(folder, 'pgbouncer');

/** Unpacks the packages into a folder of their own: the system stays as it is, and no service starts. */
function unpack(): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  run('apt-get', '-qq', 'update');
  const [mirror] = run('apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Label: Debian').split('\n');
  if (!mirror) return undefined;
  console.log('Fetching PgBouncer for the pooler test (ten seconds, once) …');
  const work = mkdtempSync(join(tmpdir(), 'slate-apt-'));
  try {
    mkdirSync(join(work, 'lists/partial'), { recursive: true });
    mkdirSync(join(work, 'cache/archives/partial'), { recursive: true });
    writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${release} main\n`);
    const options = {
      'Dir::Etc::SourceList': join(work, 'sources.list'),
      'Dir::Etc::SourceParts': '-',
      'Dir::State::Lists': join(work, 'lists'),
      'Dir::Cache': join(work, 'cache'),
      'APT::Sandbox::User': 'root',
    };
    const quietly = ['-qq', ...Object.entries(options).map((each) => `-o${each.join('=')}`)];
    runIn(work, 'apt-get', ...quietly, 'update');
    runIn(work, 'apt-get', ...quietly, 'download', ...packages.split(' '));
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      run('dpkg-deb', '-x', join(work, file), folder);
    }
  } finally {
    rmSync(work, { recursive: true });
  }
  if (!existsSync(folder)) return undefined;
  const libraries = `${folder}/usr/lib/*-linux-gnu*`;
  const start = `exec ${libraries}/ld-linux-*.so.* --library-path ${libraries} ${folder}/usr/sbin/pgbouncer "$@"`;
  writeFileSync(program, `#!/bin/sh\n${start}\n`);
  chmodSync(program, 0o755);
  return isNewEnough(program) ? program : undefined;
}

function isNewEnough(command: string | undefined): boolean {
  const version = command && run(command, '--version').match(/PgBouncer (\d+)\.(\d+)/);
  return version ? suffices(version) : false;
}

const suffices = ([, major, minor]: RegExpMatchArray) =>
  Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1]);

const run = (command: string, ...args: string[]) => runIn('/', command, ...args);

const runIn = (cwd: string, command: string, ...args: string[]): string =>
  spawnSync(command, args, { cwd, encoding: 'utf8', timeout: 300_000 }).stdout ?? '';
