import { describe, expect, inject, test } from 'vitest';
import { at, settings } from '../../server/test/hospital.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import type { ConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

describe.skipIf(inject('chromium') === null)('two consoles at once', () => {
  const setUp = setUpConsoles(
    () => openConsoleDeployment({ servers: 2 }),
    ({ servers }) => servers[0]?.url ?? '',
  );

  const site: ConsoleDeployment['newSite'] = (options) => setUp.deployment.newSite(options);
  const secondServer = () => setUp.deployment.servers[1]?.url ?? '';

  /** Holds the time after a case as a coordinator, which opens the form of the hold. */
  async function openHoldForm(options?: Parameters<typeof site>[0]) {
    const { accounts, desk } = await site(options);
    const anchor = await desk.book({ start: at('08:00') });
    const hash = `#/case/${anchor.id}`;
    const { page, grid, cell } = await setUp.consoles.open({ as: accounts.coordinator, hash });
    await cell(anchor.id).waitFor();
    await grid.press('h');
    return { page, accounts, form: page.getByRole('dialog', { name: 'Hold OR 1' }) };
  }

  test('when two people want the same time, the slower one sees who has it and takes another time with one key', async () => {
    const { accounts, desk } = await site();
    const anchor = await desk.book({ start: at('08:00') });
    const hash = `#/case/${anchor.id}`;
    const consoles = await Promise.all([
      setUp.consoles.open({ as: accounts.coordinator, hash }),
      setUp.consoles.open({ as: accounts.second, hash, url: secondServer() }),
    ]);
    for (const { watched, cell } of consoles) {
      watched.expectRefusals(409);
      await cell(anchor.id).waitFor();
    }
    // Neither sees the other's hold before requesting its own.
    let requests = 0;
    const { promise: bothRequested, resolve: letThrough } = Promise.withResolvers<void>();
    for (const { page } of consoles) {
      await page.route('**/holds', async (route) => {
        if (++requests === consoles.length) letThrough();
        if (requests <= consoles.length) await bothRequested;
        await route.continue();
      });
    }
    await Promise.all(consoles.map(({ grid }) => grid.press('h')));

    const refusals = consoles.map(({ page }) => page.getByRole('alertdialog'));
    await expect
      .poll(async () => (await Promise.all(refusals.map((each) => each.count()))).reduce((a, b) => a + b))
      .toBe(1);
    const [loser, winner, refusal] =
      (await refusals[0]?.count()) === 1
        ? [consoles[0], consoles[1], refusals[0]]
        : [consoles[1], consoles[0], refusals[1]];
    await winner.page.getByRole('dialog', { name: 'Hold OR 1' }).waitFor();
    expect(await refusal?.textContent()).toContain(
      winner === consoles[0] ? 'coordinator person' : 'second person',
    );
    const alternatives = refusal?.getByRole('button', { name: /^OR / });
    expect(await alternatives?.count()).toBe(3);
    expect(await axeFindings(loser.page)).toEqual([]);
    const room = /OR \d/.exec((await alternatives?.nth(1).textContent()) ?? '')?.[0] ?? '';

    await expect
      .poll(async () => {
        if ((await refusal?.count()) === 1) await loser.page.keyboard.press('2');
        return loser.page.getByRole('dialog', { name: `Hold ${room}` }).count();
      })
      .toBe(1);
    const held = '[role="gridcell"][aria-label*="held by"]';
    for (const { page } of consoles) await expect.poll(() => page.locator(held).count()).toBe(2);
  });

  test('the form of an expired hold keeps its entries, and one key holds the time again', async () => {
    const { page, form } = await openHoldForm({ site: { ...settings, holdSeconds: 5 } });
    await form.getByLabel('Patient reference').fill('DEMO-4711');
    await form.getByLabel('Note').fill('Calls back at ten');
    await form.getByText('This hold has expired').waitFor();
    expect(await form.getByLabel('Patient reference').inputValue()).toBe('DEMO-4711');
    await form.getByLabel('Patient reference').press('Enter');
    await page.locator('[role="gridcell"][aria-label*="held by you"]').waitFor();
    await expect.poll(() => form.getByText('This hold has expired').count()).toBe(0);
    expect(await form.getByLabel('Patient reference').inputValue()).toBe('DEMO-4711');
    expect(await form.getByLabel('Note').inputValue()).toBe('Calls back at ten');
  });

  test('FM1 FM2 a hold placed again elsewhere is booked at the place in its form, and by no digit key', async () => {
    const { hospital, accounts, desk } = await site({ site: { ...settings, holdSeconds: 8 } });
    const anchor = await desk.book({ start: at('08:00') });
    const hash = `#/case/${anchor.id}`;
    const [holder, other] = await Promise.all([
      setUp.consoles.open({ as: accounts.coordinator, hash }),
      setUp.consoles.open({ as: accounts.second, hash, url: secondServer() }),
    ]);
    const { page, grid, cell, watched } = holder;
    watched.expectRefusals(409);
    await Promise.all([cell(anchor.id).waitFor(), other.cell(anchor.id).waitFor()]);
    await grid.press('h');
    const form = page.getByRole('dialog', { name: /^Hold OR / });
    await form.getByRole('combobox', { name: 'Procedure' }).fill('total');
    await page.keyboard.press('Enter');
    await form.getByRole('combobox', { name: 'Surgeon' }).fill('surgeon 2');
    await page.keyboard.press('Enter');
    await form.getByLabel('Start').fill('12:40');
    await form.getByLabel('Length').fill('80');
    await form.getByText('This hold has expired').waitFor();
    const [roomId, surgeonId] = [anchor.roomId ?? '', hospital.surgeons[2] ?? ''];
    const taker = await desk.book({ roomId, surgeonId, start: at('12:30'), minutes: 90, title: 'Faster' });
    await cell(taker.id).waitFor();
    await form
      .getByText(/is taken by Faster/)
      .first()
      .waitFor();

    await form.getByLabel('Note').press('Control+Enter');
    const refusal = page.getByRole('alertdialog');
    const offered = refusal.getByRole('button', { name: /^OR / });
    await offered.first().waitFor();
    const offers = await offered.allTextContents();
    const otherOffer = offers.find((each) => !each.includes('12:40')) ?? '';
    const [, room = '', start = ''] = /(OR \d+) (\d\d:\d\d)/.exec(otherOffer) ?? [];
    await refusal.locator('[data-armed="true"]').waitFor();
    await page.keyboard.press(String(offers.indexOf(otherOffer) + 1));
    await page.getByRole('dialog', { name: `Hold ${room}` }).waitFor();
    await form.getByText('Changed. Was 12:40').waitFor();
    expect(await form.getByLabel('Start').inputValue()).toBe(start);
    expect(await form.getByLabel('Length').inputValue()).toBe('80');
    expect(await axeFindings(page)).toEqual([]);
    await form.getByLabel('Note').press('Control+Enter');
    await expect.poll(() => form.count()).toBe(0);
    await expect
      .poll(() => other.board())
      .toContainEqual(
        expect.stringMatching(new RegExp(`Total knee, Surgeon 2, ${room}, ${start} to .*, booked`)),
      );
  });

  test('the holder’s form names the person who takes the hold over', async () => {
    const { page, form, accounts } = await openHoldForm();
    await form.waitFor();
    const held = page.locator('[role="gridcell"][aria-label*="held by you"]');
    const caseId = await held.getAttribute('data-case');

    const other = await setUp.consoles.open({
      as: accounts.second,
      hash: `#/case/${caseId}`,
      url: secondServer(),
    });
    await other.cell(String(caseId)).waitFor();
    await other.grid.press('Shift+H');
    await form.getByText('second person took over this hold').waitFor();
    // The board does not repeat it.
    expect(await page.getByText('Your hold was taken over').count()).toBe(0);
    await expect
      .poll(() => page.locator('[role="gridcell"][aria-label*="held by second person"]').count())
      .toBe(1);
    await expect
      .poll(() => other.page.locator('[role="gridcell"][aria-label*="held by you"]').count())
      .toBe(1);
  });

  test('a person gets from sign-in to a confirmed case by keyboard alone', async () => {
    const { accounts, desk } = await site();
    const anchor = await desk.book({ start: at('08:00'), title: 'Hip ORIF' });
    const { page, board } = await setUp.consoles.open();
    await page.evaluate(() => {
      for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
        addEventListener(kind, () => Object.assign(globalThis, { touched: kind }), { capture: true });
      }
    });
    const keys = page.keyboard;
    const type = (text: string) => keys.type(text);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('role') ?? '');

    // The cursor is in the first field, and Enter submits.
    await page.getByLabel('Email').waitFor();
    await type(accounts.coordinator.email);
    await keys.press('Tab');
    await type(accounts.coordinator.password);
    await keys.press('Enter');
    await page.getByRole('grid').waitFor();
    await keys.press(']');
    await page.getByText('Hip ORIF').first().waitFor();

    // To the board, to the time after the case, and hold it.
    for (let steps = 0; steps < 40 && (await focused()) !== 'grid'; steps++) await keys.press('Tab');
    expect(await focused()).toBe('grid');
    await keys.press('ArrowRight');
    await keys.press('h');
    const form = page.getByRole('dialog', { name: 'Hold OR 1' });
    await form.waitFor();

    // The procedure comes first; Tab leads to the rest.
    await type('total');
    await keys.press('Enter');
    await keys.press('Tab');
    await type('surgeon 2');
    await keys.press('Enter');
    await keys.press('Control+Enter');
    await form.waitFor({ state: 'detached' });
    await expect
      .poll(board)
      .toContainEqual(expect.stringMatching(/Total knee, Surgeon 2, OR 1, 09:20 to 10:50, booked/));

    // It is booked; the evening before, it is confirmed.
    await expect.poll(focused).toBe('grid');
    await keys.press('c');
    await expect.poll(board).toContainEqual(expect.stringMatching(/Total knee, Surgeon 2, .*, confirmed/));
    expect((await desk.read(anchor.id)).state).toBe('scheduled');
    expect(await page.evaluate(() => 'touched' in globalThis)).toBe(false);
  });

  test('the console shows typed text as typed and never executes it', async () => {
    const { accounts, desk } = await site();
    const title = '<img src=x onerror="globalThis.intruded=1"><b>Total</b>';
    const item = await desk.book({ title, note: '</p><script>globalThis.intruded=1</script>' });
    const { page, cell } = await setUp.consoles.open({
      as: accounts.coordinator,
      hash: `#/case/${item.id}`,
    });
    await cell(item.id).waitFor();
    // The card shows what fits, the inspector all of it.
    await expect.poll(() => cell(item.id).textContent()).toMatch(/<img src=x.*…/);
    await page.getByText(title).first().waitFor();
    await page.getByText('globalThis.intruded=1</script>').first().waitFor();
    expect(await page.evaluate(() => 'intruded' in globalThis)).toBe(false);
  });

  test('a link opens its case on its day, with the details next to the board', async () => {
    const { accounts, desk } = await site();
    const item = await desk.book({ start: at('09:00', 3), patientRef: 'DEMO-4711' });
    const { cell, inspector, page } = await setUp.consoles.open({
      as: accounts.coordinator,
      hash: `#/case/${item.id}`,
    });
    await cell(item.id).waitFor();
    expect(await cell(item.id).getAttribute('aria-selected')).toBe('true');
    await inspector.getByRole('heading', { name: 'Total knee' }).waitFor();
    await inspector.getByText('DEMO-4711').waitFor();
    expect(new URL(page.url()).hash).toBe('');
  });

  test('a link that arrives before signing in opens its case afterwards', async () => {
    const { accounts, desk } = await site();
    const item = await desk.book({ start: at('09:00', 3) });
    const hash = `#/case/${item.id}`;
    const { cell, inspector } = await setUp.consoles.open({
      as: accounts.coordinator,
      hash,
      throughScreen: true,
    });
    await cell(item.id).waitFor();
    await expect.poll(() => inspector.getByRole('heading', { name: 'Total knee' }).count()).toBe(1);
  });

  test('the console catches up after the server was down: the board equals a fresh one', async () => {
    const { hospital, accounts, desk } = await site();
    const first = await desk.book({ start: at('08:00') });
    const server = await setUp.deployment.startServer();
    const { port } = new URL(server.url);
    const options = { as: accounts.coordinator, url: server.url, hash: `#/case/${first.id}` };
    const stayed = await setUp.consoles.open(options);
    await stayed.cell(first.id).waitFor();
    await expect.poll(() => stayed.connection()).toBe('Live');
    await stayed.recordConnection();

    stayed.watched.expectLossOfServer();
    await server.kill9();
    await expect.poll(() => stayed.connection()).toBe('Offline since');
    const before = await stayed.board();
    expect(await axeFindings(stayed.page)).toEqual([]);
    // 30 changes through another server.
    for (let nth = 0; nth < 5; nth++) {
      const roomId = hospital.rooms[nth % 3] ?? '';
      const surgeonId = hospital.surgeons[nth % 3] ?? '';
      const [morning, afternoon] = [String(10 + nth), String(16 + nth)];
      const moved = await desk.book({ roomId, surgeonId, start: at(`${morning}:00`), minutes: 25 });
      await desk.move(moved, roomId, at(`${morning}:05`));
      const cancelled = await desk.book({ roomId, surgeonId, start: at(`${afternoon}:00`), minutes: 25 });
      await desk.cancel(cancelled);
    }
    expect(await stayed.board()).toEqual(before);

    await setUp.deployment.startServer({ PORT: port });
    await expect.poll(() => stayed.connection(), { timeout: 30_000 }).toBe('Live');
    const fresh = await setUp.consoles.open(options);
    await fresh.cell(first.id).waitFor();
    await expect.poll(() => fresh.connection()).toBe('Live');
    const board = await fresh.board();
    expect(board).not.toEqual(before);
    await expect.poll(() => stayed.board()).toEqual(board);
    expect(await stayed.connections()).toEqual([
      'Live',
      'Last update',
      'Offline since',
      'Catching up',
      'Live',
    ]);
  }, 120_000);

  test('a wall board shows the day without patients, and is sent none', async () => {
    const { accounts, desk } = await site();
    const secret = { patientRef: 'DEMO-4711', note: 'Latex allergy' };
    // Under way whenever the test runs: a past case cannot be booked, and a wall board shows only today.
    const quarterMs = 15 * 60_000;
    const start = new Date(Math.floor(Date.now() / quarterMs) * quarterMs).toISOString();
    const item = await desk.book({ start, ...secret, overrideReason: 'Emergency' });
    const received: string[] = [];
    const findSecrets = async (account: 'wall' | 'coordinator') => {
      received.length = 0;
      const { page } = await setUp.consoles.open({
        as: accounts[account],
        spy: (text) => received.push(text),
      });
      // Late in the evening, its card is too narrow for its name.
      await expect.poll(() => page.content()).toContain('Total knee');
      // The test may see a message later than the page draws it.
      await expect.poll(() => received.join('\n')).toContain(item.id);
      const all = `${received.join('\n')}\n${await page.content()}`;
      return [item.id, secret.patientRef, secret.note].map((each) => all.includes(each));
    };
    expect(await findSecrets('wall')).toEqual([true, false, false]);
    // A permitted person receives them, so the search works.
    expect(await findSecrets('coordinator')).toEqual([true, true, true]);
  });

  test('BO4 late in the evening, the board opens at the end of the day', async () => {
    const { accounts, hospital } = await site();
    // A time zone in which it is 22 o’clock now.
    const ahead = ((22 - new Date().getUTCHours() + 36) % 24) - 12;
    const zone = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
    await setUp.deployment.owner.query('UPDATE sites SET time_zone = $2 WHERE id = $1', [
      hospital.siteId,
      zone,
    ]);
    const { grid } = await setUp.consoles.open({ as: accounts.coordinator });
    const hidden = () =>
      grid.evaluate(({ scrollWidth, clientWidth, scrollLeft }) => scrollWidth - clientWidth - scrollLeft);
    await expect.poll(hidden).toBeLessThanOrEqual(1);
  });
});
