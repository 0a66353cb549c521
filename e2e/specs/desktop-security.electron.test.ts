/** Electron's security checklist in the built program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { installProgram, noElectron, openDesktop, createWorkstation } from '../helpers/electron/desktop.ts';
import type { Desktop, Workstation } from '../helpers/electron/desktop.ts';
import { openSlateStub } from '../helpers/network/foreign-servers.ts';
import type { ForeignServer } from '../helpers/network/foreign-servers.ts';
import { testLimitsOfPage } from '../helpers/electron/limits-of-page.ts';

describe.skipIf(noElectron())('the page of the desktop program', () => {
  testLimitsOfPage(openDesktop);
});

describe.skipIf(noElectron())('the installed program', () => {
  let workstation: Workstation;
  let installed: ReturnType<typeof installProgram>;
  beforeAll(() => {
    workstation = createWorkstation();
    installed = installProgram(workstation.folder);
  });
  afterAll(() => workstation?.[Symbol.dispose]());

  function start(name: string, switches: string[], more: Record<string, string> = {}) {
    const folder = join(workstation.folder, name);
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(installed.program, [...root, `--user-data-dir=${folder}`, ...switches], {
      env: { ...installed.env, ...more },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => (output += part.toString()));
    const log = () => {
      const file = join(folder, 'logs', 'slate.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    return { child, log, output: () => output };
  }

  test.each(['--remote-debugging-port', '--inspect', '--js-flags'])(
    'DT15 does not start with %s',
    async (named) => {
      const { child, log, output } = start(named, [`${named}=0`]);
      const [code] = (await once(child, 'exit')) as [number];
      expect(code).toBe(1);
      expect(log()).toContain(`Refused to start with ${named}.`);
      expect(output()).toContain('Slate can’t start this way.');
      expect(output()).not.toContain('DevTools listening');
    },
  );

  test('DT15 starts no debugger for an environment variable or a signal', async () => {
    const { child, log, output } = start('signal', [], { NODE_OPTIONS: '--inspect=127.0.0.1:0' });
    await expect.poll(log, { timeout: 20_000 }).toContain('started on Electron');
    child.kill('SIGUSR1');
    await expect.poll(log, { timeout: 20_000 }).toContain('Refused a debugger.');
    expect(output()).not.toContain('Debugger listening');
  });
});

describe.skipIf(noElectron())('DT16 a client certificate', () => {
  let slate: ForeignServer;
  let desktop: Desktop;
  beforeAll(async () => {
    slate = await openSlateStub();
    desktop = await openDesktop({ server: slate.url });
  });
  afterAll(async () => {
    await desktop?.close();
    await slate?.[Symbol.asyncDispose]();
  });

  /** Opens two connections. Returns the certificate that each gets after the person's choice, and the choices offered. */
  const choose = (address: string, response: number) =>
    desktop.app.evaluate(
      async ({ app, BrowserWindow, dialog }, [url, index]) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const dialogs: string[][] = [];
        dialog.showMessageBox = ((_window: unknown, { buttons = [] }: { buttons?: string[] }) => {
          dialogs.push(buttons);
          return Promise.resolve({ response: index, checkboxChecked: false });
        }) as typeof dialog.showMessageBox;
        const certificates = ['Smith', 'Kraus'].map((subjectName) => ({
          subjectName,
          issuerName: 'Hospital CA',
          validExpiry: 1_900_000_000,
        }));
        let isPrevented = true;
        const connect = () =>
          new Promise<string>((resolve) => {
            const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
            app.emit(
              'select-client-certificate',
              event,
              contents,
              url,
              certificates,
              (one?: { subjectName: string }) => resolve(one?.subjectName ?? 'none'),
            );
            isPrevented &&= event.defaultPrevented;
          });
        return { answers: await Promise.all([connect(), connect()]), dialogs, isPrevented };
      },
      [address, response] as const,
    );

  test('is the one that the person chooses in a single dialog', async () => {
    expect(await choose(slate.url.replace('http', 'https'), 1)).toEqual({
      answers: ['Kraus', 'Kraus'],
      dialogs: [
        [
          'Smith, from Hospital CA, until 2030-03-17',
          'Kraus, from Hospital CA, until 2030-03-17',
          'Use none',
        ],
      ],
      isPrevented: true,
    });
    // The choice holds for the rest of the run.
    expect(await choose(slate.url, 0)).toMatchObject({ answers: ['Kraus', 'Kraus'], dialogs: [] });
  });

  test('is sent to no other server', async () => {
    expect(await choose('https://elsewhere.example', 0)).toEqual({
      answers: ['none', 'none'],
      dialogs: [],
      isPrevented: true,
    });
  });
});
