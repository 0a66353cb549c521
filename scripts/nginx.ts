/** nginx for the test of the example in `docs`: an installed one or, for root on Debian, that of Debian. */
import { join } from 'node:path';
import { run, unpackPackages } from './debian.ts';

const folder = '/var/cache/slate-nginx';
const unpacked = join(folder, 'usr/sbin/nginx');

/** Returns the program, after fetching it if necessary; undefined if there is none. */
export function nginx(): string | undefined {
  const programs = [process.env['NGINX_PATH'], 'nginx', '/usr/sbin/nginx', unpacked];
  const found = programs.find(isNginx);
  if (found !== undefined) return found;
  unpackPackages(['nginx'], folder);
  return isNginx(unpacked) ? unpacked : undefined;
}

/** It writes its version to the error output. */
const isNginx = (command: string | undefined) =>
  command !== undefined && run(command, '-v').includes('nginx version');
