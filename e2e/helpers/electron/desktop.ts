/** The real desktop program in a real Electron, with its own data folder. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { consoleFolder } from '../../../scripts/build-console.ts';
import { electronArguments } from '../../../scripts/electron.ts';
import { freePort } from '../../../scripts/postgres.ts';
import { holdUntilAttached } from './hold-until-attached.ts';

export type Desktop = {
  app: ElectronApplication;
  page: Page;
  /** The data folder. Passed to `openDesktop` again, it is the same workstation. */
  folder: string;
  log(): string;
  /** Runs the action and waits for one more such log line. */
  untilLogged(line: string, act: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
};

export type DesktopOptions = {
  /** A packaged program that accepts a debugger. By default, the built console. */
  program?: string;
  server?: string;
  folder?: string;
  /** The file of its policy. */
  policy?: string;
  /** The folder in which it is started. */
  cwd?: string;
  /** Arguments that the operating system adds for a link. */
  opening?: string[];
  /** The variables of a session with a keyring. Without them the program finds none. */
  keyring?: Record<string, string>;
};

/** For `describe.skipIf`: there is no Electron or no screen. */
export const noElectron = (): boolean => inject('electron') === null;

/** Electron and a screen. Throws where `noElectron`. */
export function electronRuntime() {
  const runtime = inject('electron');
  if (!runtime) throw new Error('There is no Electron. Skip the tests that need it.');
  return runtime;
}

/** A new workstation: a data folder for the program. Dispose of it after the test. */
export type Workstation = { folder: string; [Symbol.dispose](): void };

export function createWorkstation(): Workstation {
  const folder = mkdtempSync(join(tmpdir(), 'slate-desktop-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The command line, for tests that start it themselves. */
export function commandOf({
  program,
  server,
  folder,
  policy = join(folder, 'no policy'),
  opening = [],
  keyring,
}: DesktopOptions & { folder: string }) {
  const runtime = electronRuntime();
  const { SLATE_SERVER: _, ...environment } = process.env;
  const own = electronArguments(program === undefined ? consoleFolder : null, [
    `--user-data-dir=${folder}`,
    ...(keyring ? ['--require', join(import.meta.dirname, 'use-keyring.cjs')] : []),
  ]);
  return {
    program: program ?? runtime.program,
    args: [...own, ...opening],
    env: {
      ...(environment as Record<string, string>),
      DISPLAY: runtime.display,
      // Never the policy of this machine.
      SLATE_POLICY: policy,
      ...(server !== undefined && { SLATE_SERVER: server }),
      ...keyring,
    },
  };
}

/** Installs the program: Electron treats a binary that is not named `electron` as packaged. */
export function installProgram(folder: string): { program: string; env: Record<string, string> } {
  const { program: original, display } = electronRuntime();
  const place = join(folder, 'installed');
  const runtime = dirname(original);
  mkdirSync(join(place, 'resources'), { recursive: true });
  for (const name of readdirSync(runtime)) {
    if (name !== basename(original) && name !== 'resources')
      symlinkSync(join(runtime, name), join(place, name));
  }
  symlinkSync(consoleFolder, join(place, 'resources', 'app'));
  const program = join(place, 'slate');
  // A copy, because Electron resolves links and would load the original program.
  cpSync(original, program);
  // Its registrations with the operating system stay in this folder.
  return { program, env: { PATH: process.env['PATH'] ?? '', HOME: folder, DISPLAY: display } };
}

export async function openDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const workstation = options.folder === undefined ? createWorkstation() : undefined;
  const folder = options.folder ?? workstation?.folder ?? '';
  const { args, env } = commandOf({ ...options, folder });
  const launch = (more: LaunchOptions) =>
    _electron.launch({
      env,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      // Less than that of a hook, whose report would lack the output of the program.
      timeout: 45_000,
      ...more,
    });
  // Without `executablePath` Playwright uses the same program, and holds it until it has attached.
  const app =
    options.program === undefined ? await launch({ args }) : await launchHeld(options.program, args, launch);
  const page = await app.firstWindow();
  await page.waitForLoadState('load');
  const log = () => readFileSync(join(folder, 'logs', 'slate.log'), 'utf8');
  return {
    app,
    page,
    folder,
    log,
    untilLogged: async (line, act) => {
      const count = () => log().split(line).length;
      const before = count();
      await act();
      await expect.poll(count, { message: `the log says "${line}"` }).toBeGreaterThan(before);
    },
    close: async () => {
      await app.close();
      workstation?.[Symbol.dispose]();
    },
  };
}

type LaunchOptions = NonNullable<Parameters<typeof _electron.launch>[0]>;

async function launchHeld(
  program: string,
  args: string[],
  launch: (options: LaunchOptions) => Promise<ElectronApplication>,
): Promise<ElectronApplication> {
  const port = await freePort();
  const failed = new AbortController();
  const [app, inspector] = await Promise.all([
    launch({ executablePath: program, args: [`--inspect-brk=${port}`, ...args] }).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
    holdUntilAttached(port, failed.signal),
  ]);
  inspector.close();
  return app;
}

/** Replaces the console by an empty page, which has the bridge and does nothing with it. */
export async function emptyPage({ app, page }: Desktop): Promise<void> {
  await app.evaluate(({ protocol }) => {
    protocol.unhandle('app');
    const empty = () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } });
    protocol.handle('app', empty);
  });
  await Promise.all([page.waitForEvent('load'), page.evaluate(() => location.reload()).catch(() => {})]);
}
