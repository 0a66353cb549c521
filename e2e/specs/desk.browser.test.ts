/** The rules BQ of the SPEC for a page without the server, in the whole console. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { createProfile, launchWithProfile } from '../helpers/browser/browser.ts';
import { layCable } from '../helpers/network/cable.ts';
import type { Cable } from '../helpers/network/cable.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { filesWith } from '../helpers/files-with.ts';

const patient = 'DEMO-KEEP-SECRET';

describe.skipIf(inject('chromium') === null)('a browser without the server', () => {
  let deployment: ConsoleDeployment;
  let cable: Cable;
  let profile: ReturnType<typeof createProfile>;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 1 });
    cable = await layCable(deployment.servers[0]?.url ?? '');
  });
  beforeEach(async () => {
    profile = createProfile();
    context = await launchWithProfile(profile.folder);
    page = await context.newPage();
  });
  afterEach(async () => {
    cable.putBack();
    await context?.close();
    profile[Symbol.dispose]();
  });
  afterAll(async () => {
    await cable?.end();
    await deployment?.end();
  });

  /** Drags the case to a later time while the server is away. */
  async function requestMove(tab: Page, caseId: string) {
    const box = await partsOf(tab).cell(caseId).boundingBox();
    if (!box) throw new Error('The case is not in view.');
    await tab.mouse.move(box.x + 20, box.y + 10);
    await tab.mouse.down();
    await tab.mouse.move(box.x + 140, box.y + 12, { steps: 5 });
    await tab.mouse.up();
    await tab
      .getByText(/^Requested, not done yet: Move Total hip/)
      .first()
      .waitFor();
  }

  test('BQ4 BQ6 BQ7 queues a request, locks, unlocks, and sends the request once when the server is back', async () => {
    const hospital = await deployment.newHospital();
    const other = bookings(await deployment.as(hospital.users.second), hospital);
    const item = await other.book({ start: at('08:00'), title: 'Total hip', patientRef: patient });
    const account = hospital.accounts.coordinator;
    await page.goto(`${cable.url}/#/case/${item.id}`);
    const parts = partsOf(page);
    await parts.signIn(account);
    await parts.cell(item.id).waitFor();
    await expect.poll(parts.connection).toBe('Live');
    await page.getByText('a private window deletes them when you close it').waitFor();

    cable.pull();
    await expect.poll(parts.connection).toBe('Offline since');
    await requestMove(page, item.id);

    await parts.grid.press('l');
    await page.getByRole('heading', { level: 1, name: 'Locked' }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill(account.password);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByRole('main', { name: /^Board, as of \d\d:\d\d$/ }).waitFor();

    cable.putBack();
    const passwordPrompt = page.getByRole('region', { name: 'Sign in again' });
    await passwordPrompt.waitFor({ timeout: 30_000 });
    expect(await passwordPrompt.textContent()).toContain('Enter your password to send 1 request.');
    await passwordPrompt.getByRole('textbox', { name: 'Password' }).fill(account.password);
    await passwordPrompt.getByRole('textbox', { name: 'Password' }).press('Enter');
    await expect.poll(parts.connection, { timeout: 30_000 }).toBe('Live');
    await expect.poll(async () => (await other.read(item.id)).version).toBe(item.version + 1);
    expect((await other.read(item.id)).start).not.toBe(item.start);
    for (const secret of [patient, 'Total hip', account.password])
      expect(filesWith(profile.folder, secret)).toEqual([]);
  });

  const leaving: [string, (tab: Page) => Promise<unknown>][] = [
    ['closed', (tab) => tab.close()],
    ['locked', (tab) => partsOf(tab).grid.press('l')],
  ];
  test.each(leaving)('BQ1 a second tab takes the desk over when the first is %s', async (_how, leave) => {
    const hospital = await deployment.newHospital();
    const other = bookings(await deployment.as(hospital.users.second), hospital);
    const item = await other.book({ start: at('08:00'), title: 'Total hip' });
    const account = hospital.accounts.coordinator;
    const openTab = async () => {
      const tab = await context.newPage();
      await tab.goto(`${cable.url}/#/case/${item.id}`);
      const parts = partsOf(tab);
      // In the second tab, the person is on the list of this browser.
      const recent = tab.getByRole('list', { name: 'Recent users' }).getByRole('button').first();
      await parts.email.or(recent).first().waitFor();
      if (await recent.isVisible()) {
        await recent.click();
        await tab.getByLabel('Password', { exact: true }).fill(account.password);
        await tab.getByRole('button', { name: 'Sign in', exact: true }).click();
      } else await parts.signIn(account);
      await parts.cell(item.id).waitFor();
      return { tab, parts };
    };
    const first = await openTab();
    await first.tab.getByText('your requests wait in this browser').waitFor();
    const second = await openTab();
    await second.tab.getByText('close or lock that tab: then this one takes over').waitFor();
    await leave(first.tab);
    await second.tab.getByText('Your desk is open in this tab now.').waitFor();

    cable.pull();
    await expect.poll(second.parts.connection).toBe('Offline since');
    await requestMove(second.tab, item.id);
  });
});
