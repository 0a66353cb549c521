/** PgBouncer for the pooler test: an installed one or, for root on Debian, that of Debian 13. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, unpackPackages } from './debian.ts';

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

function unpack(): string | undefined {
  unpackPackages(packages.split(' '), folder, release);
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
