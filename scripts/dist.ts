/**
 * `npm run dist [-- --linux --win --mac --release]`: packages the desktop console into `release/`.
 * Prints what it has built and what this machine cannot build. Without `--release` everything is a
 * test build, and named so.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../desktop/package.json' with { type: 'json' };
import { deb, tarGz } from './packaging/linux.ts';
import { installers, unpack, versionsOf } from './packaging/electron-builder.ts';
import { artefactName, obstaclesToRelease } from './packaging/release.ts';
import type { Target } from './packaging/release.ts';
import { sbom } from './packaging/sbom.ts';
import { shippedPackages } from './packaging/shipped-packages.ts';
import { buildConsole } from './build-console.ts';

const root = join(import.meta.dirname, '..');
const output = join(root, 'release');
const { version } = manifest;

const hosts: Partial<Record<NodeJS.Platform, Target>> = { linux: 'linux', win32: 'win', darwin: 'mac' };

async function main() {
  const { values } = parseArgs({
    options: {
      linux: { type: 'boolean', default: false },
      win: { type: 'boolean', default: false },
      mac: { type: 'boolean', default: false },
      release: { type: 'boolean', default: false },
    },
  });
  const named = (['linux', 'win', 'mac'] as const).filter((target) => values[target]);
  const targets = named.length > 0 ? named : [hosts[process.platform] ?? 'linux'];
  const isRelease = values.release;
  if (isRelease) {
    const checkout = {
      tags: git('tag', '--points-at').split('\n'),
      isClean: git('status', '--porcelain') === '',
    };
    const obstacles = obstaclesToRelease(version, targets, checkout, process.env);
    if (obstacles.length > 0) throw new Error(`This can’t be a release.\n  ${obstacles.join('\n  ')}`);
  }

  const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct'));
  const updateKeys = (process.env['SLATE_UPDATE_KEYS'] ?? '').split(',').filter((key) => key !== '');
  const packages = shippedPackages(buildConsole());
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  const missing: string[] = [];
  const attempt = async (what: string, make: () => void | Promise<void>) => {
    try {
      await make();
    } catch (error) {
      missing.push(`${what} (${error instanceof Error ? error.message : String(error)})`);
    }
  };
  if (targets.includes('linux')) {
    const prepackaged = join(output, 'linux-unpacked');
    await attempt('tar.gz and deb', async () => {
      const name = join(output, artefactName(version, isRelease));
      const folder = await unpack({ output, isRelease });
      const unpacked = { folder, version, isRelease, epoch, updateKeys };
      tarGz(unpacked, `${name}-linux-x64.tar.gz`);
      deb(unpacked, `${name}-linux-amd64.deb`, join(output, 'deb'));
    });
    await attempt('AppImage and rpm', () => installers({ target: 'linux', output, isRelease, prepackaged }));
  }
  if (targets.includes('win'))
    await attempt('NSIS, MSI and zip of Windows', () => installers({ target: 'win', output, isRelease }));
  if (targets.includes('mac'))
    await attempt('dmg and zip of macOS', () => installers({ target: 'mac', output, isRelease }));

  const artefacts = readdirSync(output, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith(artefactName(version, isRelease)))
    .map(({ name }) => join(output, name));
  const contents = { version, packages, runtime: await versionsOf(), epoch };
  for (const artefact of artefacts)
    writeFileSync(`${artefact}.cdx.json`, `${JSON.stringify(sbom(artefact, contents), null, 2)}\n`);
  const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  const hashes = join(output, 'SHA256SUMS');
  writeFileSync(hashes, artefacts.map((file) => `${hash(file)}  ${basename(file)}\n`).join(''));
  if (isRelease && targets.includes('linux')) sign(hashes);

  for (const artefact of artefacts) console.log(`Built ${relative(root, artefact)}`);
  for (const line of missing) console.log(`Not built here: ${line}`);
  if (isRelease && missing.length > 0) throw new Error('The release is incomplete.');
}

/** Signs with the person's GnuPG. */
function sign(file: string) {
  const key = process.env['GPG_KEY'] ?? '';
  const args = ['--batch', '--yes', '--armor', '--local-user', key, '--detach-sign', file];
  const { status, stderr, error } = spawnSync('gpg', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The hashes could not be signed: ${error?.message ?? stderr.trim()}`);
}

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
