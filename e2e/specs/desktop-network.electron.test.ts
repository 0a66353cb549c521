/** The console in the desktop program behind bad networks: what differs from a browser. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { layCable } from '../helpers/network/cable.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { noElectron, openDesktop } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';
import { openTlsProxy } from '../helpers/network/foreign-servers.ts';

/** The numbers of Chromium. */
const verdicts = { trusted: 0, expired: -201 };

const pollTimeout = { timeout: 40_000 };

describe.skipIf(noElectron())('the desktop program behind a bad network', () => {
  let deployment: ConsoleDeployment;
  let desktop: Desktop;

  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 1 });
  });
  afterAll(() => deployment?.end());
  afterEach(() => desktop?.close());

  const server = () => deployment.servers[0]?.url ?? '';

  async function signIn() {
    const hospital = await deployment.newHospital();
    const parts = partsOf(desktop.page);
    await parts.signIn(hospital.accounts.coordinator);
    await parts.grid.waitFor();
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    // Shows the day of the bookings.
    const { id } = await desk.book({ start: at('17:00') });
    await desktop.app.evaluate(
      ({ app }, link) => app.emit('second-instance', {}, [link], ''),
      `slate://case/${id}`,
    );
    await parts.cell(id).waitFor();
    await expect.poll(parts.connection, pollTimeout).toBe('Live');
    const banner = desktop.page.getByRole('region', { name: /^Offline since/ });
    return { ...parts, desk, banner };
  }

  /** Stands in for the system's verdict on certificates, which a test cannot change. */
  const judge = (verdict: number | null) =>
    desktop.app.evaluate(({ session }, result) => {
      const judged = (_request: unknown, answer: (verdict: number) => void) => answer(result ?? 0);
      session.defaultSession.setCertificateVerifyProc(result === null ? null : judged);
    }, verdict);

  test('NW4 a certificate that is no longer trusted, or has expired, is named, and nothing is sent', async () => {
    await using proxy = await openTlsProxy(server());
    // Chromium remembers its verdict about a certificate, and the sign-in may ask before ours is set: so another one first.
    proxy.renew(1);
    desktop = await openDesktop({ server: proxy.url });
    await judge(verdicts.trusted);
    proxy.renew(0);
    const { connection, banner } = await signIn();
    const { host } = new URL(proxy.url);

    // Chromium's own verdict.
    await judge(null);
    proxy.renew(1);
    const before = proxy.received();
    await banner.getByText(`This computer doesn’t trust the certificate of ${host}`).waitFor();
    expect(await connection()).toBe('Offline since');
    await judge(verdicts.expired);
    proxy.renew(2);
    await banner
      .getByText(`The certificate of ${host} has expired, or this computer’s clock is wrong`)
      .waitFor();
    expect(proxy.received()).toBe(before);

    await judge(verdicts.trusted);
    proxy.renew(0);
    await expect.poll(connection, pollTimeout).toBe('Live');
    expect(await banner.count()).toBe(0);
  });

  test('NW1 NW4 the program sees through a guest network, a silent one and a dead server; the page cannot', async () => {
    const cable = await layCable(server());
    try {
      desktop = await openDesktop({ server: cable.url });
      const { connection, banner, desk, cell } = await signIn();
      cable.leadToPortal();
      await banner.getByText('Something other than Slate answers at').waitFor();
      const { id } = await desk.book({ start: at('08:00') });
      cable.putBack();
      await expect.poll(connection, pollTimeout).toBe('Live');
      await cell(id).waitFor();
      cable.pull();
      await banner.getByText('is there, but Slate isn’t answering on it').waitFor();
      cable.silence();
      await banner.getByText('There’s no reply from').waitFor();
      cable.putBack();
      await expect.poll(connection, pollTimeout).toBe('Live');
    } finally {
      await cable.end();
    }
  });

  test('NW5 behind a proxy that blocks WebSockets the desktop polls, and returns to the push', async () => {
    const cable = await layCable(server());
    try {
      desktop = await openDesktop({ server: cable.url });
      const { connection, desk, cell } = await signIn();
      cable.breakSockets('refuse');
      await expect.poll(connection, pollTimeout).toBe('Slower updates');
      const { id } = await desk.book({ start: at('08:00') });
      await cell(id).waitFor();
      cable.putBack();
      await desktop.page.evaluate(() => window.dispatchEvent(new Event('online')));
      await expect.poll(connection, pollTimeout).toBe('Live');
    } finally {
      await cable.end();
    }
  });
});
