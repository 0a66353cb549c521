/** The server accepts nothing more from a desk: what the person sees and what stays, in the real desktop program. */
import type { Device } from '@slate/shared/contract/devices';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import { noElectron } from '../helpers/electron/desktop.ts';
import { request, setUpOfflineDesk } from '../helpers/electron/offline-desk.ts';

describe.skipIf(noElectron())('a desk from which nothing is accepted any more', () => {
  const desk = setUpOfflineDesk();

  const notSent = () => desk.heading('Not sent');
  const listedRequests = async () => {
    await notSent().waitFor();
    return desk.page.getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.textContent));
  };
  const confirm = () => desk.button('I have seen this. Delete it here.').press('Enter');
  const isMoved = async () => (await desk.colleague.read(desk.knee.id)).version !== desk.knee.version;
  const devicesPath = () => `/sites/${desk.hospital.siteId}/devices`;
  const devices = async () => {
    const { body } = await (
      await desk.api('administrator')
    ).get(`${devicesPath()}?person=${desk.hospital.users.coordinator}`);
    return body.devices as Device[];
  };

  test('DK7 when a role was removed while requests waited, they are listed, not sent, and then deleted', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.tomorrow();
    await desk.leaveTooltip();
    await desk.parts.cell(desk.knee.id).waitFor();
    await desk.cut();
    await desk.untilOffline();
    await desk.requestMove();
    await (await desk.as('administrator')).change(desk.hospital.users.coordinator, { role: null });

    await desk.repair();
    expect(await listedRequests()).toEqual([expect.stringMatching(/\d\d:\d\dMove Total knee to OR 2 10:00/)]);
    await desk.page.getByText('You no longer have a role at Test Hospital').waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    expect(desk.filesOfDesk()).not.toEqual([]);
    await confirm();
    await desk.heading('Sign in').waitFor();
    expect(desk.filesOfDesk()).toEqual([]);
    expect(await isMoved()).toBe(false);
  });

  test('DK7 the list of a retired device is printed whole and then deleted, and a new device begins', async () => {
    const titles = Array.from({ length: 90 }, (_, index) => `Move Total knee to OR 2, request ${index}`);
    await desk.signInLive();
    await desk.untilSaved();
    await desk.cut();
    await desk.untilOffline();
    await desk.append(...titles);
    // The console reads the log when it opens the desk.
    await desk.lock();
    await desk.enterPassword('Unlock');
    await desk.frozenBoard().waitFor();
    const [before] = await devices();
    const retired = await (await desk.api('administrator')).delete(`${devicesPath()}/${before?.id}`);
    expect(retired.status).toBe(200);

    await desk.repair();
    await desk.answerPasswordPrompt();
    expect(await listedRequests()).toHaveLength(titles.length);
    await desk.page.getByText('An administrator retired this desk').waitFor();

    // Black on white, whatever the theme.
    await desk.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const printed = await desk.page.evaluate(() => document.body.innerText);
    const colors = await desk.page.evaluate(() =>
      [...document.querySelectorAll('td')].map((cell) => getComputedStyle(cell).color),
    );
    await desk.page.emulateMedia({ media: null, colorScheme: null });
    expect(new Set(colors)).toEqual(new Set(['rgb(0, 0, 0)']));
    for (const title of titles) expect(printed).toContain(title);
    expect(printed).toContain('Not sent');
    expect(printed).toContain('coordinator person · Test Hospital');
    expect(printed).not.toMatch(/I have seen this|Print|Keep it/);
    // A list of 90 lines is longer than a page, and all of its pages are printed.
    expect(await pagesOfPrint()).toBeGreaterThan(1);

    await confirm();
    await desk.parts.grid.waitFor();
    await expect
      .poll(async () => (await devices()).filter(({ retiredAt }) => retiredAt === null))
      .toHaveLength(1);
    await desk.untilSaved();
    expect(await isMoved()).toBe(false);
    const log = await desk.page.evaluate(async () => (await window.slate?.resumeDesk(600_000))?.records);
    expect(log).toEqual([]);
  });
  const pagesOfPrint = () =>
    desk.desktop.app.evaluate(async ({ BrowserWindow }) => {
      const pdf = await BrowserWindow.getAllWindows()[0]?.webContents.printToPDF({});
      return pdf?.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    });

  test('DK7 an administrator retires the device of a person who does not come back, and sees and deletes the list', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.switchUserOverRequest();
    await desk.page.getByText('1 request of coordinator person waits at this desk.').waitFor();
    await desk.repair();
    await desk.button('Switch user').click();
    await desk.parts.signIn(desk.hospital.accounts.administrator);
    await desk.parts.grid.waitFor();
    await desk.page.keyboard.press('Control+k');
    await desk.page.getByRole('combobox').fill('about slate');
    await desk.page.getByRole('option', { name: 'About Slate' }).first().waitFor();
    await desk.page.keyboard.press('Enter');

    await desk.button('Show what wasn’t sent').press('Enter');
    await desk.button('Retire the device and show the list').waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    expect(await devices()).toMatchObject([{ retiredAt: null }]);
    await desk.button('Retire the device and show the list').press('Enter');
    expect(await listedRequests()).toEqual([expect.stringContaining(request)]);
    await desk.page.getByText('This is the list of another person').waitFor();
    expect(await devices()).toMatchObject([{ retiredAt: expect.any(String) as string }]);
    expect(desk.filesOfDesk()).not.toEqual([]);
    await confirm();
    await desk.parts.grid.waitFor();
    expect(desk.filesOfDesk()).toEqual([]);
    expect(await isMoved()).toBe(false);
  });
});
