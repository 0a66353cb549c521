/** The part of Electron's security checklist about the bridge, the scheme and the disk. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { filesWith } from '../helpers/files-with.ts';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { consoleFolder } from '../../scripts/build-console.ts';
import { openControl } from '../helpers/electron/control.ts';
import { emptyPage, noElectron, openDesktop, createWorkstation } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';
import { openForeignPage, openSlateStub } from '../helpers/network/foreign-servers.ts';
import { openDesk } from '../helpers/killed-desk.ts';
import type { ForeignServer } from '../helpers/network/foreign-servers.ts';

const secret = 'PATIENT-8d1f2c';
const refreshToken = 'refresh-5b9e0c7a41f84d3e';
const email = 'kraus@example.org';
const id = '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a55';
const desk = {
  personId: id,
  siteId: id,
  email,
  name: 'M. Kraus',
  siteName: 'North',
  device: id,
  secret: Buffer.alloc(32).toString('base64url'),
  password: null,
  offlineHours: 72,
};

describe.skipIf(noElectron())('the desktop program', () => {
  let foreign: ForeignServer;
  let slate: ForeignServer;
  let desktop: Desktop;
  let page: Page;

  beforeAll(async () => {
    foreign = await openForeignPage();
    slate = await openSlateStub(secret);
    desktop = await openDesktop({ server: slate.url });
    page = desktop.page;
  });
  afterAll(async () => {
    await desktop?.close();
    await foreign?.[Symbol.asyncDispose]();
    await slate?.[Symbol.asyncDispose]();
  });

  test('DT6 the scheme serves the files of the bundle and nothing else', async () => {
    const statusOf = (address: string, method = 'GET') =>
      desktop.app.evaluate(
        async ({ net }, [url, how]) => {
          const response = await net.fetch(url, { method: how }).catch((error: unknown) => String(error));
          if (typeof response === 'string') return response;
          return `${response.status} ${response.headers.get('x-content-type-options')}`;
        },
        [address, method] as const,
      );
    // The file that the addresses below try to reach.
    expect(existsSync(join(consoleFolder, 'out', 'renderer', '..', 'main', 'main.cjs'))).toBe(true);
    for (const path of [
      '../main/main.cjs',
      '..%2fmain%2fmain.cjs',
      '%2e%2e/main/main.cjs',
      '%2e%2e%2fmain%2fmain.cjs',
      '..%5cmain%5cmain.cjs',
      '..\\main\\main.cjs',
      'assets/..%2f..%2fmain/main.cjs',
      'assets/%252e%252e/%252e%252e/main/main.cjs',
      '../../etc/passwd',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      'index.html%00.js',
      '.built',
      'assets',
      'nothing.js',
    ]) {
      expect(`${path} ${await statusOf(`app://slate/${path}`)}`).toBe(`${path} 404 nosniff`);
    }
    for (const address of ['app://other/', 'app://slate.example.org/', 'app://./icon.svg']) {
      expect(await statusOf(address)).not.toContain('200');
    }
    expect(await statusOf('app://slate/', 'POST')).toBe('404 nosniff');
    expect(await statusOf('app://slate/')).toBe('200 nosniff');
    expect(await statusOf('app://slate/icon.svg')).toBe('200 nosniff');
  });

  describe('DT7 the bridge', () => {
    type Loose = Record<string, (...args: unknown[]) => Promise<unknown>>;
    const call = (where: Page, name: string, args: unknown[]) =>
      where.evaluate(
        async ([method, parameters]) => {
          try {
            const bridge = window.slate as unknown as Loose;
            return { answer: await bridge[method]?.(...parameters) };
          } catch (error) {
            const { message, stack = '' } = error as Error;
            return { message, stack };
          }
        },
        [name, args] as const,
      );

    test.each<[string, unknown[]]>([
      ['start', [1]],
      ['facts', [1]],
      ['copyText', []],
      ['copyText', [{}]],
      ['copyText', ['x'.repeat(20_001)]],
      ['tryServer', []],
      ['tryServer', [42]],
      ['tryServer', ['x'.repeat(301)]],
      ['tryServer', ['https://slate.example.org', 'more']],
      ['useServer', [null]],
      ['useServer', ['javascript:alert(1)']],
      ['useServer', ['file:///etc/passwd']],
      ['useServer', ['http://10.0.0.1']],
      ['useServer', ['https://somebody:secret@slate.example.org']],
      ['useServer', ['https://slate;sandbox']],
      ['readSession', [null]],
      ['saveSession', []],
      ['saveSession', [{ email, refreshToken: 'short' }]],
      ['saveSession', [{ email, refreshToken }]],
      ['saveSession', [{ email, refreshToken, usedAt: -1 }]],
      ['saveSession', [{ email, refreshToken, usedAt: 1, more: 1 }]],
      ['deleteSession', [{}]],
      ['deskDevice', [{ personId: id }]],
      ['deskDevice', [{ personId: '../../etc', siteId: id }]],
      ['openDesk', [{ ...desk, secret: 'short' }]],
      ['openDesk', [{ ...desk, offlineHours: 1000 }]],
      ['openDesk', [{ ...desk, device: '../keys' }]],
      ['openDesk', [{ ...desk, password: 'x'.repeat(201) }]],
      ['unlockDesk', [{ email }]],
      ['unlockDesk', [{ email: 'x'.repeat(1_000_000), password: 'x' }]],
      ['resumeDesk', []],
      ['resumeDesk', [3_600_001]],
      ['closeDesk', [1]],
      ['appendToLog', [[]]],
      ['appendToLog', [[{ type: 'everything' }]]],
      ['appendToLog', [[{ type: 'closed', id, how: 'seen', more: 1 }]]],
      ['appendToLog', [Array.from({ length: 101 }, () => ({ type: 'closed', id, how: 'seen' }))]],
      ['appendToLog', [[{ type: 'closed', id, how: 'seen' }], 1]],
      ['saveBoard', [{}]],
      ['desks', ['all']],
      ['setDeskAside', [{ personId: id, siteId: '..' }]],
      ['eraseDesk', ['/']],
      ['reportUse', [{ site: '..', mayRestart: true }]],
      ['reportUse', [{ site: null, mayRestart: 'yes' }]],
      ['checkForUpdate', ['http://elsewhere.example']],
      ['installUpdate', ['/tmp/other']],
      ['notify', [{ title: '', body: 'x', caseId: null }]],
      ['notify', [{ title: 'x', body: 'x'.repeat(301), caseId: null }]],
      ['notify', [{ title: 'x', body: 'x', caseId: '../../etc/passwd' }]],
      ['print', ['silently']],
      ['saveFile', [{ name: '../rooms.csv', text: '' }]],
      ['saveFile', [{ name: '.bashrc', text: '' }]],
      ['saveFile', [{ name: 'rooms.exe', text: '' }]],
      ['saveFile', [{ name: 'rooms.csv', text: 1 }]],
      ['showLog', ['/etc/passwd']],
    ])('refuses %s(%j)', async (name, args) => {
      await desktop.untilLogged(`Refused ${name}: malformed input.`, async () => {
        const { message, stack = '' } = await call(page, name, args);
        expect(message).toMatch(/^[A-Z].+$/);
        expect(`${message}${stack}`).not.toMatch(/main\.cjs|node:|remote method/);
      });
    });

    test('DT19 saves a file where the person chooses, and nothing if they cancel', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'slate-save-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const choose = (filePath: string) =>
        desktop.app.evaluate(({ dialog }, path) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: path === '', filePath: path });
        }, filePath);
      const save = () => call(page, 'saveFile', [{ name: 'rooms.csv', text: '\uFEFFName\r\n' }]);
      await choose('');
      expect(await save()).toEqual({ answer: false });
      expect(readdirSync(folder)).toEqual([]);
      await choose(join(folder, 'chosen.csv'));
      expect(await save()).toEqual({ answer: true });
      expect(readdirSync(folder)).toEqual(['chosen.csv']);
      expect(readFileSync(join(folder, 'chosen.csv'), 'utf8')).toBe('\uFEFFName\r\n');
      await choose(join(folder, 'chosen.csv', 'in a file.csv'));
      expect(await save()).toMatchObject({
        message: expect.stringMatching(/^Couldn’t save in a file.csv there/) as string,
      });
    });

    test('refuses a board and a request of any size or depth', async () => {
      await using other = await openSlateStub();
      const alone = await openDesktop({ server: other.url });
      onTestFinished(() => alone.close());
      await emptyPage(alone);
      expect(await openDesk(alone)).toMatchObject({ result: 'opened' });
      const answers = await alone.page.evaluate(async () => {
        const refused = async (act: () => Promise<unknown> | undefined) => {
          try {
            await act();
            return 'accepted';
          } catch (error) {
            return (error as Error).message;
          }
        };
        let deep: unknown = 1;
        for (let depth = 0; depth < 900; depth++) deep = [deep];
        const at = '2026-11-30T09:42:00.000Z';
        const asking = (body: unknown) => [
          {
            type: 'asked' as const,
            request: {
              id: crypto.randomUUID(),
              command: 'moveCase',
              params: {},
              body: body as string,
              title: 'x',
              kind: 'claim' as const,
              madeAt: at,
              boardAt: at,
              cases: [],
              dependsOn: [],
              wasSent: false,
              replaces: null,
            },
          },
        ];
        return [
          await refused(() => window.slate?.saveBoard('x'.repeat(17 * 1024 * 1024))),
          await refused(() => window.slate?.appendToLog(asking('x'.repeat(40 * 1024 * 1024)))),
          await refused(() => window.slate?.appendToLog(asking(deep))),
        ];
      });
      expect(answers).toEqual([
        'The board is too large to save at this desk.',
        'Nothing was saved: this is too large to be kept at this desk.',
        'This request is nested too deeply.',
      ]);
      expect(await call(alone.page, 'start', [])).toMatchObject({ answer: { server: other.url } });
    });

    test('accepts only a server where Slate was found', async () => {
      expect(await call(page, 'useServer', ['https://slate.invalid'])).toMatchObject({
        message: expect.stringContaining('Try the address first') as string,
      });
    });

    test.each(['nothing', '__proto__', 'constructor', 'slate:request:start'])(
      'has no event %s',
      async (name) => {
        const answer = await page.evaluate((event) => {
          try {
            (window.slate as unknown as { on(name: string, listener: () => void): void }).on(event, () => {});
            return 'listening';
          } catch (error) {
            return (error as Error).message;
          }
        }, name);
        expect(answer).toBe('There is no such event.');
      },
    );

    test('answers no other page, even one with the same preload', async () => {
      const preload = join(consoleFolder, 'out', 'preload', 'index.cjs');
      const names = await page.evaluate(() =>
        Object.keys(window.slate as object).filter((name) => name !== 'on'),
      );
      for (const address of [foreign.url, 'app://slate/']) {
        const opened = desktop.app.waitForEvent('window');
        await desktop.app.evaluate(
          async ({ BrowserWindow }, [url, path]) => {
            await new BrowserWindow({ show: false, webPreferences: { preload: path } }).loadURL(url);
          },
          [address, preload] as const,
        );
        const other = await opened;
        for (const name of names) {
          expect(await call(other, name, [])).toMatchObject({ message: 'Only the console may do this.' });
        }
        await other.close();
      }
      expect(await call(page, 'start', [])).toMatchObject({ answer: { server: slate.url } });
    });

    test('has no channel that is not in the contract', async () => {
      const control = await openControl(desktop.app, foreign.url);
      const error = await control.evaluate(async () => {
        const { ipcRenderer } = (window as unknown as { require(name: string): Electron }).require(
          'electron',
        );
        type Electron = { ipcRenderer: { invoke(channel: string): Promise<unknown> } };
        return ipcRenderer.invoke('slate:request:everything').catch(String);
      });
      expect(error).toContain("No handler registered for 'slate:request:everything'");
    });
  });

  test('DT8 a session is never on disk unencrypted', async () => {
    const isKept = await page.evaluate((session) => window.slate?.saveSession(session), {
      refreshToken,
      email,
      usedAt: Date.now(),
    });
    const file = join(desktop.folder, 'session');
    // Without a keyring it is not stored at all.
    const isSafe = await desktop.app.evaluate(
      ({ safeStorage }) =>
        safeStorage.isEncryptionAvailable() &&
        (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'),
    );
    expect({ isKept, isThere: existsSync(file) }).toEqual({ isKept: isSafe, isThere: isSafe });
    expect(filesWith(desktop.folder, refreshToken)).toEqual([]);
    await page.evaluate(() => window.slate?.deleteSession());
    expect(existsSync(file)).toBe(false);
  });

  test('DT9 server responses are not written to disk', async () => {
    using workstation = createWorkstation();
    const short = await openDesktop({ server: slate.url, folder: workstation.folder });
    const answer = await short.page.evaluate(
      async (url) => (await fetch(`${url}/keep-me`)).text(),
      slate.url,
    );
    await short.close();
    expect(answer).toContain(secret);
    expect(filesWith(workstation.folder, secret)).toEqual([]);
  });
});
