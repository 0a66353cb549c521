/** A D-Bus and the keyring of GNOME for the test of desks: installed ones or, for root on Debian, those of Debian. */
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, unpackPackages } from './debian.ts';

export type GnomeKeyring = { bus: string; keyring: string };

const packages = [
  'gnome-keyring',
  'libgck-1-0',
  'libgcr-base-3-1',
  'libcap-ng0',
  'dbus-daemon',
  'libdbus-1-3',
];
const folder = '/var/cache/slate-gnome-keyring';
const programs = { bus: 'dbus-daemon', keyring: 'gnome-keyring-daemon' };

/** Returns the programs, after fetching them if necessary; undefined if there are none. */
export function gnomeKeyring(): GnomeKeyring | undefined {
  return [programs, unpacked()].find(areWorking) ?? unpack();
}

const unpacked = () => ({ bus: join(folder, programs.bus), keyring: join(folder, programs.keyring) });

function unpack(): GnomeKeyring | undefined {
  unpackPackages(packages, folder);
  if (!existsSync(folder)) return undefined;
  for (const name of Object.values(programs)) {
    const libraries = `$(echo ${folder}/usr/lib/*-linux-gnu* ${folder}/lib/*-linux-gnu* | tr ' ' :)`;
    const start = `LD_LIBRARY_PATH=${libraries} exec ${folder}/usr/bin/${name} "$@"`;
    writeFileSync(join(folder, name), `#!/bin/sh\n${start}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return areWorking(unpacked()) ? unpacked() : undefined;
}

const areWorking = ({ bus, keyring }: GnomeKeyring) =>
  run(bus, '--version').includes('D-Bus') && run(keyring, '--version').includes('gnome-keyring');
