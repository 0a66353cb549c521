/** The desktop program around the console, as a person and the operating system use it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { protocolVersion } from '@slate/shared/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ServerTrial } from '../../desktop/src/bridge.ts';
import { commandOf, noElectron } from '../helpers/electron/desktop.ts';
import type { Desktop, DesktopOptions } from '../helpers/electron/desktop.ts';
import { setUpWorkstation } from '../helpers/electron/set-up-workstation.ts';
import {
  openDeadGateway,
  openForeignPage,
  openFlood,
  openRedirect,
  openSilent,
  openSlateStub,
  openUntrusted,
} from '../helpers/network/foreign-servers.ts';

const caseId = '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a55';

describe.skipIf(noElectron())('the desktop program', () => {
  const setUp = setUpWorkstation();
  const { open } = setUp;

  /** Closes its window, like a person. */
  async function closeWindow(desktop: Desktop) {
    const ended = desktop.app.waitForEvent('close');
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await ended;
  }
  /** Records the events that the page receives from now on. */
  const listen = (desktop: Desktop) =>
    desktop.page.evaluateHandle(() => {
      const events: string[] = [];
      for (const name of ['openCase', 'openPage', 'lock', 'menu'] as const) {
        window.slate?.on(name, (event) => events.push(`${name} ${JSON.stringify(event)}`));
      }
      return events;
    });

  describe('DT10 the server', () => {
    const trying = async (address: string): Promise<ServerTrial | undefined> => {
      const { page } = setUp.running ?? (await open());
      return page.evaluate((typed) => window.slate?.tryServer(typed), address);
    };

    test('is entered once and remembered', async () => {
      const first = await open();
      const field = first.page.getByLabel('Server address');
      await field.fill(`${setUp.slate.url}/somewhere`);
      await Promise.all([first.page.waitForEvent('load'), first.page.keyboard.press('Enter')]);
      await expect
        .poll(() => first.page.evaluate(() => window.slate?.start()))
        .toMatchObject({ server: setUp.slate.url });
      await closeWindow(first);

      const second = await open();
      expect(await second.page.evaluate(() => window.slate?.start())).toMatchObject({
        server: setUp.slate.url,
      });
      expect(await second.page.getByLabel('Server address').count()).toBe(0);
    });

    test('is distinguished from a foreign server and one that does not answer', async () => {
      const nobody = createServer().listen(0, '127.0.0.1');
      await once(nobody, 'listening');
      const { port } = nobody.address() as AddressInfo;
      nobody.close();
      await once(nobody, 'close');
      await using foreign = await openForeignPage();
      await using gateway = await openDeadGateway();
      await using silent = await openSilent();
      await using untrusted = await openUntrusted();

      const why = async (address: string) => {
        const trial = await trying(address);
        if (trial?.result !== 'failed') return trial;
        expect(trial.detail).toMatch(/^[A-Z\d].+\.$/);
        return trial.why;
      };
      expect(await why('')).toBe('not_an_address');
      expect(await why('what is this')).toBe('not_an_address');
      expect(await why('ftp://slate.example.org')).toBe('not_an_address');
      expect(await why('http://slate.example.org')).toBe('insecure');
      expect(await why('https://nobody.invalid')).toBe('unknown_host');
      expect(await why(`http://127.0.0.1:${port}`)).toBe('refused');
      expect(await why(foreign.url)).toBe('other');
      expect(await why(gateway.url)).toBe('bad_gateway');
      expect(await why(untrusted.url)).toBe('certificate');
      expect(await why(setUp.slate.url.replace('http:', 'https:'))).toBe('not_encrypted');
      expect(await why(silent.url)).toBe('timeout');
      expect(await why(setUp.slate.url)).toEqual({ result: 'ok', address: setUp.slate.url });
    });

    test('on this machine is found without http://', async () => {
      expect(await trying(setUp.slate.url.replace('http://', ''))).toEqual({
        result: 'ok',
        address: setUp.slate.url,
      });
    });

    test('that sends without end is cut off', async () => {
      await using flood = await openFlood();
      expect(await trying(flood.url)).toMatchObject({ result: 'failed', why: 'other' });
      const sent = flood.sent();
      // Only the buffers in between, not everything that fits into five seconds.
      expect(sent).toBeLessThan(32 << 20);
    });

    test('that redirects is not followed', async () => {
      await using foreign = await openForeignPage();
      await using redirect = await openRedirect(`${foreign.url}/api/v1/me`);
      expect(await trying(redirect.url)).toMatchObject({ result: 'failed' });
      expect(redirect.requests).toEqual(['/api/v1/me']);
      expect(foreign.requests).toEqual([]);
    });

    test('is changed only after the person confirms it in the program', async () => {
      await using other = await openSlateStub();
      const desktop = await open({ server: setUp.slate.url });
      const answering = (response: number) =>
        desktop.app.evaluate(({ dialog }, index) => {
          const question = { message: '' };
          Object.assign(globalThis, { question });
          dialog.showMessageBox = ((_window: unknown, { message }: { message: string }) => {
            question.message = message;
            return Promise.resolve({ response: index, checkboxChecked: false });
          }) as typeof dialog.showMessageBox;
        }, response);
      const question = () =>
        desktop.app.evaluate(
          () => (globalThis as unknown as { question: { message: string } }).question.message,
        );

      await answering(1);
      expect(await trying(other.url)).toMatchObject({ result: 'failed', why: 'declined' });
      expect(await question()).toContain(new URL(other.url).host);
      expect(other.requests).toEqual([]);

      await answering(0);
      expect(await trying(other.url)).toEqual({ result: 'ok', address: other.url });

      await answering(1);
      expect(await trying(setUp.slate.url)).toEqual({ result: 'ok', address: setUp.slate.url });
      expect(await question()).toBe('');
    });

    test('with another protocol version is recognized, but not used', async () => {
      const next = protocolVersion + 1;
      await using newer = await openSlateStub('', { lowest: next, highest: next });
      // A newer one that also speaks the console's version is used.
      await using same = await openSlateStub('', { lowest: protocolVersion, highest: next });
      expect(await trying(newer.url)).toEqual({
        result: 'other_version',
        console: protocolVersion,
        server: next,
      });
      expect(await trying(same.url)).toEqual({ result: 'ok', address: same.url });
      const { page } = setUp.running ?? (await open());
      const using = page.evaluate((url) => window.slate?.useServer(url), newer.url);
      await expect(using).rejects.toThrow('Try the address first');
      await page.getByLabel('Server address').fill(newer.url);
      await page.keyboard.press('Enter');
      await page.getByText(`the server uses ${next}`).waitFor();
    });

    test('with an untrusted certificate gets nothing from the page either', async () => {
      await using untrusted = await openUntrusted();
      const desktop = await open({ server: untrusted.url });
      await desktop.untilLogged('Refused the certificate of', () =>
        desktop.page.evaluate((url) => fetch(url).catch(() => {}), untrusted.url),
      );
      expect(untrusted.requests).toEqual([]);
    });
  });

  describe('DT11 one window', () => {
    test('comes to the front when the program is started again', async () => {
      const desktop = await open({ server: setUp.slate.url });
      const events = await listen(desktop);
      const secondStart = start({
        server: setUp.slate.url,
        opening: [`slate://case/${caseId.toUpperCase()}`],
      });
      expect(await secondStart).toBe(0);
      await expect.poll(() => events.jsonValue()).toEqual([`openCase ${JSON.stringify({ caseId })}`]);
      expect(desktop.app.windows()).toHaveLength(1);
    });

    test('opens at the case of the link it was started with', async () => {
      // Without a server the console does not listen yet, so the link waits.
      const desktop = await open({ opening: [`slate://case/${caseId}`] });
      const events = await listen(desktop);
      await expect.poll(() => events.jsonValue()).toEqual([`openCase ${JSON.stringify({ caseId })}`]);
    });

    test('AA1 opens the page of a link to the administration', async () => {
      const desktop = await open({ opening: ['slate://administration/rooms'] });
      const events = await listen(desktop);
      await expect.poll(() => events.jsonValue()).toEqual([`openPage ${JSON.stringify({ page: 'rooms' })}`]);
    });

    test('ignores any other link', async () => {
      const desktop = await open({ server: setUp.slate.url });
      const events = await listen(desktop);
      for (const link of [
        'slate://case/',
        'slate://case/..%2f..%2fetc',
        `slate://case/${caseId}/cancel`,
        `slate://case/${caseId}?confirm=true`,
        `slate://user/${caseId}`,
        'slate://administration/rooms/retire',
        'slate:case',
        `SLATE://case/${caseId}`,
      ]) {
        await desktop.untilLogged('Ignored an invalid link.', () =>
          desktop.app.evaluate(({ app }, address) => app.emit('second-instance', {}, [address], ''), link),
        );
        expect(desktop.log()).not.toContain(link);
      }
      expect(await events.jsonValue()).toEqual([]);
    });
  });

  describe('DT12 the window', () => {
    const bounds = (desktop: Desktop) =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());

    test('returns to its last place', async () => {
      const place = { x: 120, y: 80, width: 1200, height: 720 };
      const first = await open();
      // Wait until it is shown; otherwise its first size would arrive later and win.
      await expect
        .poll(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
        .toBe(true);
      await first.app.evaluate(
        ({ BrowserWindow }, there) => BrowserWindow.getAllWindows()[0]?.setBounds(there),
        place,
      );
      await expect.poll(() => bounds(first)).toEqual(place);
      await closeWindow(first);
      expect(await bounds(await open())).toEqual(place);
    });

    test('returns to an existing screen when its own is gone', async () => {
      const missingScreen = { x: 9_000, y: 9_000, width: 1200, height: 720, maximized: false };
      writeFileSync(
        join(setUp.folder, 'settings.json'),
        JSON.stringify({ server: null, window: missingScreen }),
      );
      const seen = await bounds(await open());
      expect(seen?.x).toBeLessThan(1_920);
      expect(seen?.y).toBeLessThan(1_080);
    });

    test('opens even if its settings file is damaged', async () => {
      writeFileSync(join(setUp.folder, 'settings.json'), '{"server": "https://slate.exa');
      const desktop = await open();
      await desktop.page.getByLabel('Server address').waitFor();
      expect(desktop.log()).toContain('The settings are damaged');
    });
  });

  test('DT13 a page that crashes is reloaded', async () => {
    const desktop = await open({ server: setUp.slate.url });
    await desktop.untilLogged('The page crashed', () =>
      desktop.app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer();
      }),
    );
    // The test's connection to the page crashes with it.
    const state = () =>
      desktop.app.evaluate(async ({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (!contents || contents.isCrashed() || contents.isLoading()) return 'not there';
        return contents.executeJavaScript(
          `[location.href, typeof window.slate].join(' ')`,
        ) as Promise<string>;
      });
    await expect.poll(state, { timeout: 10_000 }).toBe('app://slate/ object');
  });

  test('DT13 DT14 a page that crashes repeatedly waits for a person, and a lock waits with it', async () => {
    const desktop = await open({ server: setUp.slate.url });
    const happened = await desktop.app.evaluateHandle(({ BrowserWindow, dialog, powerMonitor }) => {
      const messages: string[] = [];
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('There is no window.');
      const send = contents.send.bind(contents);
      contents.send = (channel, ...more: unknown[]) => {
        if (channel === 'slate:event:lock') messages.push(contents.isCrashed() ? 'lock lost' : 'locked');
        send(channel, ...more);
      };
      const crash = () => contents.forcefullyCrashRenderer();
      contents.on('did-finish-load', crash);
      dialog.showMessageBox = () => {
        messages.push('dialog');
        contents.off('did-finish-load', crash);
        powerMonitor.emit('lock-screen');
        return Promise.resolve({ response: 0, checkboxChecked: false });
      };
      crash();
      return messages;
    });
    await expect.poll(() => happened.jsonValue(), { timeout: 20_000 }).toEqual(['dialog', 'locked']);
  });

  test.each(['suspend', 'lock-screen'])('DT14 %s locks the console', async (event) => {
    const desktop = await open({ server: setUp.slate.url });
    const events = await listen(desktop);
    await desktop.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name as 'suspend'), event);
    await expect.poll(() => events.jsonValue()).toEqual(['lock {}']);
  });

  test('the menu lists the console’s actions and triggers them', async () => {
    const desktop = await open({ server: setUp.slate.url });
    const events = await listen(desktop);
    const labels = await desktop.app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []) ?? [];
      for (const label of ['Print Day List…', 'Lock Now', 'All Keys', 'Check for Updates…']) {
        items.find((item) => item.label === label)?.click();
      }
      return items.map((item) => item.label).filter(Boolean);
    });
    expect(labels).toEqual(
      expect.arrayContaining([
        'Change Server…',
        'Undo Last Change',
        'Command Palette…',
        'Show Log',
        'About Slate',
      ]),
    );
    await expect
      .poll(() => events.jsonValue())
      .toEqual(
        ['print', 'lock', 'keys', 'check_for_update'].map((command) => `menu ${JSON.stringify({ command })}`),
      );
  });

  test('a clicked notification opens its case', async () => {
    const desktop = await open({ server: setUp.slate.url });
    const events = await listen(desktop);
    await desktop.app.evaluate(({ Notification }) => {
      Notification.isSupported = () => true;
      Notification.prototype.show = function clickAtOnce(this: Electron.Notification) {
        this.emit('click');
      };
    });
    await desktop.page.evaluate(
      (id) => window.slate?.notify({ title: 'Your hold expires', body: 'OR 4, 09:15', caseId: id }),
      caseId,
    );
    await expect.poll(() => events.jsonValue()).toEqual([`openCase ${JSON.stringify({ caseId })}`]);
  });

  test('printing opens the system’s dialog, and cancelling there is no failure', async () => {
    const desktop = await open({ server: setUp.slate.url });
    const calls = await desktop.app.evaluateHandle(({ BrowserWindow }) => {
      const printed: object[] = [];
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents) {
        contents.print = (options, done) => {
          printed.push(options ?? {});
          done?.(false, 'Print job canceled');
        };
      }
      return printed;
    });
    await desktop.untilLogged('Not printed: Print job canceled.', () =>
      desktop.page.evaluate(() => window.slate?.print()),
    );
    expect(await calls.jsonValue()).toEqual([{ printBackground: true }]);
  });

  test('a printing failure is reported to the person', async () => {
    const desktop = await open({ server: setUp.slate.url });
    await desktop.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents) contents.print = (_options, done) => done?.(false, 'Failed to enumerate printers');
    });
    const message = desktop.page.evaluate(() => window.slate?.print().catch((error: Error) => error.message));
    expect(await message).toContain('no printer is available on this workstation');
  });

  test('the log can be shown', async () => {
    const desktop = await open();
    await desktop.app.evaluate(({ shell }) => {
      shell.showItemInFolder = (path) => {
        Object.assign(globalThis, { shown: path });
      };
    });
    await desktop.page.evaluate(() => window.slate?.showLog());
    const shown = await desktop.app.evaluate(() => (globalThis as { shown?: string }).shown);
    expect(shown).toBe(join(setUp.folder, 'logs', 'slate.log'));
    expect(readFileSync(shown ?? '', 'utf8')).toMatch(/^\S+Z info Slate \d+\.\d+\.\d+ started on Electron /);
  });

  async function start(options: DesktopOptions): Promise<number | null> {
    const { program, args, env } = commandOf({ folder: setUp.folder, ...options });
    const child = spawn(program, args, { env, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }
});
