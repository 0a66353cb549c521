import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { Account, Console } from '../helpers/console/console.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

describe.skipIf(inject('chromium') === null)('the administration area', () => {
  const setUp = setUpConsoles(
    () => openConsoleDeployment({ servers: 2 }),
    ({ servers }) => servers[0]?.url ?? '',
  );
  const secondServer = () => setUp.deployment.servers[1]?.url ?? '';

  /** A hospital with two administrators. */
  async function newSite() {
    const site = await setUp.deployment.newSite();
    const { siteId, users } = site.hospital;
    await setUp.deployment.owner.query(
      `UPDATE memberships SET role = 'administrator' WHERE site_id = $1 AND user_id = $2`,
      [siteId, users.second],
    );
    return site;
  }

  /** Opens the administration by its key; the first page is Rooms. */
  async function administer(as: Account, url?: string): Promise<Console> {
    const console = await setUp.consoles.open({ as, ...(url !== undefined && { url }) });
    await console.grid.focus();
    await console.page.keyboard.press('6');
    await console.page.getByRole('grid', { name: 'Rooms' }).waitFor();
    return console;
  }

  test('AA1 AA2 AA5 by the keyboard alone: find a room, change it, and undo', async () => {
    const { accounts } = await newSite();
    const { page } = await administer(accounts.administrator);
    const keys = page.keyboard;
    await keys.press('/');
    await keys.type('or 2');
    await expect.poll(() => page.locator('[data-record]').count()).toBe(1);
    await keys.press('Tab');
    for (let steps = 0; steps < 12; steps++) {
      if (await page.evaluate(() => document.activeElement?.hasAttribute('data-record'))) break;
      await keys.press('Tab');
    }
    await keys.press('Enter');
    const panel = page.getByRole('region', { name: 'Edit OR 2' });
    await panel.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await panel.getByLabel('Setup before a case, min').focus();
    await keys.type('25');
    await keys.press('Control+Enter');
    await page.getByText('Saved OR 2').first().waitFor();
    expect(await panel.count()).toBe(0);
    await page.getByRole('gridcell', { name: '25 + usual min' }).waitFor();
    // The focus is back on the row.
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-record'))).toBe(true);
    await keys.press('Control+z');
    await expect.poll(() => page.getByRole('gridcell', { name: '25 + usual min' }).count()).toBe(0);
  });

  test('AA1 a link opens a page, also before signing in, and only for those who may use it', async () => {
    const { accounts } = await newSite();
    const { page } = await setUp.consoles.open({
      as: accounts.coordinator,
      throughScreen: true,
      hash: '#/administration/closures',
    });
    await page.getByText('None yet. Add the first one.').waitFor();
    expect(new URL(page.url()).hash).toBe('');
    await page.keyboard.press('1');
    await page.evaluate(() => (location.hash = '#/administration/rooms'));
    await page.getByRole('main', { name: 'Board' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Administration pages' }).count()).toBe(0);
  });

  test('AA9 the area is loaded when it is first shown; if that fails, it can be tried again', async () => {
    const { accounts } = await newSite();
    const { page, grid, watched } = await setUp.consoles.open({ as: accounts.administrator });
    watched.expectLossOfServer();
    await grid.focus();
    const part = /assets\/administration-.*\.js/;
    await page.route(part, (route) => route.abort('connectionrefused'));
    await Promise.all([page.waitForRequest(part), page.keyboard.press('6')]);
    const failure = page.getByText('This area couldn’t be loaded');
    await failure.waitFor();
    await page.unroute(part);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('grid', { name: 'Rooms' }).waitFor();
    expect(await failure.count()).toBe(0);
  });

  test('AA4 a range adds many rooms', async () => {
    const { accounts } = await newSite();
    const { page } = await administer(accounts.administrator);
    await page.keyboard.press('Insert');
    const panel = page.getByRole('region', { name: 'New room' });
    await panel.getByLabel('Name').fill('Day OR 1–3');
    await panel.getByText('Adds 3: Day OR 1, Day OR 2 and Day OR 3').waitFor();
    await panel.getByLabel('Monday', { exact: true }).fill('7-17');
    await panel.getByRole('button', { name: 'Use Monday’s hours until Friday' }).click();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Added Day OR 1, Day OR 2 and Day OR 3').first().waitFor();
    await page
      .getByRole('row', { name: /Day OR 3/ })
      .getByText('Mon–Fri 07:00–17:00')
      .waitFor();
    expect(await page.locator('[data-record]').count()).toBe(6);
  });

  test('AA6 two administrators in one room: nothing typed is lost, and nothing is overwritten unseen', async () => {
    const { accounts } = await newSite();
    const [mine, theirs] = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    for (const { page } of [mine, theirs]) {
      await page.getByRole('row', { name: /OR 1/ }).click();
      await page.getByRole('region', { name: 'Edit OR 1' }).waitFor();
    }
    const form = mine.page.getByRole('region', { name: 'Edit OR 1' });
    const other = theirs.page.getByRole('region', { name: 'Edit OR 1' });
    await form.getByLabel('Suite').fill('North wing');
    await form.getByLabel('Setup before a case, min').fill('20');
    await other.getByLabel('Setup before a case, min').fill('30');
    await other.getByLabel('Cleanup after a case, min').fill('12');
    await theirs.page.keyboard.press('Control+Enter');

    await form.getByText('second person changed this to 30 min').waitFor();
    expect(await form.getByLabel('Suite').inputValue()).toBe('North wing');
    expect(await form.getByLabel('Setup before a case, min').inputValue()).toBe('20');
    expect(await form.getByLabel('Cleanup after a case, min').inputValue()).toBe('12');
    expect(await axeFindings(mine.page)).toEqual([]);
    await form.getByRole('button', { name: 'Use theirs' }).click();
    expect(await form.getByLabel('Setup before a case, min').inputValue()).toBe('30');
    await mine.page.keyboard.press('Control+Enter');
    for (const { page } of [mine, theirs]) {
      const row = page.getByRole('row', { name: /OR 1/ });
      await row.getByText('North wing').waitFor();
      await row.getByText('30 + 12 min').waitFor();
    }
  });

  test('AA7 CW8 a room with booked cases is retired with a decision for each, and undo brings them back', async () => {
    const { accounts, desk, hospital } = await newSite();
    const moved = await desk.book({ start: at('08:00'), title: 'Hip ORIF' });
    const sent = await desk.book({ start: at('11:00'), title: 'Knee arthroscopy' });
    const { page, watched } = await administer(accounts.administrator);
    watched.expectRefusals(409);
    await page.getByRole('row', { name: /OR 1/ }).click();
    const form = page.getByRole('region', { name: 'Edit OR 1' });
    // By the keyboard alone.
    await form.getByRole('button', { name: 'Retire' }).press('Enter');
    const inTheWay = form.getByRole('region', { name: '2 in the way' });
    await inTheWay.getByText(/: Knee arthroscopy$/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await inTheWay.getByRole('combobox', { name: /^Decision: .*Knee arthroscopy$/ }).focus();
    await page.keyboard.type('To the');
    await inTheWay.getByRole('combobox', { name: /^Decision: .*Hip ORIF$/ }).focus();
    await page.keyboard.type('Move');
    await inTheWay.getByRole('combobox', { name: /^Other time: .*Hip ORIF$/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await inTheWay.getByRole('button', { name: 'Save and send 1 to the depot' }).press('Enter');
    await page.getByText('Retired OR 1. 1 case went to the depot.').first().waitFor();
    expect((await desk.read(sent.id)).state).toBe('depot');
    const now = await desk.read(moved.id);
    expect(now.state).toBe(moved.state);
    expect(hospital.rooms.slice(1)).toContain(now.roomId);
    await page.keyboard.press('Control+z');
    await page.getByText('OR 1 as before', { exact: true }).first().waitFor();
    for (const { id, roomId, start } of [moved, sent])
      expect(await desk.read(id)).toMatchObject({ state: 'scheduled', roomId, start });
  });

  test('AA7 CW2 two administrators decide over the same cases at once: one is done, the other is told and sees the new state', async () => {
    const { accounts, desk, hospital } = await newSite();
    const hip = await desk.book({ start: at('08:00'), title: 'Hip ORIF' });
    const knee = await desk.book({ start: at('11:00'), title: 'Knee arthroscopy' });
    const [mine, theirs] = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    await goTo(theirs, 'Surgeons');
    const room = await casesInTheWay(mine, 'OR 1');
    const surgeon = await casesInTheWay(theirs, 'Surgeon 1');
    await room.getByRole('combobox', { name: /^Decision: .*Hip ORIF$/ }).selectOption('Move it');
    for (const list of [room, surgeon])
      await list.getByRole('button', { name: 'The rest to the depot' }).click();

    // Both commands are sent before either administrator can see the change of the other.
    const bothSent = Promise.withResolvers<void>();
    let sent = 0;
    for (const { page } of [mine, theirs]) {
      await page.route('**/resources/*', async (route) => {
        sent += 1;
        if (sent === 2) bothSent.resolve();
        await bothSent.promise;
        await route.continue();
      });
    }
    const answers = [mine, theirs].map(({ page }) =>
      page.waitForResponse((response) => /\/resources\/[^/]+$/.test(response.url())),
    );
    await room.getByRole('button', { name: 'Save and send 1 to the depot' }).click();
    await surgeon.getByRole('button', { name: 'Save and send 2 to the depot' }).click();
    const statuses = (await Promise.all(answers)).map((answer) => answer.status());
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);

    const isMineDone = statuses[0] === 200;
    const [winner, loser] = isMineDone ? [mine, theirs] : [theirs, mine];
    await winner.page
      .getByText(isMineDone ? 'Retired OR 1. 1 case went to the depot.' : /^Retired Surgeon 1\. 2 cases/)
      .first()
      .waitFor();
    // The moved case is still in the way of the surgeon, and needs a new decision.
    const form = loser.page.getByRole('region', { name: isMineDone ? 'Edit Surgeon 1' : 'Edit OR 1' });
    const left = form.getByRole('region', {
      name: isMineDone ? '1 case is in the way' : 'Nothing is in the way anymore',
    });
    await left.getByText(isMineDone ? /^Case \d+ has changed/ : /isn’t in the way anymore/).waitFor();
    if (isMineDone) await left.getByRole('button', { name: 'Decide 1 more first' }).waitFor();
    expect(await axeFindings(loser.page)).toEqual([]);

    expect((await desk.read(knee.id)).state).toBe('depot');
    const now = await desk.read(hip.id);
    expect(now.state).toBe(isMineDone ? hip.state : 'depot');
    const places: (string | null)[] = isMineDone ? hospital.rooms.slice(1) : [null];
    expect(places).toContain(now.roomId);
    const { rows } = await setUp.deployment.owner.query<{ name: string }>(
      'SELECT name FROM resources WHERE site_id = $1 AND NOT active',
      [hospital.siteId],
    );
    expect(rows).toEqual([{ name: isMineDone ? 'OR 1' : 'Surgeon 1' }]);
  });

  /** Retires a resource with two cases in the way, and returns the list of them. */
  async function casesInTheWay({ page, watched }: Console, name: string) {
    watched.expectRefusals(400, 409, 412);
    await page.getByRole('row', { name: new RegExp(name) }).click();
    const form = page.getByRole('region', { name: `Edit ${name}` });
    await form.getByRole('button', { name: 'Retire' }).click();
    const list = form.getByRole('region', { name: '2 in the way' });
    await list.waitFor();
    return list;
  }

  test('AA20 AA21 two administrators: one approves a person, the other sees it and is merged', async () => {
    const { accounts } = await newSite();
    const id = randomUUID();
    const name = `Young ${id.slice(0, 8)}`;
    await setUp.deployment.owner.query(
      `INSERT INTO users (id, email, name, status) VALUES ($1, $2, $3, 'pending')`,
      [id, `${id}@example.org`, name],
    );
    const both = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    const forms = [];
    for (const console of both) {
      const { page } = console;
      await page.getByRole('img', { name: /for approval$/ }).waitFor();
      await goTo(console, 'People');
      await page.getByRole('row', { name }).click();
      const form = page.getByRole('region', { name: `Edit ${name}` });
      await form.getByLabel('Role').fill('Coord');
      await form.getByLabel('Role').press('Enter');
      forms.push(form);
    }
    const [mine, theirs] = both.map(({ page }) => page);
    const [form, other] = forms;
    if (!mine || !theirs || !form || !other) throw new Error('There are two.');
    expect(await axeFindings(mine)).toEqual([]);
    await mine.keyboard.press('Control+Enter');
    const dialog = mine.getByRole('dialog', { name: `Temporary password for ${name}` });
    await dialog.waitFor();
    expect(await axeFindings(mine)).toEqual([]);
    await dialog.getByRole('button', { name: 'Close' }).click();
    // The other form has the person as they are now: nothing is left to approve.
    await other.getByRole('button', { name: 'Disable…' }).waitFor();
    await other.getByRole('button', { name: 'Disable…' }).click();
    await other.getByRole('alertdialog').waitFor();
    expect(await axeFindings(theirs)).toEqual([]);
    await other.getByRole('button', { name: `Disable ${name}` }).click();
    await other.getByRole('button', { name: 'Enable' }).waitFor();
  });

  test('AA24 AA25 AA26 sessions, devices and the audit: a person is signed out at once, and it is in the audit', async () => {
    const { accounts, hospital } = await newSite();
    const mine = await administer(accounts.administrator);
    const theirs = await setUp.consoles.open({
      as: accounts.second,
      throughScreen: true,
      url: secondServer(),
    });
    theirs.watched.expectRefusals(401);
    await theirs.grid.waitFor();
    const { page } = mine;
    await goTo(mine, 'People');
    await page.locator(`[data-record="${hospital.users.second}"]`).click();
    const form = page.getByRole('region', { name: /^Edit / });
    await form.getByRole('button', { name: 'Sign out everywhere…' }).click();
    await form.getByRole('alertdialog').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await form.getByRole('button', { name: /out everywhere$/ }).click();
    await form.getByText('Not signed in anywhere.').waitFor();
    await theirs.page.getByText(/You were signed out\./).waitFor();
    await goTo(mine, 'Devices');
    await page.locator('[data-record]').first().click();
    await page.getByRole('button', { name: 'Retire…' }).click();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Retire the device' }).click();
    await page.getByText('Retired: nothing is accepted from this device.').waitFor();
    await goTo(mine, 'Audit');
    await page.getByRole('button', { name: 'Verify the chain of changes' }).click();
    await page.getByText(/entries are as they were written/).waitFor();
    await page.getByRole('row', { name: /Signed a person out/ }).click();
    await page.getByRole('region', { name: /^Entry / }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('IV6 an invited person opens the link, chooses name and password, and sees the board', async () => {
    const { accounts } = await newSite();
    const mine = await administer(accounts.administrator);
    const { page } = mine;
    await goTo(mine, 'Invitations');
    await page
      .getByRole('grid', { name: 'Invitations' })
      .or(page.getByText('No invitations are open.'))
      .waitFor();
    await page.keyboard.press('Insert');
    const form = page.getByRole('region', { name: 'New invitation' });
    const email = `${randomUUID()}@example.org`;
    await form.getByLabel('Email').fill(email);
    await form.getByLabel('Role').fill('Coord');
    await form.getByLabel('Role').press('Enter');
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: `Link for ${email}` });
    const link = await dialog
      .getByText(/invitation/)
      .first()
      .innerText();
    expect(await axeFindings(page)).toEqual([]);
    const invited = await setUp.consoles.open({ hash: new URL(link).hash });
    await invited.page.getByText(new RegExp(`^You were invited to .+ as ${email}`)).waitFor();
    expect(await axeFindings(invited.page)).toEqual([]);
    const keys = invited.page.keyboard;
    await keys.type('Ada Lang');
    await keys.press('Tab');
    await keys.type('seven quiet harbors');
    await keys.press('Enter');
    await invited.grid.waitFor();
    expect(invited.page.url()).not.toContain('invitation');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await goTo(mine, 'People');
    await page
      .getByRole('row', { name: /Ada Lang/ })
      .getByText('Coordinator')
      .waitFor();
  });

  const goTo = async ({ page }: Console, name: string) => {
    await page
      .getByRole('navigation', { name: 'Administration pages' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .click();
  };

  test.each([
    ['Equipment', /C-arm/, 'Edit C-arm', 'Units', '3', '5'],
    ['Beds', /PACU/, 'Edit PACU', 'Beds', '4', '9'],
    ['Surgeons', /Surgeon 1/, 'Edit Surgeon 1', 'Service', 'Spine', 'Trauma'],
    ['Lists', /Cataracts/, 'Edit Cataracts', 'Places', '5', '6'],
    ['Procedures', /Total knee/, 'Edit Total knee', 'Length, min', '95', '100'],
    ['Closures', /Repair/, 'Edit OR 3', 'Reason', 'Repair of the lamp', 'Repair of the table'],
    ['Site settings', null, 'Site settings', 'A hold lasts, seconds', '90', '150'],
  ])('AA6 two administrators at once: %s', async (pageName, row, formName, label, mine, theirs) => {
    const { accounts, hospital, desk } = await newSite();
    const [start, end] = [at('13:00'), at('14:00')];
    await desk.close({ resourceId: hospital.rooms[2], start, end, reason: 'Repair' });
    const both = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    const forms = [];
    for (const console of both) {
      await goTo(console, pageName);
      if (row) await console.page.getByRole('row', { name: row }).click();
      forms.push(console.page.getByRole('region', { name: new RegExp(`^${formName}`) }));
    }
    const [form, other] = forms;
    if (!form || !other) throw new Error('There are two.');
    await form.getByLabel(label, { exact: true }).fill(mine);
    await other.getByLabel(label, { exact: true }).fill(theirs);
    await both[1].page.keyboard.press('Control+Enter');
    await form.getByText(`second person changed this to ${theirs}`).waitFor();
    expect(await form.getByLabel(label, { exact: true }).inputValue()).toBe(mine);
    expect(await axeFindings(both[0].page)).toEqual([]);
    await form.getByLabel(label, { exact: true }).press('Control+Enter');
    await both[0].page
      .getByText(/^Saved/)
      .first()
      .waitFor();
    // The other form has closed after saving. The settings are always open.
    const changed = row ? both[1].page.getByRole('row', { name: row }) : other;
    await expect
      .poll(() => (row ? changed.textContent() : changed.getByLabel(label).inputValue()))
      .toContain(mine);
  });

  test('BT17 BT18 a block by keyboard: added after its effect is shown, seen by the other administrator, and undone', async () => {
    const { accounts, desk, hospital } = await newSite();
    const [mine, theirs] = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    for (const { page } of [mine, theirs]) {
      await page.getByRole('button', { name: 'Blocks', exact: true }).click();
      await page.getByRole('grid', { name: /^Week of/ }).waitFor();
    }
    const { page } = mine;
    await page.getByRole('button', { name: 'Next week' }).click();
    await theirs.page.getByRole('button', { name: 'Next week' }).click();
    await page.getByRole('gridcell', { name: /^OR 1, Mon/ }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'New block' });
    await panel.getByLabel('Service', { exact: true }).fill('Cardiac');
    await page.keyboard.press('Control+Enter');
    await panel.getByText(/^2[56] blocks added$/).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Saved the block of Cardiac in OR 2').first().waitFor();
    for (const { page: shown } of [mine, theirs]) {
      await shown.getByRole('button', { name: /^Cardiac 07:00–15:00/ }).waitFor();
    }
    expect(await axeFindings(page)).toEqual([]);

    // A booked case of the block is named before the block goes.
    const { rows } = await setUp.deployment.owner.query<{ start: string }>(
      'SELECT wire(lower(during)) AS start FROM blocks WHERE site_id = $1 AND template_id IS NOT NULL ORDER BY 1 LIMIT 1',
      [hospital.siteId],
    );
    const item = await desk.book({
      start: rows[0]?.start ?? '',
      title: 'CABG',
      roomId: hospital.rooms[1],
      service: 'Cardiac',
    });
    await theirs.page.getByRole('button', { name: /^Cardiac 07:00–15:00/ }).click();
    const other = theirs.page.getByRole('region', { name: 'Edit Cardiac, OR 2' });
    await other.getByRole('button', { name: 'Remove' }).click();
    await other.getByText(/^2[56] blocks removed$/).waitFor();
    const inTheWay = other.getByRole('region', { name: '1 case is in the way' });
    await inTheWay.getByRole('button', { name: 'Leave the rest' }).click();
    expect(await axeFindings(theirs.page)).toEqual([]);
    await inTheWay.getByRole('button', { name: 'Save' }).click();
    for (const { page: shown } of [mine, theirs]) {
      await expect.poll(() => shown.getByRole('button', { name: /^Cardiac 07:00–15:00/ }).count()).toBe(0);
    }
    expect((await desk.read(item.id)).state).toBe('scheduled');
    await theirs.page.keyboard.press('Control+z');
    await page.getByRole('button', { name: /^Cardiac 07:00–15:00/ }).waitFor();
  });

  test('BT17 a drag over free time draws a block; a holiday shows what it removes', async () => {
    const { accounts } = await newSite();
    const { page } = await administer(accounts.administrator);
    await page.getByRole('button', { name: 'Blocks', exact: true }).click();
    await page.getByRole('button', { name: 'Next week' }).click();
    const day = page.getByRole('gridcell', { name: /^OR 1, Wed/ });
    const box = await day.boundingBox();
    if (!box) throw new Error('The day is not drawn.');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + 2, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.mouse.up();
    const panel = page.getByRole('region', { name: 'New block' });
    expect(await panel.getByLabel('From', { exact: true }).inputValue()).toBe('06:00');
    expect(await panel.getByLabel('To', { exact: true }).inputValue()).toBe('13:00');
    await panel.getByLabel('Service', { exact: true }).fill('Ortho');
    await page.keyboard.press('Control+Enter');
    await panel.getByText(/^2[56] blocks added$/).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: /^Ortho 06:00–13:00/ }).waitFor();

    await page.getByRole('button', { name: 'Holidays', exact: true }).click();
    await page.keyboard.press('Insert');
    const holiday = page.getByRole('region', { name: 'New holiday' });
    const wednesday = 86_400_000 * (7 + ((3 - new Date().getUTCDay() + 7) % 7));
    await holiday
      .getByLabel('Date', { exact: true })
      .fill(new Date(Date.now() + wednesday).toISOString().slice(0, 10));
    await holiday.getByLabel('Name', { exact: true }).fill('Founders’ Day');
    await page.keyboard.press('Control+Enter');
    await holiday.getByText('1 block removed').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('row', { name: /Founders’ Day/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
  });

  test('BT19 terminal cleaning every week by keyboard: a case in the way gets a decision before it is saved', async () => {
    const { accounts, desk } = await newSite();
    const item = await desk.book({
      start: at('22:30', 3),
      title: 'Hip ORIF',
      overrideReason: 'Evening list',
    });
    const { page } = await administer(accounts.administrator);
    const keys = page.keyboard;
    await keys.press('Control+k');
    await keys.type('terminal cleaning');
    await page.getByRole('option', { name: /recurring closures/i }).waitFor();
    await keys.press('Enter');
    await page.getByText('None yet. Add the first one.').waitFor();
    await keys.press('Insert');
    const panel = page.getByRole('region', { name: 'New recurring closure' });
    await panel.getByLabel('What is closed').pressSequentially('OR 1');
    await keys.press('Enter');
    for (const [label, text] of [
      ['Reason', 'Terminal cleaning'],
      ['From', '10pm'],
      ['Until', '4'],
    ] as const) {
      await panel.getByLabel(label, { exact: true }).fill(text);
    }
    for (const day of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']) {
      await panel.getByLabel(day, { exact: true }).focus();
      await keys.press('Space');
    }
    await keys.press('Control+Enter');
    const inTheWay = panel.getByRole('region', { name: '1 case is in the way' });
    await inTheWay.waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Skip that date instead' }).focus();
    await keys.press('Enter');
    await keys.press('Control+Enter');
    await panel.getByText(/^\d+ closures added$/).waitFor();
    await keys.press('Control+Enter');
    await page.getByRole('row', { name: /22:00–04:00/ }).waitFor();
    expect((await desk.read(item.id)).start).toBe(item.start);
    expect(await axeFindings(page)).toEqual([]);
  });

  test('IM18 a file is imported by the keyboard, and every console sees what it brought', async () => {
    const { accounts } = await newSite();
    const [{ page }, other] = await Promise.all([
      administer(accounts.administrator),
      administer(accounts.second, secondServer()),
    ]);
    const keys = page.keyboard;
    await keys.press('Control+k');
    await keys.type('csv');
    await page.getByRole('option', { name: /import a file/i }).waitFor();
    await keys.press('Enter');
    await page.getByText('No imports yet. A file stays here for a day.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    const buffer = Buffer.from('Code;Room;Service\nA;Imported 1;Ortho\nB;Imported 2;Eyes\nC;;Eyes\n');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a file…' }).focus();
    await keys.press('Enter');
    await (await chooser).setFiles({ name: 'rooms.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Check 3 lines' }).waitFor();
    const opened = page.getByRole('region', { name: 'Import rooms.csv' });
    expect(await opened.evaluate((region) => region === document.activeElement)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Check 3 lines' }).focus();
    await keys.press('Enter');
    await page.getByText('Name: A new room needs a value.').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Import the 2 good lines' }).focus();
    await keys.press('Enter');
    await page.getByText('Created 2').waitFor();
    expect(await opened.evaluate((region) => region === document.activeElement)).toBe(true);
    await other.page.getByRole('row', { name: /Imported 2/ }).waitFor();
  });
});
