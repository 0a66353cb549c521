/** A workstation without the network, in the real desktop program with a real server. */
import { describe, expect, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { filesWith } from '../helpers/files-with.ts';
import { noElectron } from '../helpers/electron/desktop.ts';
import { patient, request, setUpOfflineDesk } from '../helpers/electron/offline-desk.ts';

describe.skipIf(noElectron())('a workstation without the network', () => {
  const desk = setUpOfflineDesk();

  test('DK3 DK4 DK6 locks, unlocks with the password, shows the last board, and continues when the server is back', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    // The feed keeps the saved board current.
    const before = desk.savedAt() ?? 0;
    const late = await desk.colleague.book({ start: at('12:00'), title: 'Late add-on' });
    await expect.poll(desk.savedAt, { timeout: 15_000 }).toBeGreaterThan(before);
    await desk.cut();
    await desk.untilOffline();
    await desk.lock();
    await desk.heading('Locked').waitFor();
    for (const wait of ['[01] s', '[12] s', '[34] s']) {
      await desk.untilEnabled('Unlock');
      await desk.enterPassword('Unlock', 'a wrong password');
      await expect.poll(desk.alert).toMatch(new RegExp(`Wrong password.* ${wait}`));
    }
    expect(await axeFindings(desk.page)).toEqual([]);

    const then = await desk.desktop.app.evaluate(() => Date.now());
    await desk.restart();
    await desk.recentUser().click();
    // Stops the program's clock at the failed attempt, however long the restart took.
    await desk.desktop.app.evaluate((_electron, failedAt) => {
      const real = Date.now;
      Object.assign(globalThis, { restoreClock: () => Object.assign(Date, { now: real }) });
      Date.now = () => failedAt;
    }, then);
    await desk.enterPassword('Sign in');
    await expect.poll(desk.alert).toMatch(/Wrong password.* \d s/);
    await desk.desktop.app.evaluate(() => (globalThis as { restoreClock?(): void }).restoreClock?.());
    await desk.untilEnabled('Sign in');
    await desk.enterPassword('Sign in');
    await desk.frozenBoard().waitFor();
    await desk.tomorrow();
    await desk.parts.cell(desk.knee.id).waitFor();
    await desk.parts.cell(late.id).waitFor();
    expect(await desk.page.getByText(/^As of \d\d:\d\d$/).count()).toBe(1);
    for (let days = 0; days < 7; days += 1) await desk.tomorrow();
    await desk.page.getByText('this desk hasn’t saved this day').waitFor();
    await desk.leaveTooltip();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.page.getByRole('button', { name: 'Today' }).click();
    await desk.tomorrow();

    await desk.repair();
    const moved = await desk.colleague.move(
      await desk.colleague.read(late.id),
      desk.hospital.rooms[1],
      at('11:00'),
    );
    await desk.passwordPrompt().waitFor({ timeout: 30_000 });
    expect(await desk.passwordPrompt().textContent()).toContain(
      'Enter your password to continue with the live board.',
    );
    await desk.parts.cell(desk.knee.id).waitFor();
    await desk.leaveTooltip();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.answerPasswordPrompt();
    await expect.poll(() => desk.parts.connection(), { timeout: 30_000 }).toBe('Live');
    await expect.poll(() => desk.parts.cell(moved.id).getAttribute('aria-label')).toMatch(/11:00/);
    expect(await desk.passwordPrompt().count()).toBe(0);
  });

  test('NW4 DK3 in front of a frozen server, the locked screen says so, and the password opens the desk', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    desk.freeze();
    await desk.lock();
    await desk.page
      .getByText(/There’s no reply from .+\. Your password still opens this desk, with the last board\./)
      .waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.enterPassword('Unlock');
    await desk.frozenBoard().waitFor();
  });

  test('DK7 nothing is sent for an account that was disabled meanwhile, and everything is deleted once the person has seen it', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.cut();
    await desk.untilOffline();
    await desk.lock();
    await desk.enterPassword('Unlock');
    await desk.frozenBoard().waitFor();
    await desk.append(request);
    await desk.lock();
    await desk.enterPassword('Unlock');
    await desk.frozenBoard().waitFor();

    await desk.repair();
    const administrator = await desk.as('administrator');
    await administrator.change(desk.hospital.users.coordinator, { status: 'disabled' });
    await desk.passwordPrompt().waitFor({ timeout: 30_000 });
    expect(await desk.passwordPrompt().textContent()).toContain('Enter your password to send 1 request.');
    await desk.answerPasswordPrompt();
    await desk.page.getByText('The server didn’t accept this password, so nothing was sent.').waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.passwordPrompt().getByRole('button', { name: 'Show what wasn’t sent' }).press('Enter');
    await desk.heading('Not sent').waitFor();
    expect(await desk.page.getByRole('cell', { name: request }).count()).toBe(1);
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.page.getByRole('button', { name: 'I have seen this. Delete it here.' }).press('Enter');
    await desk.heading('Sign in').waitFor();
    expect(desk.filesOfDesk()).toEqual([]);
    expect((await desk.colleague.read(desk.knee.id)).roomId).toBe(desk.hospital.rooms[0]);
  });

  test('DK8 another person sees whose requests wait and how many, but neither the requests nor the board', async () => {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.switchUserOverRequest();
    const line = desk.page.getByText(
      /^1 request of .+ waits at this desk\. It is sent when .+ signs in here\.$/,
    );
    await line.waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.page.getByRole('button', { name: 'Switch user' }).click();
    await desk.parts.signIn(desk.hospital.accounts.second);
    await desk.page.getByText('You haven’t worked at this workstation before').waitFor();
    await desk.repair();
    await desk.parts.signIn(desk.hospital.accounts.viewer);
    await desk.parts.grid.waitFor();
    const content = await desk.page.content();
    expect(content).not.toContain(request);
    const records = () =>
      desk.page.evaluate(async () => (await window.slate?.resumeDesk(600_000))?.records.length);
    await expect.poll(records).toBe(0);
    for (const secret of [patient, 'Total knee', request]) expect(filesWith(desk.folder, secret)).toEqual([]);
  });
});
