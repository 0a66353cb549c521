/** The console in the desktop program with a real server: the differences from a browser. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { filesWith } from '../helpers/files-with.ts';
import { at } from '../../server/test/hospital.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment, HospitalWithAccounts } from '../helpers/console/console-deployment.ts';
import { partsOf } from '../helpers/console/console.ts';
import { noElectron, openDesktop } from '../helpers/electron/desktop.ts';
import type { Desktop } from '../helpers/electron/desktop.ts';

describe.skipIf(noElectron())('the console on the desktop', () => {
  let deployment: ConsoleDeployment;
  let hospital: HospitalWithAccounts;
  let desktop: Desktop;
  let errors: string[];

  beforeAll(async () => {
    deployment = await openConsoleDeployment({ servers: 1 });
  });
  afterAll(() => deployment?.end());
  beforeEach(async () => {
    hospital = await deployment.newHospital();
    desktop = await openDesktop({ server: deployment.servers[0]?.url ?? '' });
    errors = [];
    desktop.page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
    });
    desktop.page.on('pageerror', ({ message }) => errors.push(message));
  });
  afterEach(async () => {
    await desktop?.close();
    if (errors.length > 0) throw new Error(`The page reported errors:\n${errors.join('\n')}`);
  });

  const signedIn = async () => {
    const parts = partsOf(desktop.page);
    await parts.signIn(hospital.accounts.coordinator);
    await parts.grid.waitFor();
    return parts;
  };
  const follow = (link: string) =>
    desktop.app.evaluate(({ app }, address) => app.emit('second-instance', {}, [address], ''), link);

  test('is live from its own origin, without violations of its policy', async () => {
    const { connection } = await signedIn();
    await expect.poll(connection).toBe('Live');
    expect(desktop.page.url()).toBe('app://slate/');
  });

  test('DT11 opens the case of a link', async () => {
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    const { id } = await desk.book({ start: at('08:00') });
    const { cell, inspector } = await signedIn();
    await follow(`slate://case/${id}`);
    await expect.poll(() => cell(id).getAttribute('aria-selected')).toBe('true');
    await expect.poll(() => inspector.textContent()).toContain('Total knee');
  });

  test('DT11 opens the case of a link that arrived before signing in', async () => {
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    const { id } = await desk.book({ start: at('08:00') });
    await follow(`slate://case/${id}`);
    const { cell } = await signedIn();
    await expect.poll(() => cell(id).getAttribute('aria-selected')).toBe('true');
  });

  test('DT9 PE4 leaves no patient in its folder', async () => {
    const mark = 'KEEP-ME-SECRET';
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    const { id } = await desk.book({ start: at('08:00'), patientRef: mark });
    const { inspector } = await signedIn();
    await follow(`slate://case/${id}`);
    await expect.poll(() => inspector.textContent()).toContain(mark);
    const { page, folder } = desktop;
    await page.getByRole('button', { name: /account, lock, sign out/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(filesWith(folder, mark)).toEqual([]);
  });

  test('DT14 holds no patient after the workstation is locked', async () => {
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    const { id } = await desk.book({ start: at('08:00') });
    const { cell } = await signedIn();
    await follow(`slate://case/${id}`);
    await cell(id).waitFor();
    await desktop.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
    await desktop.page.getByLabel('Password', { exact: true }).waitFor();
    const page = await desktop.page.content();
    expect(page).not.toContain('Total knee');
    expect(page).not.toContain(id);
  });
});
