import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import manifest from '../../../desktop/package.json' with { type: 'json' };
import { buildConsole } from '../../../scripts/build-console.ts';
import { electron } from '../../../scripts/electron.ts';
import { installWithApt } from '../../../scripts/install-with-apt.ts';
import { unpack } from '../../../scripts/packaging/electron-builder.ts';
import { artefactName } from '../../../scripts/packaging/release.ts';
import { deb } from '../../../scripts/packaging/linux.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The unpacked program, the Debian package and the Electron in both; null skips the tests that need them. */
    packages: { folder: string; deb: string; electron: string } | null;
  }
}

const output = join(import.meta.dirname, '../../../node_modules/.cache/package');
const tools = ['dpkg-deb', 'unshare', 'nsenter', 'Xvfb'];

/** Builds the packages of Linux that every machine with Debian's tools can build. */
export default async function setup(project: TestProject): Promise<void> {
  const skip = (reason: string) => {
    console.warn(`The tests of the packages are skipped: ${reason}`);
    project.provide('packages', null);
  };
  const missing = missingTool();
  if (missing !== undefined) return skip(missing);
  const runtime = await electron(console.log);
  if ('missing' in runtime) return skip(runtime.missing);
  buildConsole();
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const { version } = manifest;
  const folder = await unpack({ output, isRelease: false });
  const file = join(output, `${artefactName(version, false)}-linux-amd64.deb`);
  deb({ folder, version, isRelease: false, epoch: 1_700_000_000, updateKeys: [] }, file, join(output, 'deb'));
  project.provide('packages', { folder, deb: file, electron: dirname(runtime.program) });
}

function missingTool(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'only root on Linux can install a package on a copy of the machine.';
  const absent = tools.find((tool) => spawnSync('which', [tool]).status !== 0);
  if (absent !== undefined) return `${absent} is not installed.`;
  if (spawnSync('which', ['xdotool']).status !== 0 && !installWithApt('xdotool'))
    return 'xdotool is not installed.';
  return undefined;
}
