/** The console in the desktop program on a real network stack, which is not that of this machine. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Case } from '@slate/shared/cases';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment, HospitalWithAccounts } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { noElectron, createWorkstation } from '../helpers/electron/desktop.ts';
import type { Workstation } from '../helpers/electron/desktop.ts';
import { openTlsProxy } from '../helpers/network/foreign-servers.ts';
import { requestMove } from '../helpers/electron/offline-desk.ts';
import { noNamespaces } from '../helpers/network/namespace.ts';
import { openOnNetwork } from '../helpers/network/program-on-network.ts';
import { openRealNetwork, serverName } from '../helpers/network/real-network.ts';
import type { RealNetwork } from '../helpers/network/real-network.ts';

const obstacle = noNamespaces();
if (obstacle !== null) console.warn(`The tests on a real network are skipped: ${obstacle}.`);

const pollTimeout = { timeout: 60_000 };
const interfaces = () => readdirSync('/sys/class/net').toSorted();

describe.skipIf(noElectron() || obstacle !== null)('the desktop program on a real network', () => {
  let deployment: ConsoleDeployment;
  let proxy: Awaited<ReturnType<typeof openTlsProxy>>;
  let hospital: HospitalWithAccounts;
  let colleague: ReturnType<typeof bookings>;
  let knee: Case;
  let workstation: Workstation;
  let network: RealNetwork;
  let page: Page;
  let parts: ReturnType<typeof partsOf>;
  const interfacesBefore = interfaces();

  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 1 });
    proxy = await openTlsProxy(deployment.servers[0]?.url ?? '');
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await deployment?.end();
  });
  async function begin() {
    hospital = await deployment.newHospital();
    colleague = bookings(await deployment.as(hospital.users.second), hospital);
    knee = await colleague.book({ start: at('08:00'), title: 'Total knee' });
    workstation = createWorkstation();
    const policy = join(workstation.folder, 'policy.json');
    writeFileSync(policy, JSON.stringify({ IdleMinutes: 1 }), { mode: 0o644 });
    network = await openRealNetwork(proxy.url);
    page = await openOnNetwork(network, { folder: workstation.folder, policy });
    parts = partsOf(page);
    await parts.signIn(hospital.accounts.coordinator);
    await parts.grid.waitFor();
    await page.getByRole('button', { name: 'Next day' }).click();
    await parts.cell(knee.id).waitFor();
    await expect.poll(parts.connection, pollTimeout).toBe('Live');
    await parts.recordConnection();
  }
  async function end() {
    const { pid } = network.workstation;
    await network[Symbol.asyncDispose]();
    workstation[Symbol.dispose]();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(interfaces()).toEqual(interfacesBefore);
  }
  beforeEach(begin);
  afterEach(end);

  const banner = () => page.getByRole('region', { name: /^Offline since/ });
  const footer = () => page.getByRole('contentinfo').textContent();
  const seconds = async (act: () => Promise<unknown>) => {
    const began = performance.now();
    await act();
    return (performance.now() - began) / 1000;
  };
  const untilLive = () =>
    seconds(async () => {
      await expect.poll(parts.connection, { ...pollTimeout, interval: 100 }).toBe('Live');
    });
  const untilBanner = (words: string) => seconds(() => banner().getByText(words).waitFor(pollTimeout));
  const report = async (figures: Record<string, number>) => {
    const times = Object.entries(figures).map(([name, value]) => `${name} after ${value.toFixed(1)} s`);
    console.info([...times, (await parts.connections()).join(' > ')].join('; '));
  };
  /** Resolves when Socket.IO’s next ping arrives: if no other follows, Socket.IO gives the connection up 18 s later. */
  async function untilPing() {
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Network.enable');
    await new Promise<void>((resolve) => {
      devTools.on('Network.webSocketFrameReceived', ({ response }) => {
        if (response.payloadData === '2') resolve();
      });
    });
    await devTools.detach();
  }
  /** The move was made exactly once, and the board shows it and what a colleague has booked meanwhile. */
  async function expectNothingLost(booked: Case) {
    await expect.poll(footer, pollTimeout).not.toMatch(/waiting|need/);
    await expect.poll(async () => (await colleague.read(knee.id)).start, pollTimeout).toBe(at('10:00'));
    const { version, roomId } = await colleague.read(knee.id);
    expect({ version, roomId }).toEqual({ version: knee.version + 1, roomId: hospital.rooms[1] });
    await parts.cell(booked.id).waitFor();
    await expect.poll(parts.board).toContainEqual(expect.stringMatching(/^OR 2.*Total knee/));
    expect(await banner().count()).toBe(0);
  }
  const bookMeanwhile = () => colleague.book({ start: at('13:00'), title: 'Hip' });

  test('NW4 NW9 QU6 another network does not know the name: the console says so, and the request is done later', async () => {
    network.forgetName();
    // Chromium forgets addresses only when the network changes, or after a minute.
    network.change('vpn');
    const noticed = await untilBanner(`This network doesn’t know ${serverName}`);
    await requestMove(page);
    await expect.poll(footer).toContain('1 waiting');
    const booked = await bookMeanwhile();
    network.knowName();
    const live = await untilLive();
    await expectNothingLost(booked);
    await report({ noticed, live });
    expect(noticed).toBeLessThan(10);
    expect(live).toBeLessThan(10);
  });

  test('NW2 NW6 QU6 a VPN changes the address: the console leaves the half-open connection and catches up', async () => {
    expect(network.connectedFrom()).toEqual(new Set(['10.77.1.2']));
    const began = performance.now();
    network.change('vpn');
    const [booked] = await Promise.all([bookMeanwhile(), requestMove(page)]);
    await parts.cell(booked.id).waitFor();
    const caughtUp = (performance.now() - began) / 1000;
    await untilLive();
    await expectNothingLost(booked);
    expect(network.connectedFrom()).toContain('10.77.2.2');
    await report({ caughtUp });
    expect(caughtUp).toBeLessThan(10);
  });

  test('NW4 NW6 QU6 the link is down and up: the last board stays, and the console is back soon', async () => {
    network.unplug();
    const noticed = await untilBanner('This computer has no network');
    await page.getByRole('main', { name: /^Board, as of \d\d:\d\d$/ }).waitFor();
    await requestMove(page);
    await expect.poll(footer).toContain('1 waiting');
    const booked = await bookMeanwhile();
    network.plugIn();
    const live = await untilLive();
    await expectNothingLost(booked);
    await report({ noticed, live });
    expect(live).toBeLessThan(10);
  });

  test.each([
    // Within 12 s it checks, 3 s later it gives the check up, and 3 s later it shows the banner. Without a check it takes 21 s.
    ['while nobody acts', false, 20],
    ['when somebody makes a request', true, 14],
  ])('NW2 NW3 QU6 packets disappear: the console notices it %s', async (_, acts, limit) => {
    await untilPing();
    network.drop();
    const noticed = await seconds(async () => {
      if (acts) await requestMove(page);
      await banner().waitFor(pollTimeout);
    });
    const explained = await untilBanner(`There’s no reply from ${serverName}`);
    if (!acts) await requestMove(page);
    await expect.poll(footer).toContain('1 waiting');
    const booked = await bookMeanwhile();
    network.pass();
    const live = await untilLive();
    await expectNothingLost(booked);
    await report({ noticed, explained, live });
    expect(noticed).toBeLessThan(limit);
    expect(live).toBeLessThan(10);
  });

  test('NW2 NW7 QU6 the computer sleeps in the middle of a request: done once, countdown right, and the lock counts the sleep', async () => {
    const held = await colleague.hold({ start: at('16:00') });
    await parts.cell(held.id).waitFor();
    network.drop();
    await requestMove(page);
    network.workstation.freeze();
    const booked = await bookMeanwhile();
    // The server gives up a console that is silent for 18 s.
    await pause(30_000);
    network.pass();
    network.workstation.thaw();
    await page.keyboard.press('Shift');
    const caughtUp = await seconds(() => parts.cell(booked.id).waitFor());
    await untilLive();
    await expectNothingLost(booked);
    const countdown = /(\d+):(\d\d)(?!\d)/.exec((await parts.cell(held.id).textContent()) ?? '');
    const leftMs = Date.parse(held.expiresAt ?? '') - Date.now();
    expect(Math.abs(Number(countdown?.[1]) * 60 + Number(countdown?.[2]) - leftMs / 1000)).toBeLessThan(2);
    await report({ caughtUp });
    expect(caughtUp).toBeLessThan(10);

    await page.keyboard.press('Shift');
    network.workstation.freeze();
    await pause(61_000);
    network.workstation.thaw();
    const locked = await seconds(() => page.getByRole('button', { name: 'Unlock' }).waitFor());
    console.info(`locked after ${locked.toFixed(1)} s`);
    expect(locked).toBeLessThan(5);
  });
});
