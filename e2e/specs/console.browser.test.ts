import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { createProfile, launchWithProfile, nonLocalHost } from '../helpers/browser/browser.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { HospitalWithAccounts } from '../helpers/console/console-deployment.ts';
import { bookings } from '../helpers/console/bookings.ts';
import { partsOf } from '../helpers/console/console.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';
import { filesWith } from '../helpers/files-with.ts';

/** Everything that scripts of the page can reach, as text. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  return chunks.join('');
}

const rooms = (page: Page) => page.getByRole('rowheader').count();

describe.skipIf(inject('chromium') === null)('the console, in a browser', () => {
  const setUp = setUpConsoles(
    () => openConsoleDeployment({ servers: 1 }),
    ({ servers }) => servers[0]?.url ?? '',
  );
  let accounts: HospitalWithAccounts['accounts'];
  beforeAll(async () => {
    ({ accounts } = await setUp.deployment.newHospital());
  });

  test('a person signs in and sees the rooms of the site', async () => {
    const { page } = await setUp.consoles.open({ as: accounts.coordinator, throughScreen: true });
    await expect.poll(() => rooms(page)).toBe(3);
  });

  test('a page without encryption requests no password and shows what to do', async () => {
    const page = await setUp.browser.newPage();
    const { port } = new URL(setUp.deployment.servers[0]?.url ?? '');
    await page.goto(`http://${nonLocalHost}:${port}/`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.locator('body').textContent()).toContain('Use the https:// address');
    expect(await page.getByLabel('Password').count()).toBe(0);
    await page.close();
  });

  test('the console says why a sign-in was refused, and accepts the next one', async () => {
    const { page, watched, email, signIn } = await setUp.consoles.open();
    watched.expectRefusals(401);
    await signIn({ ...accounts.coordinator, password: 'not the password at all' });
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('Wrong email or password');
    expect(await email.inputValue()).toBe(accounts.coordinator.email);
    await signIn(accounts.coordinator);
    await expect.poll(() => rooms(page)).toBe(3);
  });

  test('a reload stays signed in, another tab does not, and the session ends with the tab', async () => {
    const { page } = await setUp.consoles.open({ as: accounts.coordinator, throughScreen: true });
    await expect.poll(() => rooms(page)).toBe(3);
    await page.reload();
    await expect.poll(() => rooms(page)).toBe(3);
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    expect(stored).not.toContain('refreshToken');
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    expect(await rooms(other)).toBe(0);
  });

  test('a duplicated tab gets its own session instead of using up the first one’s', async () => {
    const { page } = await setUp.consoles.open({ as: accounts.coordinator, throughScreen: true });
    await expect.poll(() => rooms(page)).toBe(3);
    const [copy] = await Promise.all([
      page.waitForEvent('popup'),
      // Like "Duplicate" in a browser: a new tab that starts with the storage of this one.
      page.evaluate(() => void window.open(location.href)),
    ]);
    await copy.getByText('This tab is a copy of one').waitFor();
    expect(await rooms(copy)).toBe(0);
    expect(await copy.evaluate(() => sessionStorage.getItem('slate.session'))).toBeNull();
    await copy.getByRole('button', { name: 'coordinator person' }).click();
    await copy.getByLabel('Password', { exact: true }).fill(accounts.coordinator.password);
    await copy.keyboard.press('Enter');
    await expect.poll(() => rooms(copy)).toBe(3);
    for (const each of [page, copy, page]) {
      await each.reload();
      await expect.poll(() => rooms(each)).toBe(3);
    }
    // The first tab is gone, so the second is no longer a copy.
    await page.close();
    await copy.reload();
    await expect.poll(() => rooms(copy)).toBe(3);
  });

  test('a wall board that signed in once comes back after a restart of the browser', async () => {
    const { page } = await setUp.consoles.open({ as: accounts.wall, hash: '#/wall' });
    await expect.poll(() => rooms(page)).toBe(3);
    const storageState = await page.context().storageState();
    await page.context().close();
    const { page: reopened } = await setUp.consoles.open({
      hash: '#/wall',
      context: { storageState },
    });
    await expect.poll(() => rooms(reopened)).toBe(3);
  });

  test('a screen opened as a wall board does not keep a person with access to patients signed in', async () => {
    const { page } = await setUp.consoles.open({ as: accounts.coordinator, hash: '#/wall' });
    await page.getByText('Sign in with a wall-board account').waitFor();
    expect(await rooms(page)).toBe(0);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  test('a page from before a server update says so and reloads', async () => {
    const { page, connection, watched } = await setUp.consoles.open({
      as: accounts.coordinator,
      throughScreen: true,
    });
    // It asks the server without a token which versions it speaks.
    watched.expectRefusals(401);
    await expect.poll(() => rooms(page)).toBe(3);
    // From now on it speaks an older protocol.
    await page.routeWebSocket(/socket\.io/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => server.send(String(message).replace(/"protocol":\d+/, '"protocol":1')));
    });
    await page.reload();
    const banner = page.getByRole('region', { name: 'are different versions' });
    await banner.waitFor();
    expect(await banner.textContent()).toContain('reload the page');
    expect(await connection()).toBe('Update needed');
    expect(await page.getByRole('contentinfo').textContent()).toContain('Update needed; you can’t save now.');
    expect(await axeFindings(page)).toEqual([]);
    await Promise.all([page.waitForEvent('load'), banner.getByRole('button', { name: 'Reload' }).click()]);
  });

  test('PE4 the console leaves no patient in the browser’s folder', async () => {
    const hospital = await setUp.deployment.newHospital();
    const desk = bookings(await setUp.deployment.as(hospital.users.second), hospital);
    const mark = 'KEEP-ME-SECRET';
    const { id } = await desk.book({ start: at('08:00'), patientRef: `${mark}-1`, note: `${mark}-2` });
    using profile = createProfile();
    const context = await launchWithProfile(profile.folder);
    const page = await context.newPage();
    const url = setUp.deployment.servers[0]?.url ?? '';
    await page.goto(`${url}/#/case/${id}`);
    const parts = partsOf(page);
    await parts.signIn(hospital.accounts.coordinator);
    await expect.poll(() => parts.inspector.textContent()).toContain(`${mark}-1`);
    await expect.poll(() => parts.connection()).toBe('Live');
    await page.getByRole('button', { name: /account, lock, sign out/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await context.close();
    expect(filesWith(profile.folder, mark)).toEqual([]);
  });

  test('the server does not send an unchanged board again', async () => {
    const hospital = await setUp.deployment.newHospital();
    const desk = bookings(await setUp.deployment.as(hospital.users.second), hospital);
    const { id } = await desk.book({ start: at('08:00') });
    const boards: number[] = [];
    const { page, cell, connection } = await setUp.consoles.open({
      as: hospital.accounts.coordinator,
      hash: `#/case/${id}`,
      before: (opened) =>
        Promise.resolve(
          opened.on('response', (response) => {
            // Not the week that is saved for working without the server.
            if (/\/board\?(?!.*days=7)/.test(response.url())) boards.push(response.status());
          }),
        ),
    });
    await cell(id).waitFor();
    await expect.poll(connection).toBe('Live');
    const before = boards.length;
    await page.keyboard.press(']');
    await expect.poll(() => boards.length).toBe(before + 1);
    await page.keyboard.press('[');
    await cell(id).waitFor();
    await expect.poll(() => boards.at(-1)).toBe(304);
  });

  test('PE7 a locked page has no patient in its memory, not even typed text', async () => {
    const hospital = await setUp.deployment.newHospital();
    const desk = bookings(await setUp.deployment.as(hospital.users.coordinator), hospital);
    const [mark, typed] = ['HEAP-SECRET-1', 'HEAP-SECRET-2'];
    const { id } = await desk.book({ start: at('08:00'), patientRef: mark, note: `${mark} latex` });
    await desk.book({ start: at('10:00'), patientRef: `${mark}-other` });
    const { page, inspector, cell } = await setUp.consoles.open({
      as: hospital.accounts.coordinator,
      throughScreen: true,
      hash: `#/case/${id}`,
    });
    await expect.poll(() => inspector.textContent()).toContain(mark);
    await cell(id).focus();
    await page.keyboard.press('e');
    await page.getByLabel('Note').fill(`${typed} allergic`);
    await page.getByLabel('Patient reference').fill(typed);
    const inMemory = async () => {
      const heap = await heapOf(page);
      return [mark, typed].map((each) => heap.includes(each));
    };
    // Before the lock they are there, so the search works.
    expect(await inMemory()).toEqual([true, true]);
    await page.getByRole('button', { name: /account, lock, sign out/ }).click();
    await page.getByRole('menuitem', { name: 'Lock' }).click();
    await page.getByRole('heading', { name: 'Locked' }).waitFor();
    await expect.poll(inMemory, { timeout: 20_000, interval: 1_000 }).toEqual([false, false]);
  });

  test('the policy of the page allows its styles and font, and no foreign scripts', async () => {
    const { page, watched } = await setUp.consoles.open({ as: accounts.coordinator, throughScreen: true });
    await expect.poll(() => rooms(page)).toBe(3);
    await page.evaluate(() => document.fonts.ready);
    expect(await page.evaluate(() => document.fonts.check('13px "Inter Variable"'))).toBe(true);
    expect(watched.complaints).toEqual([]);

    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.intruded = true';
      document.body.append(script);
      const style = document.createElement('style');
      style.textContent = 'body { outline: 7px solid red }';
      document.body.append(style);
      const picture = document.createElement('img');
      picture.src = 'http://strange.example/x.png';
      document.body.append(picture);
    });
    await expect.poll(() => watched.complaints.length).toBeGreaterThanOrEqual(3);
    expect(await page.evaluate(() => 'intruded' in globalThis)).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).outlineWidth)).not.toBe('7px');
    watched.complaints.length = 0;
  });

  test('axe finds nothing on the screens before the board', async () => {
    const { page, watched, signIn } = await setUp.consoles.open();
    await page.getByLabel('Email').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    watched.expectRefusals(401);
    await signIn({ email: 'nobody@example.test', password: 'not the password at all' });
    await page.getByRole('alert').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Request an account' }).click();
    await page.getByLabel('Your name').waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });
});
