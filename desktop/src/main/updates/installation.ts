/** The installation of this program, which decides how it is updated. */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UpdateRefused } from './download.ts';

export type Installation =
  /** A folder that the person may replace: on macOS the bundle. */
  | {
      readonly by: 'swap';
      readonly kind: 'tar.gz' | 'zip';
      readonly folder: string;
      readonly executable: string;
    }
  /** Windows asks for an administrator. */
  | { readonly by: 'installer'; readonly kind: 'exe' }
  /** The Debian package: its helper, which runs as root. */
  | { readonly by: 'helper'; readonly kind: 'deb'; readonly helper: string }
  /** Somebody else installs updates: a deployment tool or a package manager. */
  | { readonly by: 'administrator'; readonly kind: null };

const administrator: Installation = { by: 'administrator', kind: null };

/** The files of the program on Linux. A folder with any other file is never replaced. */
const ownFiles =
  /^(locales|resources|version|slate(\.\w+)?|chrome[-_]\w+|LICENSES?[\w.]*|THIRD-PARTY-LICENSES\.txt|\w+\.(pak|bin|dat|so(\.\d+)?)|vk_swiftshader_icd\.json)$/;

const debianProgram = '/opt/slate/slate';
const debianHelper = '/usr/lib/slate/install-update';

export function findInstallation(
  executable: string,
  platform: NodeJS.Platform = process.platform,
  environment: Record<string, string | undefined> = process.env,
  helper = debianHelper,
): Installation {
  const folder = dirname(executable);
  if (platform === 'win32')
    return existsSync(join(folder, 'Uninstall Slate.exe')) ? { by: 'installer', kind: 'exe' } : administrator;
  if (platform === 'darwin') {
    const bundle = dirname(dirname(folder));
    return bundle.endsWith('.app') && isReplaceable(bundle)
      ? { by: 'swap', kind: 'zip', folder: bundle, executable: relative(bundle, executable) }
      : administrator;
  }
  if (executable === debianProgram)
    return existsSync(helper) ? { by: 'helper', kind: 'deb', helper } : administrator;
  const isOwn = environment['APPIMAGE'] === undefined && isReplaceable(folder);
  return isOwn && readdirSync(folder).every((name) => ownFiles.test(name))
    ? { by: 'swap', kind: 'tar.gz', folder, executable: basename(executable) }
    : administrator;
}

function isReplaceable(folder: string): boolean {
  try {
    for (const each of [folder, dirname(folder)]) accessSync(each, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program and resolves with its exit code. A program that gets an input may take as long as it needs. */
export type Run = (
  program: string,
  args: readonly string[],
  input?: () => AsyncIterable<Uint8Array>,
) => Promise<number | null>;

const runMs = 120_000;
export const runProgram: Run = (program, args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: [input ? 'pipe' : 'ignore', 'ignore', 'ignore'],
      ...(!input && { timeout: runMs, killSignal: 'SIGKILL' as const }),
      windowsHide: true,
    })
      .once('error', reject)
      .once('exit', resolve);
    // The exit code says why a program does not read to the end.
    if (input && child.stdin) pipeline(input(), child.stdin).catch(() => {});
  });

/**
 * Starts a program on Linux as soon as this one has ended. Not with `app.relaunch`: that forbids the new program to gain rights, and
 * Chromium's setuid sandbox needs them.
 */
export function startAfterThis(program: string, args: readonly string[]): void {
  // The pipe closes when this program ends.
  const wait = 'read -r _; exec "$@"';
  spawn('/bin/sh', ['-c', wait, 'sh', program, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  }).unref();
}

/** Node's functions would fail: in Electron they treat `app.asar` as a folder. */
export async function deleteFolder(folder: string): Promise<void> {
  if ((await runProgram('/bin/rm', ['-rf', '--', folder])) !== 0) throw new Error(`Can’t delete ${folder}.`);
}

export type Swap = Extract<Installation, { by: 'swap' }>;
/** Beside the folder, because only a rename within one disk is atomic. */
const beside = ({ folder }: Swap) => ({ fresh: `${folder}.new`, old: `${folder}.old`, bad: `${folder}.bad` });

/** A program with this switch starts and ends immediately. That shows that it works on this computer. */
export const tryStartSwitch = '--try-start';

/** Whether a program starts once, with an empty profile. */
export async function startsHere(executable: string, args: readonly string[], run: Run): Promise<boolean> {
  const profile = await mkdtemp(join(tmpdir(), 'slate-try-'));
  try {
    return (await run(executable, [...args, tryStartSwitch, `--user-data-dir=${profile}`])) === 0;
  } finally {
    await deleteFolder(profile);
  }
}

/**
 * Unpacks a verified package and starts the new program once, with an empty profile, before anything is replaced. Returns the
 * new folder.
 */
export async function unpack(
  swap: Swap,
  file: string,
  args: readonly string[],
  run: Run = runProgram,
): Promise<string> {
  const { fresh } = beside(swap);
  try {
    await deleteFolder(fresh);
    await mkdir(fresh, { mode: 0o755 });
    const [program, options]: [string, string[]] =
      swap.kind === 'tar.gz'
        ? ['tar', ['--extract', '--gzip', `--file=${file}`, `--directory=${fresh}`, '--no-same-owner']]
        : ['/usr/bin/ditto', ['-x', '-k', file, fresh]];
    const unpacked = await run(program, options);
    const [top, ...others] = await readdir(fresh);
    if (unpacked !== 0 || top === undefined || others.length > 0) throw new UpdateRefused('unusable');
    const folder = join(fresh, top);
    const executable = join(folder, swap.executable);
    await stat(executable);
    if (!(await startsHere(executable, args, run))) throw new UpdateRefused('unusable');
    return folder;
  } catch (error) {
    await deleteFolder(fresh);
    throw error instanceof UpdateRefused ? error : new UpdateRefused('unusable', error);
  }
}

/** Puts the new folder in the place of the program. The old one stays beside it. */
export async function swapIn(swap: Swap, unpacked: string): Promise<void> {
  const { old, fresh } = beside(swap);
  await deleteFolder(old);
  await rename(swap.folder, old);
  try {
    await rename(unpacked, swap.folder);
  } catch (error) {
    await rename(old, swap.folder);
    throw error;
  }
  await deleteFolder(fresh);
}

/** Puts the old folder back. False if there is none. */
export async function swapBack(swap: Swap): Promise<boolean> {
  const { old, bad } = beside(swap);
  if (!existsSync(old)) return false;
  await deleteFolder(bad);
  await rename(swap.folder, bad);
  await rename(old, swap.folder);
  return true;
}

/** Deletes the previous program and a crashed one. */
export async function deleteOther(swap: Swap): Promise<void> {
  const { old, bad } = beside(swap);
  for (const each of [old, bad]) await deleteFolder(each);
}

/** Deletes an update that is not installed. */
export const deleteUnpacked = (swap: Swap) => deleteFolder(beside(swap).fresh);

const powerShell = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;

/** Hands the installer to Windows, which asks for an administrator and shows who signed it. False: it was not started. */
export async function runInstaller(file: string, run: Run = runProgram): Promise<boolean> {
  const quoted = `'${file.replaceAll("'", "''")}'`;
  const command = `Start-Process -FilePath ${quoted} -ArgumentList '/S','--force-run' -Verb RunAs`;
  return (await run(powerShell, ['-NoProfile', '-NonInteractive', '-Command', command])) === 0;
}
