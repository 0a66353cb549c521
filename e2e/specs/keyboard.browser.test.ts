import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { openConsoleDeployment } from '../helpers/console/console-deployment.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

describe.skipIf(inject('chromium') === null)('the keyboard', () => {
  const setUp = setUpConsoles(
    () => openConsoleDeployment({ servers: 1 }),
    ({ servers }) => servers[0]?.url ?? '',
  );

  /** Opens a board with the focus on a case. A second desk works through the API. */
  async function onCase(start = '08:00') {
    const { hospital, desk } = await setUp.deployment.newSite();
    const item = await desk.book({ start: at(start), title: 'Total hip' });
    const opened = await setUp.consoles.open({
      as: hospital.accounts.coordinator,
      hash: `#/case/${item.id}`,
    });
    await opened.cell(item.id).waitFor();
    await opened.grid.focus();
    return { hospital, desk, item, keys: opened.page.keyboard, ...opened };
  }
  /** Follows a link to a case. */
  const follow = (page: Page, caseId: string) =>
    page.evaluate((id) => void (location.hash = `#/case/${id}`), caseId);
  const isOnBoard = (page: Page) =>
    page.evaluate(() => document.activeElement?.getAttribute('role') === 'grid');
  /** Returns the text that a screen reader reads at the focus. */
  const place = (page: Page) =>
    page.evaluate(() => {
      const id = document.querySelector('[role="grid"]')?.getAttribute('aria-activedescendant') ?? '';
      return document.getElementById(id)?.getAttribute('aria-label') ?? null;
    });
  const announced = (page: Page) => page.locator('[aria-live="polite"] p').allTextContents();

  test('when another desk moves a case, focus and cursor stay, and the move is announced', async () => {
    const { page, hospital, desk, item, keys } = await onCase();
    const next = await desk.book({ start: at('13:00'), title: 'Knee' });
    await expect.poll(() => place(page)).toContain('Total hip');
    await desk.move(item, hospital.rooms[1], at('10:00'));
    await expect.poll(() => announced(page)).toContain('second person moved Total hip to OR 2, 10:00');
    expect(await isOnBoard(page)).toBe(true);
    await expect.poll(() => place(page)).toMatch(/^OR 1, 08:00/);
    await keys.press('ArrowRight');
    await expect.poll(() => place(page)).toContain(next.title ?? '');
  });

  test('a link to a case moves the keyboard focus to it, on the board and in the list', async () => {
    const { hospital, desk } = await setUp.deployment.newSite();
    const item = await desk.book({ start: at('08:00'), title: 'Total hip' });
    await desk.book({ start: at('11:00'), title: 'Knee' });
    const { page } = await setUp.consoles.open({
      as: hospital.accounts.coordinator,
      hash: `#/case/${item.id}`,
    });
    await expect.poll(() => isOnBoard(page)).toBe(true);
    await expect.poll(() => place(page)).toContain('Total hip');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => place(page)).toContain('Knee');
    // In the list, the focus is on the row of the case.
    await page.keyboard.press('3');
    await follow(page, item.id);
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(focused).toMatch(/08:00–09:00.*Total hip/);
  });

  test('a link to a case leaves the focus with a person who is typing', async () => {
    const { page, item } = await onCase();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('kn');
    await follow(page, item.id);
    await expect.poll(() => page.evaluate(() => location.hash)).toBe('');
    await page.keyboard.type('ee');
    expect(await page.getByRole('combobox').inputValue()).toBe('knee');
  });

  test('the focus survives changes of day and layout, dialogs and the palette', async () => {
    const { page, keys } = await onCase();
    for (const key of [']', '[', 'v', 'v', '2', '1']) {
      await keys.press(key);
      await expect.poll(() => isOnBoard(page), { message: `after ${key}` }).toBe(true);
    }
    for (const key of ['?', 'Control+k']) {
      await keys.press(key);
      await page.getByRole('dialog').waitFor();
      expect(await isOnBoard(page)).toBe(false);
      await keys.press('Escape');
      await expect.poll(() => isOnBoard(page), { message: `after ${key}` }).toBe(true);
    }
  });

  test('a nudge is one move, not the browser’s Back; undo reverts it', async () => {
    const { page, keys, desk, item } = await onCase();
    const address = page.url();
    await keys.down('Alt');
    await keys.press('ArrowLeft');
    await keys.press('ArrowLeft');
    await keys.press('ArrowLeft');
    await keys.up('Alt');
    await expect.poll(() => place(page)).toContain('07:45 to');
    expect(page.url()).toBe(address);
    expect((await desk.read(item.id)).version).toBe(item.version + 1);
    await keys.press('Control+z');
    await expect.poll(() => place(page)).toContain('08:00 to');
  });

  test('a case is cut on one day and pasted on another', async () => {
    const { page, keys, desk, item } = await onCase();
    await keys.press('Control+x');
    await keys.press(']');
    await expect.poll(() => place(page)).toMatch(/^OR 1, 08:00/);
    await keys.press('f');
    await keys.press('Control+v');
    await expect.poll(() => place(page)).toContain('Total hip');
    expect((await desk.read(item.id)).start).toBe(at('08:00', 1));
  });

  test('a phrase in the palette places a hold', async () => {
    const { page, keys, board } = await onCase();
    await keys.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await keys.type('hold 14:30 or 2 75m surgeon total');
    await page
      .getByRole('option', { name: /OR 2 · 14:30–15:45 · Total knee/ })
      .first()
      .waitFor();
    await keys.press('Enter');
    await page.getByRole('dialog', { name: 'Hold OR 2' }).waitFor();
    await expect
      .poll(board)
      .toContainEqual(expect.stringMatching(/OR 2.*Total knee.*14:30 to 15:45.*held by you/));
  });

  test('the browser prints the list of the day, not the console', async () => {
    const { page } = await onCase();
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const table = page.getByRole('region', { name: /OR 1/ }).getByRole('table');
    expect(await table.getByRole('row').last().textContent()).toContain('08:00–09:00');
    expect(await page.getByRole('grid').count()).toBe(0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: 'screen' });
    expect(await page.getByRole('grid').count()).toBe(1);
    expect(await page.getByRole('table').count()).toBe(0);
  });

  test('CO1 the right mouse button and the menu key open a menu with the case’s keys', async () => {
    const { page, item, keys, cell } = await onCase();
    const menu = page.getByRole('menu');
    await cell(item.id).click({ button: 'right' });
    await menu.getByRole('menuitem', { name: 'Cancel' }).waitFor();
    await keys.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    expect(await isOnBoard(page)).toBe(true);
    // With the key it opens at the cursor, and arrows move in it.
    await keys.press('Shift+F10');
    const chosen = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await expect.poll(chosen).toMatch(/^Open in the inspector/);
    for (const name of [/^Move/, /^Length/]) {
      await keys.press('ArrowDown');
      await expect.poll(chosen).toMatch(name);
    }
    await keys.press('Enter');
    await expect
      .poll(() => announced(page))
      .toContainEqual(expect.stringMatching(/^Length of Total hip. Arrows make it longer/));
    expect(await isOnBoard(page)).toBe(true);
    await keys.press('Escape');
    // On free time, it has the actions for free time.
    await page
      .locator('[data-track]')
      .nth(1)
      .click({ button: 'right', position: { x: 900, y: 10 } });
    await menu.getByRole('menuitem', { name: 'Hold from here' }).waitFor();
    expect(await menu.getByRole('menuitem', { name: 'Cancel' }).count()).toBe(0);
  });
});
