/** Electron's security checklist: the limits of the console's page, for the built and for the packaged program. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openForeignPage, openSlateStub } from '../network/foreign-servers.ts';
import type { ForeignServer } from '../network/foreign-servers.ts';
import { openControl } from './control.ts';
import type { Desktop, DesktopOptions } from './desktop.ts';
import { askPermissions, nodeIn, permissionsOf, ranIn, reach } from './probes.ts';

/** Declares the tests. Call it inside `describe`. */
export function testLimitsOfPage(open: (options: DesktopOptions) => Promise<Desktop>): void {
  let foreign: ForeignServer;
  let slate: ForeignServer;
  let desktop: Desktop;
  let page: Page;
  let control: Page;

  beforeAll(async () => {
    foreign = await openForeignPage();
    slate = await openSlateStub();
    desktop = await open({ server: slate.url });
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
          'saveFile: function',
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
      const [first, second] = [await load(), await load()];
      const nonce = /'nonce-([\w-]{24})'/.exec(first.policy)?.[1] ?? 'none';
      expect(second.policy).not.toContain(nonce);
      expect(first.html).toContain(`content="${nonce}"`);
      expect(first.policy.replace(nonce, 'NONCE').split('; ')).toEqual([
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
}
