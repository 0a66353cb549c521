/** A desk that cannot be read, from the start of the program to the person's decision, with a real server. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import { noElectron } from '../helpers/electron/desktop.ts';
import { request, setUpOfflineDesk } from '../helpers/electron/offline-desk.ts';

describe.skipIf(noElectron())('a desk that cannot be read', () => {
  const desk = setUpOfflineDesk();

  const desksOfServer = () => {
    const [server] = readdirSync(join(desk.folder, 'desks')).filter((name) => name.startsWith('http'));
    return join(desk.folder, 'desks', server ?? '');
  };
  /** The folder of the coordinator's desk. */
  const place = () => join(desksOfServer(), `${desk.hospital.siteId}_${desk.hospital.users.coordinator}`);
  const contentsOf = (folder: string) =>
    Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const records = () =>
    desk.page.evaluate(async () => (await window.slate?.resumeDesk(600_000))?.records.length);
  const dialog = () => desk.page.getByRole('dialog', { name: 'This desk can’t be read' });

  /** Two requests wait, and the program is closed. */
  async function leaveRequests() {
    await desk.signInLive();
    await desk.untilSaved();
    await desk.append(request);
    await desk.append('Cancel Total knee');
    await desk.lock();
    await desk.heading('Locked').waitFor();
    await desk.stop();
  }
  const edit = (name: string, change: (bytes: Buffer) => void) => {
    const bytes = readFileSync(join(place(), name));
    change(bytes);
    writeFileSync(join(place(), name), bytes);
  };

  test.each([
    ['its keys are gone', () => rmSync(join(place(), 'keys')), 'The key of your data at this workstation'],
    [
      'its log is damaged',
      () => edit('log', (bytes) => bytes.fill(0, 0, 40)),
      'The log of your requests at this workstation is damaged.',
    ],
  ])('DK9 if %s, it stays as it is, and a new one begins only on request', async (_what, damage, why) => {
    await leaveRequests();
    damage();
    const before = contentsOf(place());
    await desk.cut();
    await desk.start();
    await desk.recentUser().click();
    await desk.enterPassword('Sign in');
    await desk.page.getByText(/can’t be read\. Nothing was deleted|check your password itself/).waitFor();
    expect(contentsOf(place())).toMatchObject({ log: before['log'], board: before['board'] });

    await desk.repair();
    await desk.untilEnabled('Sign in');
    await desk.enterPassword('Sign in');
    await dialog().waitFor();
    await dialog().getByText(why).waitFor();
    await dialog().getByText(place()).waitFor();
    expect(await axeFindings(desk.page)).toEqual([]);
    await desk.button('Not now').press('Enter');
    await dialog().waitFor({ state: 'detached' });
    await expect.poll(() => desk.parts.connection()).toBe('Live');
    expect(contentsOf(place())).toMatchObject({ log: before['log'], board: before['board'] });

    await desk.lock();
    await desk.enterPassword('Unlock');
    await dialog().waitFor();
    await desk.button('Set aside and start a new one').press('Enter');
    await expect.poll(records).toBe(0);
    const [aside] = readdirSync(desksOfServer()).filter((name) => name.includes('.aside-'));
    expect(contentsOf(join(desksOfServer(), aside ?? ''))).toMatchObject({
      log: before['log'],
      board: before['board'],
    });
    await desk.page.getByText(aside ?? 'the folder').waitFor();
    expect((await desk.colleague.read(desk.knee.id)).version).toBe(desk.knee.version);
  });

  test('LG3 the requests before a damaged record are there, the panel says so, and the whole log is copied', async () => {
    await leaveRequests();
    edit('log', (bytes) => void (bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1));
    const damaged = readFileSync(join(place(), 'log'));
    await desk.cut();
    await desk.start();
    await desk.recentUser().click();
    await desk.enterPassword('Sign in');
    await desk.frozenBoard().waitFor();
    await desk.page.keyboard.press('Control+j');
    await desk.page
      .getByText(
        'The log of this desk is damaged. Only its first entry can be read. The whole log is kept in the folder of this desk.',
      )
      .waitFor();
    await desk.page.keyboard.press('Escape');
    await desk.append('Note for Total knee');
    expect(await records()).toBe(2);
    const [copy] = readdirSync(place()).filter((name) => name.startsWith('log.broken-'));
    expect(readFileSync(join(place(), copy ?? '')).equals(damaged)).toBe(true);
  });
});
