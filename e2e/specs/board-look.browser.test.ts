import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { openDemoDeployment } from '../helpers/console/demo-deployment.ts';
import { setUpConsoles } from '../helpers/console/set-up-consoles.ts';

const board = (page: Page) => page.locator('[data-board]');
/** Scrolls the board. Resolves when the board has noticed it, because it returns to a position that it noticed. */
const scrollTo = (page: Page, left: number, top: number) =>
  board(page).evaluate(
    (grid, to) =>
      new Promise<void>((resolve) => {
        grid.addEventListener('scroll', () => resolve(), { once: true });
        grid.scrollTo(to.left, to.top);
      }),
    { left, top },
  );
const scrolled = (page: Page) => board(page).evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);

/** The text of each card, and how far it was shifted into view. */
const cards = (page: Page) =>
  page
    .locator('[role="gridcell"][data-case]')
    .evaluateAll((all) =>
      all.map((card) => `${card.textContent} ${(card as HTMLElement).style.paddingInlineStart}`),
    );

/** Whether texts start at the visible edge of the scrolled board. */
const isMovedTo = (page: Page, edge: number) =>
  page.locator('[role="gridcell"][data-case]').evaluateAll(
    (all, from) =>
      all.some((card) => {
        const { left, paddingInlineStart } = (card as HTMLElement).style;
        return Number.parseFloat(left) + Number.parseFloat(paddingInlineStart) - 5 === from;
      }),
    edge,
  );

/** The cards with a line of text beyond their edge. */
const cutLines = (page: Page) =>
  page.locator('[role="gridcell"][data-case]').evaluateAll((all) =>
    all.flatMap((card) => {
      const text = document.createRange();
      text.selectNodeContents(card);
      const lines = [...text.getClientRects()].filter(({ width }) => width > 0);
      const box = card.getBoundingClientRect();
      const edge = Number.parseFloat(getComputedStyle(card).borderBlockEndWidth);
      // A line is a little taller than its letters.
      const lowest = Math.max(...lines.map(({ bottom }) => bottom));
      return lowest > box.bottom - edge + 1 ? [`${card.textContent}: ${lowest - box.bottom + edge}`] : [];
    }),
  );

describe.skipIf(inject('chromium') === null)('the look of the board', () => {
  const setUp = setUpConsoles(
    () => openDemoDeployment(),
    ({ url }) => url,
  );

  async function onCase() {
    const as = setUp.deployment.accountOf('coordinator');
    const opened = await setUp.consoles.open({ as, hash: `#/case/${setUp.deployment.planned}` });
    await opened.cell(setUp.deployment.planned).waitFor();
    return { ...opened, as };
  }

  test('BO1 the board shows the same hours and rooms after zooming all the way out and in again', async () => {
    const { page } = await onCase();
    await page.setViewportSize({ width: 1440, height: 500 });
    await scrollTo(page, 900, 120);
    await page.setViewportSize({ width: 4320, height: 2000 });
    await expect.poll(() => scrolled(page)).toEqual([0, 0]);
    await page.setViewportSize({ width: 1440, height: 500 });
    await expect.poll(() => scrolled(page)).toEqual([900, 120]);
  });

  test('BO1 a scroll of the large board that is noticed on the small one changes nothing', async () => {
    const { page } = await onCase();
    await page.setViewportSize({ width: 1440, height: 500 });
    await scrollTo(page, 900, 120);
    await page.setViewportSize({ width: 4320, height: 2000 });
    await expect.poll(() => scrolled(page)).toEqual([0, 0]);
    await board(page).evaluate((grid) => {
      grid.style.maxWidth = '1000px';
      grid.style.maxHeight = '400px';
      grid.dispatchEvent(new Event('scroll'));
    });
    await expect.poll(() => scrolled(page)).toEqual([900, 120]);
  });

  test('BO1 printing keeps the hours and the text of every card', async () => {
    const { page } = await onCase();
    await scrollTo(page, 900, 0);
    await expect.poll(() => isMovedTo(page, 900)).toBe(true);
    const before = await cards(page);
    // A real print job has both events, and the day list hides the board.
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => board(page).isVisible()).toBe(false);
    // The end of a scroll is noticed 150 ms later. If the board is hidden by then, its position is read as 0.
    await board(page).evaluate(async (grid) => {
      grid.dispatchEvent(new Event('scroll'));
      await new Promise((noticed) => setTimeout(noticed, 200));
    });
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => scrolled(page)).toEqual([900, 0]);
    await expect.poll(() => cards(page)).toEqual(before);
  });

  test('BO2 no line of text is cut in forced colors or with more contrast', async () => {
    const { page } = await onCase();
    expect(await cutLines(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await cutLines(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: 'none', contrast: 'more' });
    expect(await cutLines(page)).toEqual([]);
  });

  test('the theme overrides the styles of the component library', async () => {
    const { page } = await onCase();
    const lineHeight = await page.evaluate(() => getComputedStyle(document.body).lineHeight);
    // 13px/1.35 in `theme.css`; the library has 1.55.
    expect(Number.parseFloat(lineHeight)).toBeCloseTo(17.55, 1);
  });

  test('CO2 the line of the current time runs behind the cards', async () => {
    const { page } = await onCase();
    await page.keyboard.press('t');
    await page.locator('[class*="nowLine"]').waitFor();
    const [line, rooms] = await page.evaluate(() =>
      ['[class*="nowLine"]', '[data-track]'].map((place) => {
        const element = document.querySelector(place);
        return element ? Number(getComputedStyle(element).zIndex) : Number.NaN;
      }),
    );
    expect(line).toBeLessThan(rooms ?? Number.NaN);
  });

  test('BO3 after signing in or unlocking, the keyboard focus is on the board', async () => {
    const { page, as } = await onCase();
    const focused = () => page.evaluate(() => document.activeElement?.hasAttribute('data-board'));
    await expect.poll(focused).toBe(true);
    await page.keyboard.press('l');
    await page.getByRole('heading', { level: 1, name: 'Locked' }).waitFor();
    await page.getByLabel('Password', { exact: true }).fill(as.password);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe(true);
  });
});
