/** A desk in the built program: what survives a crash, a lock and a restart, and what can be read on the disk. */
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueRecord } from '@slate/shared/queue';
import { beforeEach, describe, expect, test } from 'vitest';
import { asked } from '../../shared/test/queue-records.ts';
import type { Desk } from '../../desktop/src/bridge.ts';
import { filesWith } from '../helpers/files-with.ts';
import { emptyPage, noElectron } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';
import { setUpWorkstation } from '../helpers/electron/set-up-workstation.ts';
import { openSlateStub } from '../helpers/network/foreign-servers.ts';
import { deskInput, openDesk } from '../helpers/killed-desk.ts';

const secret = 'PATIENT-8d1f2c';
const hour = 3_600_000;

describe.skipIf(noElectron())('a desk of the desktop program', () => {
  const setUp = setUpWorkstation();
  let desktop: Desktop;
  async function start(cwd?: string) {
    desktop = await setUp.open({ server: setUp.slate.url, ...(cwd && { cwd }) });
    // The console would close the desk, because nobody is signed in.
    await emptyPage(desktop);
  }
  beforeEach(() => start());

  const append = (records: QueueRecord[]) =>
    desktop.page.evaluate(
      (text) => window.slate?.appendToLog(JSON.parse(text) as QueueRecord[]),
      JSON.stringify(records),
    );
  const resume = () => desktop.page.evaluate((idleMs) => window.slate?.resumeDesk(idleMs), hour);
  const unlock = (password: string) =>
    desktop.page.evaluate(([email, typed]) => window.slate?.unlockDesk({ email, password: typed }), [
      deskInput.email,
      password,
    ] as const);
  const restart = async () => {
    await desktop.close();
    await start();
  };
  const request = asked(1, { title: secret, body: { note: secret } });
  const desk: Partial<Desk> = { records: [request], board: secret, damage: null };
  async function saveRequestAndBoard() {
    expect(await openDesk(desktop)).toMatchObject({ result: 'opened', desk: { records: [] } });
    await append([request]);
    await desktop.page.evaluate((board) => window.slate?.saveBoard(board), secret);
  }

  test('LG10 LG11 opens with the password after a restart, without the server', async () => {
    await saveRequestAndBoard();
    await restart();
    await desktop.page.evaluate(() => window.slate?.closeDesk());
    expect(await desktop.page.evaluate(() => window.slate?.desks())).toMatchObject([
      { name: deskInput.name, waiting: 1, canUnlock: true },
    ]);
    // The clock is stopped: on a slow machine, the wait could otherwise be over.
    await desktop.app.evaluate(() => {
      const [real, now] = [Date.now, Date.now()];
      Object.assign(globalThis, { restoreClock: () => Object.assign(Date, { now: real }) });
      Date.now = () => now;
    });
    expect(await unlock('a wrong password')).toEqual({ result: 'wrong', waitMs: 1000 });
    expect(await unlock(deskInput.password ?? '')).toMatchObject({ result: 'wait' });
    await desktop.app.evaluate(() => (globalThis as { restoreClock?(): void }).restoreClock?.());
    await expect.poll(() => unlock(deskInput.password ?? '')).toMatchObject({ result: 'opened', desk });
  });

  test('DT18 opens although the folder in which the program was started is gone', async () => {
    await desktop.close();
    const startedIn = join(setUp.folder, 'gone');
    mkdirSync(startedIn);
    await start(startedIn);
    rmdirSync(startedIn);
    expect(await openDesk(desktop)).toMatchObject({ result: 'opened' });
  });

  test('LG12 stays open while the page crashes and is reloaded', async () => {
    await saveRequestAndBoard();
    await Promise.all([
      desktop.page.waitForEvent('load'),
      desktop.page.evaluate(() => location.reload()).catch(() => {}),
    ]);
    expect(await resume()).toMatchObject(desk);
    await append([asked(2)]);
  });

  test('LG12 stays open for the lock time after the last use of the mouse or the keyboard', async () => {
    await saveRequestAndBoard();
    /** The computer has been up for this much longer. */
    const later = (ms: number) =>
      desktop.app.evaluate((_electron, by) => {
        const os = process.getBuiltinModule('node:os');
        const { uptime } = os;
        os.uptime = () => uptime() + by / 1000;
      }, ms);
    await later(hour - 60_000);
    await desktop.page.keyboard.press('Shift');
    await later(hour - 60_000);
    // Somebody corrects a wrong clock.
    await desktop.app.evaluate((_electron, by) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + by;
    }, 5 * hour);
    expect(await resume()).toMatchObject(desk);
    await later(hour);
    expect(await resume()).toBeNull();
  });

  test.each(['lock-screen', 'suspend'] as const)('LG12 is closed on %s', async (event) => {
    await saveRequestAndBoard();
    await desktop.app.evaluate(({ powerMonitor }, name) => powerMonitor.emit(name), event);
    expect(await resume()).toBeNull();
    await expect(append([asked(2)])).rejects.toThrow(/the desk is locked/);
    expect(existsSync(join(setUp.folder, 'desks', 'open'))).toBe(false);
    await restart();
    expect(await resume()).toBeNull();
  });

  test('LG12 is closed when the program changes its server', async () => {
    await using other = await openSlateStub();
    await saveRequestAndBoard();
    await desktop.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await desktop.page.evaluate((url) => window.slate?.tryServer(url), other.url);
    await Promise.all([
      desktop.page.waitForEvent('load'),
      desktop.page.evaluate((url) => window.slate?.useServer(url), other.url).catch(() => {}),
    ]);
    expect(await resume()).toBeNull();
    expect(await desktop.page.evaluate(() => window.slate?.desks())).toEqual([]);
  });

  test('LG13 is readable in no file of the profile', async () => {
    await saveRequestAndBoard();
    const key = 'correct horse';
    const isStored = existsSync(join(setUp.folder, 'desks', 'open'));
    await restart();
    // Without a keyring, the key is not stored for a restart.
    expect((await resume()) !== null).toBe(isStored);
    for (const text of [secret, key, deskInput.secret]) expect(filesWith(setUp.folder, text)).toEqual([]);
    // The name is there unencrypted, so the search works.
    expect(filesWith(setUp.folder, deskInput.name)).toHaveLength(1);
  });

  test('LG14 is erased', async () => {
    await saveRequestAndBoard();
    await desktop.page.evaluate((of) => window.slate?.eraseDesk(of), {
      personId: deskInput.personId,
      siteId: deskInput.siteId,
    });
    expect(readdirSync(join(setUp.folder, 'desks'), { recursive: true })).toHaveLength(1);
    expect(await resume()).toBeNull();
  });

  test('LG7 accepts 10,000 waiting requests, and not one more', async () => {
    await openDesk(desktop);
    for (let at = 0; at < 10_000; at += 100) {
      await append(Array.from({ length: 100 }, (_, index) => asked(at + index)));
    }
    await expect(append([asked(10_000)])).rejects.toThrow(/10,000 requests wait at this desk already/);
    const found = await openDesk(desktop, { password: null });
    expect(found).toMatchObject({ result: 'opened' });
    expect(await desktop.page.evaluate(() => window.slate?.desks())).toMatchObject([{ waiting: 10_000 }]);
  });
});
