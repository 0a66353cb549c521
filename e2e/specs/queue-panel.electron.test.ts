/** Work while the server is out of reach, and the decisions afterwards, in the real desktop program with real servers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { noElectron, openDesktop, createWorkstation } from '../helpers/electron/desktop.ts';

describe.skipIf(noElectron())('the queue of a workstation', () => {
  let deployment: ConsoleDeployment;
  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 0 });
  });
  afterAll(() => deployment?.end());

  test('QP1 QP2 QP4 QP5 a person makes three requests without the server; two are done, and a key decides about the third', async () => {
    const hospital = await deployment.newHospital();
    const server = await deployment.startServer();
    const { port } = new URL(server.url);
    // The colleague uses another server, so only this console is cut off.
    const otherServer = await deployment.startServer();
    const colleague = bookings(await deployment.as(hospital.users.second, otherServer.url), hospital);
    const [firstRoom, secondRoom] = [hospital.rooms[0], hospital.rooms[1]];
    const knee = await colleague.book({ roomId: firstRoom, start: at('08:00'), title: 'Knee' });
    const hip = await colleague.book({ roomId: firstRoom, start: at('10:00'), title: 'Hip' });
    const hand = await colleague.book({ roomId: firstRoom, start: at('12:00'), title: 'Hand' });
    using workstation = createWorkstation();
    const desktop = await openDesktop({ server: `http://127.0.0.1:${port}`, folder: workstation.folder });
    const { page } = desktop;
    const parts = partsOf(page);
    const status = () => page.getByRole('contentinfo').textContent();
    const choices = page.getByRole('list', { name: /^Decide about/ }).getByRole('button');
    const palette = page.getByRole('dialog', { name: 'Search or run a command' });
    async function run(phrase: string) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill(phrase);
      await page
        .getByRole('option', { name: /^Move / })
        .first()
        .waitFor();
      await page.keyboard.press('Enter');
      await palette.waitFor({ state: 'detached' });
    }
    try {
      await parts.signIn(hospital.accounts.coordinator);
      await parts.grid.waitFor();
      await expect.poll(parts.connection).toBe('Live');
      await page.getByRole('button', { name: 'Next day' }).click();
      // Otherwise its tooltip may be over the page.
      await page.mouse.move(0, 0);
      await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
      await parts.cell(knee.id).waitFor();
      await expect
        .poll(() => page.evaluate(async () => (await window.slate?.resumeDesk(600_000)) !== null))
        .toBe(true);

      await server.kill9();
      await expect.poll(parts.connection, { timeout: 15_000 }).toBe('Offline since');
      for (const [index, what] of [
        `knee to or 2 8:00`,
        `hip to or 2 10:00`,
        `hand to or 2 12:00`,
      ].entries()) {
        await run(`move ${what}`);
        await expect.poll(status).toContain(`${index + 1} waiting`);
      }
      await colleague.book({
        roomId: secondRoom,
        start: at('10:00'),
        title: 'Add-on',
        surgeonId: hospital.surgeons[1],
      });
      await page.keyboard.press('Control+j');
      await choices.first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');

      await deployment.startServer({ PORT: port });
      await expect.poll(status, { timeout: 30_000 }).toMatch(/1 needs you/);
      await page.getByRole('alert').getByText('Your requests were sent: 2 done, 1 needs you.').waitFor();
      expect((await colleague.read(knee.id)).roomId).toBe(secondRoom);
      expect((await colleague.read(hand.id)).roomId).toBe(secondRoom);
      expect((await colleague.read(hip.id)).roomId).toBe(firstRoom);

      await page.keyboard.press('Control+j');
      await expect
        .poll(() => page.getByRole('dialog').getByRole('button', { expanded: true }).textContent())
        .toMatch(/Refused.*Move Hip/);
      expect(await axeFindings(page)).toEqual([]);
      await expect
        .poll(() => choices.nth(1).textContent())
        .toMatch(/Requests this time instead: Move Hip to/);
      await page.keyboard.press('2');
      await expect.poll(async () => (await colleague.read(hip.id)).version).toBe(hip.version + 1);
      await expect.poll(status).not.toMatch(/waiting|need/);
    } finally {
      await desktop.close();
    }
  });
});
