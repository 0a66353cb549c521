import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext } from 'playwright-core';
import { inject } from 'vitest';

/** A name for this machine that browsers do not treat as local. */
export const nonLocalHost = 'slate.test';

/** The sandbox does not work for root. Chromium's own network services are off. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${nonLocalHost} 127.0.0.1`,
];

const program = () => {
  const executablePath = inject('chromium');
  if (executablePath === null) throw new Error('There is no Chromium. Skip the tests that need it.');
  return { executablePath, args: flags };
};

export const launch = (): Promise<Browser> => chromium.launch(program());

/** A new profile for a browser. Dispose of it after the test. */
export function createProfile(): { folder: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), 'slate-profile-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A browser with its profile in this folder, like the browser of a person. */
export const launchWithProfile = (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, program());

/** The same in a process group of its own, which can be killed. */
export async function launchKillable(folder: string) {
  const { executablePath, args } = program();
  const child = spawn(
    executablePath,
    [...args, '--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const exited = once(child, 'exit');
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  };
  // A test that runs into its time limit does not kill it.
  process.once('exit', kill);
  const kill9 = async () => {
    process.off('exit', kill);
    kill();
    await exited;
  };
  // Chromium prints the address of its debugger.
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const found = /DevTools listening on (\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`Chromium ended: ${text}`)));
  });
  try {
    const browser = await chromium.connectOverCDP(address);
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium has no profile.');
    return { context, kill9 };
  } catch (error) {
    await kill9();
    throw error;
  }
}
