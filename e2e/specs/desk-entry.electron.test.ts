/** A workstation without the network, in the real desktop program with a real server. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { QueueRecord } from '@slate/shared/queue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import type { ServerProcess } from '../../scripts/server-process.ts';
import { audit } from '../helpers/console/axe.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleHouse } from '../helpers/console/console-house.ts';
import type { ConsoleHouse, OpenHospital } from '../helpers/console/console-house.ts';
import { partsOf } from '../helpers/console/console.ts';
import type { Account } from '../helpers/console/console.ts';
import { filesWith } from '../helpers/console/files-with.ts';
import { noElectron, openDesktop, workstation } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';

const patient = 'DEMO-KEEP-SECRET';
const request = 'Move Total knee to OR 2 10:00';

describe.skipIf(noElectron())('a workstation without the network', () => {
  let house: ConsoleHouse;
  let server: ServerProcess;
  let port: string;
  let hospital: OpenHospital;
  let desk: ReturnType<typeof bookings>;
  let caseId: string;
  let mine: ReturnType<typeof workstation>;
  let desktop: Desktop;

  beforeAll(async () => {
    house = await openConsoleHouse({ servers: 0 });
    server = await house.startServer();
    ({ port } = new URL(server.url));
  });
  afterAll(() => house?.end());
  beforeEach(async () => {
    hospital = await house.newHospital();
    desk = bookings(await house.as(hospital.users.second, server.url), hospital);
    ({ id: caseId } = await desk.book({ start: at('08:00'), title: 'Total knee', patientRef: patient }));
    mine = workstation();
    await start();
  });
  afterEach(async () => {
    await desktop?.close();
    mine[Symbol.dispose]();
    await server.kill9();
    await repair();
  });

  const start = async () => {
    desktop = await openDesktop({ server: `http://127.0.0.1:${port}`, folder: mine.folder });
  };
  const restart = async () => {
    await desktop.close();
    await start();
  };
  const cut = () => server.kill9();
  const repair = async () => {
    server = await house.startServer({ PORT: port });
  };
  const parts = () => partsOf(desktop.page);
  const heading = (name: string) => desktop.page.getByRole('heading', { level: 1, name });
  const password = () => desktop.page.getByLabel('Password', { exact: true });
  const alert = () => desktop.page.getByRole('alert').first().textContent();
  const tomorrow = () => desktop.page.getByRole('button', { name: 'Next day' }).click();
  /** Otherwise the tooltip of the last button is over the page. */
  async function leaveTooltip() {
    await desktop.page.mouse.move(0, 0);
    await expect.poll(() => desktop.page.getByRole('tooltip').count()).toBe(0);
  }
  const lock = () => desktop.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  const frozen = () => desktop.page.getByRole('main', { name: /^Board, as of \d\d:\d\d$/ });

  /** When this file was last saved; null: never. */
  const savedAt = (): number | null => {
    const names = readdirSync(mine.folder, { recursive: true, encoding: 'utf8' });
    const board = names.find((name) => /desks.*[/\\]board$/.test(name));
    return board === undefined ? null : statSync(join(mine.folder, board)).mtimeMs;
  };

  /** Signed in with the server, until the board is kept here. */
  async function workedHere(account: Account = hospital.accounts.coordinator) {
    await parts().signIn(account);
    await parts().grid.waitFor();
    await expect.poll(parts().connection).toBe('Live');
    await expect.poll(savedAt).not.toBeNull();
  }
  /** On the list of the people of this workstation. */
  async function pick() {
    await desktop.page.getByRole('list', { name: 'Recent users' }).getByRole('button').first().click();
  }
  async function unlock(button: string, typed = hospital.accounts.coordinator.password) {
    await password().fill(typed);
    await desktop.page.getByRole('button', { name: button, exact: true }).click();
  }
  /** The pause after a wrong password is over. */
  async function canTry(button: string) {
    const submit = desktop.page.getByRole('button', { name: button, exact: true });
    await expect.poll(() => submit.isEnabled(), { timeout: 15_000 }).toBe(true);
  }
  /** As text: the type of a request is recursive. */
  const append = (record: QueueRecord) =>
    desktop.page.evaluate(
      (text) => window.slate?.appendToLog([JSON.parse(text) as never]),
      JSON.stringify(record),
    );
  const asked = (): QueueRecord => ({
    type: 'asked',
    request: {
      id: randomUUID(),
      command: 'moveCase',
      params: { site: hospital.siteId, case: caseId },
      title: request,
      kind: 'claim',
      madeAt: new Date().toISOString(),
      boardAt: null,
      cases: [],
      dependsOn: [],
      wasSent: false,
      replaces: null,
    },
  });

  test('DK3 DK4 DK6 locks, unlocks with the password, shows the last board, and continues when the server is back', async () => {
    await workedHere();
    // The feed keeps the saved board current.
    const before = savedAt() ?? 0;
    const late = await desk.book({ start: at('12:00'), title: 'Late add-on' });
    await expect.poll(savedAt, { timeout: 15_000 }).toBeGreaterThan(before);
    await cut();
    await expect.poll(parts().connection).toBe('Offline since');
    await lock();
    await heading('Locked').waitFor();
    for (const wait of ['[01] s', '[12] s', '[34] s']) {
      await canTry('Unlock');
      await unlock('Unlock', 'a wrong password');
      await expect.poll(alert).toMatch(new RegExp(`Wrong password.* ${wait}`));
    }
    expect(await audit(desktop.page)).toEqual([]);

    const then = await desktop.app.evaluate(() => Date.now());
    await restart();
    await pick();
    // However long the restart took: the program is as if no time had passed.
    await desktop.app.evaluate((_electron, failedAt) => {
      const real = Date.now;
      Object.assign(globalThis, { restoreClock: () => Object.assign(Date, { now: real }) });
      Date.now = () => failedAt;
    }, then);
    await unlock('Sign in');
    await expect.poll(alert).toMatch(/Wrong password.* \d s/);
    await desktop.app.evaluate(() => (globalThis as { restoreClock?(): void }).restoreClock?.());
    await canTry('Sign in');
    await unlock('Sign in');
    await frozen().waitFor();
    await tomorrow();
    await parts().cell(caseId).waitFor();
    await parts().cell(late.id).waitFor();
    expect(await desktop.page.getByText(/^As of \d\d:\d\d$/).count()).toBe(1);
    for (let days = 0; days < 7; days += 1) await tomorrow();
    await desktop.page.getByText('this desk hasn’t saved this day').waitFor();
    await leaveTooltip();
    expect(await audit(desktop.page)).toEqual([]);
    await desktop.page.getByRole('button', { name: 'Today' }).click();
    await tomorrow();

    await repair();
    const moved = await desk.move(await desk.read(late.id), hospital.rooms[1], at('14:00'));
    const asks = desktop.page.getByRole('region', { name: 'Sign in again' });
    await asks.waitFor({ timeout: 30_000 });
    expect(await asks.textContent()).toContain('Enter your password to continue with the live board.');
    await parts().cell(caseId).waitFor();
    await leaveTooltip();
    expect(await audit(desktop.page)).toEqual([]);
    await asks.getByRole('textbox', { name: 'Password' }).fill(hospital.accounts.coordinator.password);
    await asks.getByRole('textbox', { name: 'Password' }).press('Enter');
    await expect.poll(parts().connection, { timeout: 30_000 }).toBe('Live');
    await expect.poll(() => parts().cell(moved.id).getAttribute('aria-label')).toMatch(/14:00/);
    expect(await desktop.page.getByRole('region', { name: 'Sign in again' }).count()).toBe(0);
  });

  test('DK7 for an account that was disabled meanwhile nothing is sent; seen, everything is deleted', async () => {
    await workedHere();
    await cut();
    await expect.poll(parts().connection).toBe('Offline since');
    await lock();
    await unlock('Unlock');
    await frozen().waitFor();
    await append(asked());
    await lock();
    await unlock('Unlock');
    await frozen().waitFor();

    await repair();
    const administrator = bookings(await house.as(hospital.users.administrator, server.url), hospital);
    await administrator.change(hospital.users.coordinator, { status: 'disabled' });
    const asks = desktop.page.getByRole('region', { name: 'Sign in again' });
    await asks.waitFor({ timeout: 30_000 });
    expect(await asks.textContent()).toContain('Enter your password to send 1 request.');
    await asks.getByRole('textbox', { name: 'Password' }).fill(hospital.accounts.coordinator.password);
    await asks.getByRole('textbox', { name: 'Password' }).press('Enter');
    await desktop.page.getByText('The server didn’t accept this password, so nothing was sent.').waitFor();
    expect(await audit(desktop.page)).toEqual([]);
    await asks.getByRole('button', { name: 'Show what wasn’t sent' }).press('Enter');
    await heading('Not sent').waitFor();
    expect(await desktop.page.getByRole('cell', { name: request }).count()).toBe(1);
    expect(await audit(desktop.page)).toEqual([]);
    await desktop.page.getByRole('button', { name: 'I have seen this. Delete it here.' }).press('Enter');
    await heading('Sign in').waitFor();
    const desks = join(mine.folder, 'desks');
    const left = existsSync(desks)
      ? readdirSync(desks, { recursive: true, encoding: 'utf8' }).filter((name) =>
          /log|board|keys/.test(name),
        )
      : [];
    expect(left).toEqual([]);
    expect((await desk.read(caseId)).roomId).toBe(hospital.rooms[0]);
  });

  test('DK8 another person sees neither the board nor the requests, only whose and how many they are', async () => {
    await workedHere();
    await append(asked());
    await cut();
    await expect.poll(parts().connection).toBe('Offline since');
    await lock();
    await desktop.page.getByRole('button', { name: 'Switch user' }).click();
    const line = desktop.page.getByText(
      /^1 request of .+ waits at this desk\. It is sent when .+ signs in here\.$/,
    );
    await line.waitFor();
    expect(await audit(desktop.page)).toEqual([]);
    await desktop.page.getByRole('button', { name: 'Switch user' }).click();
    await parts().signIn(hospital.accounts.second);
    await desktop.page.getByText('You haven’t worked at this workstation before').waitFor();
    await repair();
    await parts().signIn(hospital.accounts.viewer);
    await parts().grid.waitFor();
    const content = await desktop.page.content();
    expect(content).not.toContain(request);
    const records = () =>
      desktop.page.evaluate(async () => (await window.slate?.resumeDesk(600_000))?.records.length);
    await expect.poll(records).toBe(0);
    for (const secret of [patient, 'Total knee', request]) expect(filesWith(mine.folder, secret)).toEqual([]);
  });
});
