import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { axeFindings } from '../helpers/console/axe.ts';
import { setUpBehindCable } from '../helpers/console/behind-cable.ts';

const why = /You’ve been offline since \d\d:\d\d\. You can’t make changes until the server answers again/;

/** A browser that stores nothing for pages: there is no desk, and nothing is queued. */
const withoutStorage = (page: Page) =>
  page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));

describe.skipIf(inject('chromium') === null)('cut off from the server, without a desk', () => {
  const openOnCase = setUpBehindCable();

  async function onCase() {
    const opened = await openOnCase({ before: withoutStorage });
    const { cable, connection, grid } = opened;
    await grid.focus();
    const cutOff = async () => {
      cable.pull();
      await expect.poll(connection).toBe('Offline since');
    };
    /** It is live again within seconds; a slow machine may take longer to draw. */
    const plugIn = async () => {
      cable.putBack();
      await expect.poll(connection, { timeout: 40_000 }).toBe('Live');
    };
    return { ...opened, cutOff, plugIn };
  }

  test('the board is frozen and shows that in every theme; it continues after reconnecting', async () => {
    const { page, bar, cutOff, plugIn, inspector } = await onCase();
    await expect.poll(bar).toContain('All changes saved');
    await cutOff();
    expect(await bar()).toMatch(/Offline since .*you can’t save now\. Earlier changes are saved\./);
    const main = page.getByRole('main', { name: /^Board, as of \d\d:\d\d$/ });
    await main.waitFor();
    await main.getByText(/^As of \d\d:\d\d$/).waitFor();
    const offers = inspector.getByRole('group', { name: 'Case actions' }).getByRole('button');
    expect(await offers.count()).toBeGreaterThan(3);
    for (const offer of await offers.all()) expect(await offer.getAttribute('aria-disabled')).toBe('true');
    expect(await axeFindings(page)).toEqual([]);

    await page.keyboard.press('h');
    await page.keyboard.press('m');
    await page.getByText(why).last().waitFor();
    expect(await page.locator('[data-frozen] [data-placing]').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('hold or 2 14:00');
    await page.getByRole('option', { disabled: true }).first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await plugIn();
    await expect.poll(bar).toContain('All changes saved');
    expect(await page.locator('[data-frozen]').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Dismiss' }).count()).toBe(0);
    expect(await inspector.getByText(why).count()).toBe(0);
    for (const offer of await offers.all()) expect(await offer.getAttribute('aria-disabled')).toBeNull();
  });

  test('the form of a hold stays, shows when the hold expires, and continues when the server is back', async () => {
    const { page, bar, cutOff, plugIn, grid } = await onCase();
    await grid.press('h');
    const form = page.getByRole('dialog', { name: 'Hold OR 1' });
    await form.getByLabel('Patient reference').fill('DEMO-4711');
    await cutOff();
    await form.getByText(why).waitFor();
    await form.getByText('This hold expires at').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await form.getByLabel('Patient reference').press('Enter');
    expect(await form.count()).toBe(1);
    await plugIn();
    await form.getByLabel('Patient reference').press('Enter');
    await expect.poll(() => form.count()).toBe(0);
    await expect.poll(bar).toContain('All changes saved');
  });

  test('EX8 a case dropped during the loss is not shown as saved before the server answers', async () => {
    const { page, cable, bar, cutOff, plugIn, item, cell, desk } = await onCase();
    const box = await cell(item.id).boundingBox();
    if (!box) throw new Error('The case is not in view.');
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 140, box.y + 12, { steps: 5 });
    cable.pull();
    await page.mouse.up();
    await expect.poll(bar).toContain('1 change waiting for a reply');
    await cutOff();
    await page.getByText('no reply from the server yet').waitFor();
    expect(await bar()).toContain('1 change unconfirmed.');
    await plugIn();
    // The command is sent again, runs once, and can be undone.
    const done = page.getByRole('region', { name: 'Recent actions' });
    await done.getByText(/^Moved Total hip to OR 1/).waitFor();
    await expect.poll(bar).toContain('All changes saved');
    expect(await page.getByText('no reply from the server yet').count()).toBe(0);
    const moved = await desk.read(item.id);
    expect(moved.start).not.toBe(item.start);
    expect(moved.version).toBe(item.version + 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await desk.read(item.id)).start).toBe(item.start);
  });
});
