/**
 * Runs electron-builder, which reads `electron-builder.yml`. It runs in its own process, because it
 * can end with an unhandled rejection.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { electron } from '../electron.ts';
import { setModes } from './linux.ts';
import { notices, shippedPackages } from './shipped-packages.ts';
import { maintainerOf } from './release.ts';
import type { Target } from './release.ts';

const root = join(import.meta.dirname, '../..');
const out = join(root, 'desktop/out');

type Build = { output: string; isRelease: boolean };

/** Makes the folder with the program for Linux, on Linux; returns it. The console must have been built. */
export async function unpack(build: Build): Promise<string> {
  const dist = dirname(await program());
  run(build, ['--linux', 'dir', `-c.electronDist=${dist}`, `-c.electronVersion=${versionIn(dist)}`]);
  const folder = join(build.output, 'linux-unpacked');
  // Electron's demo would start if there were no program.
  rmSync(join(folder, 'resources/default_app.asar'), { force: true });
  setModes(folder);
  return folder;
}

/** Makes the installers that `electron-builder.yml` names for a platform. Downloads what that needs. */
export function installers({
  target,
  prepackaged,
  ...build
}: Build & { target: Target; prepackaged?: string }) {
  run(build, [`--${target}`, ...(prepackaged === undefined ? [] : ['--prepackaged', prepackaged])]);
}

/** The versions of Electron and its parts. */
export async function versionsOf(): Promise<Record<string, string>> {
  const { stdout } = spawnSync(await program(), ['-p', 'JSON.stringify(process.versions)'], {
    encoding: 'utf8',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return z.record(z.string(), z.string()).parse(JSON.parse(stdout));
}

async function program(): Promise<string> {
  const runtime = await electron(console.log);
  if ('missing' in runtime) throw new Error(runtime.missing);
  return runtime.program;
}

const versionIn = (dist: string) => readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');

function run({ output, isRelease }: Build, args: readonly string[]) {
  writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), notices(shippedPackages(out)));
  const settings = [
    `-c.directories.output=${output}`,
    `-c.extraMetadata.isRelease=${isRelease}`,
    `-c.linux.maintainer=${maintainerOf(process.env)}`,
    ...(process.env.SLATE_HOMEPAGE ? [`-c.extraMetadata.homepage=${process.env.SLATE_HOMEPAGE}`] : []),
    ...(isRelease
      ? [
          '-c.artifactName=slate-${version}-${os}-${arch}.${ext}',
          '-c.forceCodeSigning=true',
          '-c.mac.notarize=true',
        ]
      : []),
  ];
  const cli = join(root, 'node_modules/electron-builder/cli.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, ...args, '--publish=never', ...settings],
    { cwd: root, encoding: 'utf8' },
  );
  if (status === 0) return;
  const lines = `${stdout}\n${stderr}`.split('\n');
  const reason = lines.find((line) => /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|⨯|Error:/.test(line));
  throw new Error(reason?.trim() ?? `electron-builder ended with ${status}`);
}
