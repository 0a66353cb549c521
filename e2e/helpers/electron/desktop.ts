/** The real desktop program in a real Electron, with a folder of its own for what it remembers. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { consoleFolder } from '../../../scripts/build-console.ts';
import { electronArguments } from '../../../scripts/electron.ts';

export type Desktop = {
  app: ElectronApplication;
  page: Page;
  /** What it remembers; handed to `openDesktop` again, it is the same workstation. */
  folder: string;
  log(): string;
  /** Does something, and waits until the log has said this once more than before. */
  untilLogged(line: string, act: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
};

export type DesktopOptions = {
  server?: string;
  folder?: string;
  /** What the operating system adds when it is started by a link. */
  opening?: string[];
};

/** For `describe.skipIf`: nothing to run it on. */
export const noElectron = (): boolean => inject('electron') === null;

/** To be removed when its test is done. */
export function workstation(): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'slate-desktop-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** How it is started, for those who start it by hand. */
export function commandOf({ server, folder, opening = [] }: DesktopOptions & { folder: string }) {
  const found = inject('electron');
  if (!found) throw new Error('There is no Electron: skip what needs one.');
  const { SLATE_SERVER: _, ...environment } = process.env;
  return {
    program: found.program,
    args: [...electronArguments(consoleFolder, [`--user-data-dir=${folder}`]), ...opening],
    env: {
      ...(environment as Record<string, string>),
      DISPLAY: found.display,
      ...(server !== undefined && { SLATE_SERVER: server }),
    },
  };
}

/** As it is once it is installed: Electron takes a program that has a name of its own for a packaged one. */
export function installProgram(folder: string): { program: string; env: Record<string, string> } {
  const found = inject('electron');
  if (!found) throw new Error('There is no Electron: skip what needs one.');
  const place = join(folder, 'installed');
  const runtime = dirname(found.program);
  mkdirSync(join(place, 'resources'), { recursive: true });
  for (const name of readdirSync(runtime)) {
    if (name !== basename(found.program) && name !== 'resources')
      symlinkSync(join(runtime, name), join(place, name));
  }
  symlinkSync(consoleFolder, join(place, 'resources', 'app'));
  const program = join(place, 'slate');
  // Where a program is, decides what it loads: a link to it would be the other one again.
  cpSync(found.program, program);
  // What it tells the operating system about itself stays in this folder.
  return { program, env: { PATH: process.env['PATH'] ?? '', HOME: folder, DISPLAY: found.display } };
}

export async function openDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const mine = options.folder === undefined ? workstation() : undefined;
  const folder = options.folder ?? mine?.folder ?? '';
  const { args, env } = commandOf({ ...options, folder });
  // The program is not named: Playwright takes the same one, and only then holds it back until it has hold of it.
  const app = await _electron.launch({ args, env });
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
      mine?.[Symbol.dispose]();
    },
  };
}
