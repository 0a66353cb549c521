import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Installs a package of the distribution if that needs no interaction: as root with apt. Returns whether it did. */
export function installWithApt(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  console.log(`Installing ${name} for the tests (a minute or two, once) …`);
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 600_000,
    });
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', name);
  if (status !== 0) console.warn(`Couldn’t install ${name}: ${stderr.trim().split('\n').at(-1)}`);
  return status === 0;
}
