/** Builds, installs and packages the desktop program as a folder that updates can replace. */
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { updateProduct } from '@slate/shared/updates';
import { consoleFolder } from '../../../scripts/build-console.ts';
import { packagesIn, publicKeyOf, publishManifest, signManifest } from '../../../scripts/update-manifest.ts';
import { openDeployment } from '../deployment.ts';
import { electronRuntime, createWorkstation } from './desktop.ts';

/** A build of its own, with these keys for updates. */
export function buildWithKeys(keys: readonly string[], out: string): void {
  const vite = join(consoleFolder, '..', 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vite, 'build', '--outDir', out], {
    cwd: consoleFolder,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', SLATE_UPDATE_KEYS: keys.join(',') },
  });
  if (status !== 0) throw new Error(`Can’t build the console:\n${stdout}${stderr}`);
}

/** The folder of an installed program. Electron treats a binary that is not named `electron` as packaged. */
function installVersion(folder: string, version: string, out: string): void {
  const { program } = electronRuntime();
  const runtime = dirname(program);
  const app = join(folder, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  for (const name of readdirSync(runtime)) {
    if (name !== basename(program) && name !== 'resources')
      symlinkSync(join(runtime, name), join(folder, name));
  }
  // Not a symbolic link: Electron resolves it, and would load another program.
  try {
    linkSync(program, join(folder, 'slate'));
  } catch {
    cpSync(program, join(folder, 'slate'));
  }
  cpSync(out, join(app, 'out'), { recursive: true });
  const manifest = {
    name: 'slate',
    productName: 'Slate',
    version,
    main: 'out/main/main.cjs',
    isRelease: true,
  };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest));
}

const versionAt = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'resources', 'app', 'package.json'), 'utf8')) as { version: string })
    .version;

/** Packs a folder as the release does: with one folder in it. */
function pack(folder: string, file: string): void {
  const { status, stderr } = spawnSync(
    'tar',
    [
      '--create',
      '--use-compress-program=gzip -1',
      `--file=${file}`,
      `--directory=${dirname(folder)}`,
      basename(folder),
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
}

/** Signs the packages of a version in the folder of a channel as its update. */
export async function publishPackages(folder: string, version: string, key: KeyObject): Promise<void> {
  const now = Date.now();
  const manifest = {
    product: updateProduct,
    channel: basename(folder),
    version,
    minimumVersion: '0.1.0',
    signedAt: new Date(now).toISOString(),
    notBefore: new Date(now - 60_000).toISOString(),
    expires: new Date(now + 86_400_000).toISOString(),
    notes: '',
    files: await packagesIn(folder, { version, withTestBuilds: false }),
  };
  publishManifest(folder, signManifest(manifest, key));
}

/** The process that uses a profile: the link has the name of the computer and the id. */
const ownerOf = (profile: string) => Number(readlinkSync(join(profile, 'SingletonLock')).split('-').at(-1));

/** A workstation with version 0.1.0, where somebody has signed in before, and a server that publishes updates. */
export async function openUpdatedWorkstation() {
  const workstation = createWorkstation();
  const key = generateKeyPairSync('ed25519').privateKey;
  const program = join(workstation.folder, 'slate');
  const profile = join(workstation.folder, 'profile');
  const stable = join(workstation.folder, 'updates', 'stable');
  const out = join(workstation.folder, 'out');
  mkdirSync(stable, { recursive: true });
  mkdirSync(join(profile, 'updates'), { recursive: true });
  buildWithKeys([publicKeyOf(key)], out);
  installVersion(program, '0.1.0', out);
  const deployment = await openDeployment({
    servers: 1,
    environment: { UPDATES_FOLDER: join(stable, '..') },
  });
  const memory = { workstation: randomUUID(), site: deployment.siteId, newest: {}, crashed: [], trial: null };
  writeFileSync(join(profile, 'updates', 'memory.json'), JSON.stringify(memory));
  const groups: number[] = [];
  return {
    program,
    version: () => versionAt(program),
    log: () => {
      const file = join(profile, 'logs', 'slate.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    /** `code`: runs before the program does. */
    publish: async (version: string, code = '') => {
      const draft = join(workstation.folder, 'draft', `slate-${version}`);
      installVersion(draft, version, out);
      const main = join(draft, 'resources', 'app', 'out', 'main', 'main.cjs');
      writeFileSync(main, `${code}\n${readFileSync(main, 'utf8')}`);
      pack(draft, join(stable, `slate-${version}-linux-x64.tar.gz`));
      rmSync(draft, { recursive: true });
      await publishPackages(stable, version, key);
    },
    start: () => {
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const child = spawn(join(program, 'slate'), [...sandbox, `--user-data-dir=${profile}`], {
        // Its own group: a version that is started after an update is not a child of this one.
        detached: true,
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: workstation.folder,
          DISPLAY: electronRuntime().display,
          SLATE_SERVER: deployment.servers[0]?.url ?? '',
        },
      });
      groups.push(child.pid ?? 0);
    },
    end: async () => {
      // Electron starts a program anew in another group; the lock of the profile names it.
      for (const find of [...groups.map((group) => () => -group), () => ownerOf(profile)]) {
        try {
          process.kill(find(), 'SIGKILL');
        } catch {}
      }
      await deployment.end();
      workstation[Symbol.dispose]();
    },
  };
}
