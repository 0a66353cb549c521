/** Electron's security checklist in the built program: the limits of its page. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openControl } from '../helpers/electron/control.ts';
import { installProgram, noElectron, openDesktop, createWorkstation } from '../helpers/electron/desktop.ts';
import type { Desktop, Workstation } from '../helpers/electron/desktop.ts';
import { openForeignPage, openSlateStub } from '../helpers/network/foreign-servers.ts';
import type { ForeignServer } from '../helpers/network/foreign-servers.ts';
import { askPermissions, nodeIn, permissionsOf, ranIn, reach } from '../helpers/electron/probes.ts';

describe.skipIf(noElectron())('the page of the desktop program', () => {
  let foreign: ForeignServer;
  let slate: ForeignServer;
  let desktop: Desktop;
  let page: Page;
  let control: Page;

  beforeAll(async () => {
    foreign = await openForeignPage();
    slate = await openSlateStub();
    desktop = await openDesktop({ server: slate.url });
    page = desktop.page;
    control = await openControl(desktop.app, foreign.url);
  });
  afterAll(async () => {
    await desktop?.close();
    await foreign?.[Symbol.asyncDispose]();
    await slate?.[Symbol.asyncDispose]();
  });

  describe('DT1 the page', () => {
    test('has no Node', async () => {
      expect(await nodeIn(page)).toEqual([]);
      expect(await nodeIn(control)).toContain('process');
    });

    test('is sandboxed, in an isolated world', async () => {
      const preferences = await desktop.app.evaluate(({ webContents }, origin) => {
        const contents = webContents.getAllWebContents().find((each) => each.getURL().startsWith(origin));
        return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences();
      }, 'app://slate/');
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
      });
    });

    test('has exactly these functions of the program', async () => {
      const bridge = await page.evaluate(() => {
        const names = Object.entries(window.slate as object).map(
          ([name, value]) => `${name}: ${typeof value}`,
        );
        return { names, isFrozen: Object.isFrozen(window.slate) };
      });
      expect(bridge).toEqual({
        names: [
          'start: function',
          'facts: function',
          'copyText: function',
          'tryServer: function',
          'useServer: function',
          'readSession: function',
          'saveSession: function',
          'deleteSession: function',
          'deskDevice: function',
          'openDesk: function',
          'unlockDesk: function',
          'resumeDesk: function',
          'closeDesk: function',
          'appendToLog: function',
          'saveBoard: function',
          'desks: function',
          'setDeskAside: function',
          'eraseDesk: function',
          'reportUse: function',
          'checkForUpdate: function',
          'installUpdate: function',
          'notify: function',
          'print: function',
          'showLog: function',
          'on: function',
        ],
        isFrozen: true,
      });
      const replaced = await page.evaluate(() => {
        'use strict';
        try {
          Object.defineProperty(window, 'slate', { value: {} });
          return true;
        } catch {
          return false;
        }
      });
      expect(replaced).toBe(false);
    });

    test('has frames without the bridge', async () => {
      const inFrame = await page.evaluate(() => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        const seen = (frame.contentWindow as Window).slate;
        frame.remove();
        return typeof seen;
      });
      expect(inFrame).toBe('undefined');
    });
  });

  describe('DT2 code', () => {
    test('runs only from the bundle', async () => {
      expect(await ranIn(page, foreign.url)).toEqual([]);
      expect(await ranIn(control, foreign.url)).toEqual([
        'attribute',
        'eval',
        'function',
        'inline',
        'markup',
        'remote module',
        'remote text/javascript',
        'timeout',
      ]);
    });

    test('has a policy with a new nonce for every load', async () => {
      const load = () =>
        desktop.app.evaluate(async ({ net }) => {
          const response = await net.fetch('app://slate/');
          return {
            policy: response.headers.get('content-security-policy') ?? '',
            html: await response.text(),
          };
        });
      const [one, other] = [await load(), await load()];
      const nonce = /'nonce-([\w-]{24})'/.exec(one.policy)?.[1] ?? 'none';
      expect(other.policy).not.toContain(nonce);
      expect(one.html).toContain(`content="${nonce}"`);
      expect(one.policy.replace(nonce, 'NONCE').split('; ')).toEqual([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'nonce-NONCE'",
        "img-src 'self'",
        "font-src 'self'",
        `connect-src ${slate.url} ${slate.url.replace('http', 'ws')}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        'trusted-types default',
      ]);
    });
  });

  describe('DT3 connections', () => {
    test('reach the chosen server', async () => {
      expect(await reach(page, slate.url)).toBe(true);
      expect(slate.requests).toEqual(expect.arrayContaining(['/fetch', '/socket']));
    });

    test('reach nothing else', async () => {
      foreign.requests.length = 0;
      expect(await reach(page, foreign.url)).toBe(false);
      expect(foreign.requests).toEqual([]);
      expect(await reach(control, foreign.url)).toBe(true);
      expect(foreign.requests).toEqual(expect.arrayContaining(['/fetch', '/socket', '/image']));
    });
  });

  describe('DT4 permissions', () => {
    test('are denied when queried', async () => {
      expect(new Set(Object.values(await permissionsOf(page)))).toEqual(new Set(['denied']));
      expect(new Set(Object.values(await permissionsOf(control)))).toEqual(new Set(['granted']));
    });

    test('are denied when requested', async () => {
      await desktop.untilLogged('Refused the permission geolocation.', async () => {
        expect(await askPermissions(page)).toEqual({
          notifications: 'denied',
          midi: 'denied',
          geolocation: 'denied',
        });
      });
      expect(await askPermissions(control)).toMatchObject({ notifications: 'granted' });
    });
  });

  describe('DT5 the page stays where it is', () => {
    test.each([
      ['an address', (to: string) => void (location.href = to)],
      ['a link', (to: string) => Object.assign(document.createElement('a'), { href: to }).click()],
      ['another host of its scheme', () => void (location.href = 'app://other/')],
      ['another page of its own', () => void (location.href = 'app://slate/index.html')],
    ])('with %s', async (_what, go) => {
      await desktop.untilLogged('Refused a navigation.', () =>
        page.evaluate(go, foreign.url).catch(() => {}),
      );
      expect(page.url()).toBe('app://slate/');
    });

    test('with a file', async () => {
      const refused = page.waitForEvent('console', (message) =>
        message.text().includes('Not allowed to load'),
      );
      await page.evaluate(() => void (location.href = 'file:///etc/hosts'));
      await refused;
      expect(page.url()).toBe('app://slate/');
    });

    test('opens no window', async () => {
      const windows = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
      const before = await windows();
      await desktop.untilLogged('Refused a new window.', async () => {
        expect(await page.evaluate((to) => window.open(to) === null, foreign.url)).toBe(true);
      });
      await desktop.untilLogged('Refused a new window.', () =>
        page.evaluate((to) => {
          const link = Object.assign(document.createElement('a'), { href: to, target: '_blank' });
          link.click();
        }, foreign.url),
      );
      expect(await windows()).toBe(before);

      expect(await control.evaluate((to) => window.open(to) === null, foreign.url)).toBe(false);
      expect(await windows()).toBe(before + 1);
    });

    test('embeds nothing', async () => {
      const seen = await page.evaluate(async (to) => {
        const view = document.body.appendChild(document.createElement('webview'));
        view.setAttribute('src', to);
        const isView = 'getURL' in view;
        view.remove();
        const frame = document.createElement('iframe');
        const blocked = new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', ({ violatedDirective }) =>
            resolve(violatedDirective),
          );
        });
        frame.src = to;
        document.body.append(frame);
        const directive = await blocked;
        frame.remove();
        return { isView, directive };
      }, foreign.url);
      expect(seen).toEqual({ isView: false, directive: 'frame-src' });
    });

    test('downloads nothing', async () => {
      const started = await desktop.app.evaluateHandle(({ session }) => {
        const seen = { states: [] as string[] };
        session.defaultSession.on('will-download', (_event, item) => {
          item.on('done', (_done, state) => seen.states.push(state));
        });
        return seen;
      });
      await desktop.untilLogged('Refused a download.', () =>
        page.evaluate(() => {
          Object.assign(document.createElement('a'), { href: '/icon.svg', download: 'x.svg' }).click();
        }),
      );
      await expect.poll(() => started.evaluate(({ states }) => [...new Set(states)])).toEqual(['cancelled']);
    });

    test('can be reloaded', async () => {
      await Promise.all([page.waitForEvent('load'), page.evaluate(() => location.reload()).catch(() => {})]);
      expect(page.url()).toBe('app://slate/');
    });
  });
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

  test('is given to no other server', async () => {
    expect(await choose('https://elsewhere.example', 0)).toEqual({
      answers: ['none', 'none'],
      dialogs: [],
      isPrevented: true,
    });
  });
});
