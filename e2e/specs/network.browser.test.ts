import type { Page } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { axeFindings } from '../helpers/console/axe.ts';
import { setUpBehindCable } from '../helpers/console/behind-cable.ts';
import type { ConsoleOptions } from '../helpers/console/console.ts';
import { mutant } from '../helpers/mutant.ts';

/** A socket counts as working once it has lasted from one heartbeat to the next. Here that takes a second. */
const frequentHeartbeats = mutant({
  file: 'shared/src/socket-events.ts',
  from: 'heartbeatSeconds: 10',
  to: 'heartbeatSeconds: 1',
});

describe.skipIf(inject('chromium') === null)('a console in a browser behind a bad network', () => {
  const openOnCase = setUpBehindCable(frequentHeartbeats);

  async function open(options: ConsoleOptions = {}) {
    const opened = await openOnCase(options);
    const { page } = opened;
    // The console asks without a token whether Slate answers.
    opened.watched.expectRefusals(400, 401);
    const announced = (how: 'assertive' | 'polite') =>
      page.locator(`[aria-live="${how}"] p`).allTextContents();
    const hint = () => page.evaluate(() => window.dispatchEvent(new Event('online')));
    return { ...opened, announced, hint };
  }

  test('NW1 NW4 NW9 the sign-in page of a guest network is named once, in both themes, and goes away by itself', async () => {
    const { page, cable, connection, announced, desk, cell } = await open();
    cable.leadToPortal();
    await expect.poll(connection).toBe('Offline since');
    const banner = page.getByRole('region', { name: /^Offline since/ });
    await banner
      .getByText(/Something other than Slate answers at 127\.0\.0\.1:\d+, perhaps the sign-in page/)
      .waitFor();
    const announcements = [...(await announced('assertive')), ...(await announced('polite'))];
    expect(announcements.filter((text) => text.includes('Connection lost'))).toHaveLength(1);
    expect(announcements.filter((text) => text.includes('sign-in page of a guest network'))).toHaveLength(1);
    expect(await page.getByRole('alert').filter({ hasText: 'Offline since' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    const { id } = await desk.book({ start: at('12:00'), title: 'Total knee' });
    cable.putBack();
    await expect.poll(connection, { timeout: 30_000 }).toBe('Live');
    await cell(id).waitFor();
    expect(await banner.count()).toBe(0);
    expect(await announced('polite')).toContain('Reconnected. The board is live.');
  });

  test('NW5 behind a proxy that blocks WebSockets everything works, but slower, and the console says so', async () => {
    const { page, cable, connection, announced, desk, cell, bar, grid, hint, header } = await open();
    await page.evaluate(() => Object.assign(globalThis, { banners: 0 }));
    await page.evaluate(() =>
      new MutationObserver(() => {
        if (document.body.textContent.includes('Offline since'))
          (globalThis as unknown as { banners: number }).banners += 1;
      }).observe(document.body, { subtree: true, childList: true, characterData: true }),
    );
    cable.breakSockets('refuse');
    await expect.poll(connection, { timeout: 20_000 }).toBe('Slower updates');
    expect(await page.evaluate(() => (globalThis as unknown as { banners: number }).banners)).toBe(0);
    await expect.poll(bar).toContain('All changes saved. Slower updates.');
    await header.getByRole('img', { name: /^Who’s here isn’t known/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // Changes of others arrive, and own changes are possible.
    const { id } = await desk.book({ start: at('12:00'), title: 'Total knee' });
    await cell(id).waitFor();
    await grid.focus();
    await grid.press('h');
    const form = page.getByRole('dialog', { name: /^Hold/ });
    await form.waitFor();
    await page.keyboard.press('Escape');
    const before = await announced('polite');
    expect(before.filter((text) => text.includes('every few seconds'))).toHaveLength(1);
    cable.putBack();
    await hint();
    await expect.poll(connection, { timeout: 30_000 }).toBe('Live');
    expect(await header.getByRole('img', { name: /^Who’s here isn’t known/ }).count()).toBe(0);
  });

  test.each([
    ['five hours fast', 5 * 3_600_000],
    ['five hours slow', -5 * 3_600_000],
  ])(
    'NW7 on a computer whose clock is %s and then set, countdown and clock are right',
    async (_, wrongBy) => {
      const shift = (page: Page) =>
        page.addInitScript((by) => {
          const shifted = { by };
          const real = Date.now.bind(Date);
          const RealDate = Date;
          class WrongDate extends RealDate {
            constructor(...args: [] | [number | string]) {
              if (args.length === 0) super(real() + shifted.by);
              else super(...args);
            }
            static override now() {
              return real() + shifted.by;
            }
          }
          Object.assign(globalThis, { Date: WrongDate, shifted });
        }, wrongBy);
      const { page, connection, desk, cell, header } = await open({ before: shift, throughScreen: true });
      const held = await desk.hold({ start: at('14:00'), title: 'Hernia' });
      await cell(held.id).waitFor();
      const displayedSeconds = async () => {
        const [, minutes = '', seconds = ''] =
          /(\d+):(\d\d)(?!\d)/.exec((await cell(held.id).textContent()) ?? '') ?? [];
        return Number(minutes) * 60 + Number(seconds);
      };
      const actualSeconds = () => (Date.parse(held.expiresAt ?? '') - Date.now()) / 1000;
      const expectRightTimes = async () => {
        await expect.poll(async () => Math.abs((await displayedSeconds()) - actualSeconds()) < 5).toBe(true);
        const time = new Intl.DateTimeFormat('en-GB', {
          hour: '2-digit',
          minute: '2-digit',
          timeZone: 'UTC',
        });
        // The minute may change between the two.
        await expect
          .poll(async () => (await header.textContent())?.includes(time.format(new Date())))
          .toBe(true);
      };
      await expectRightTimes();
      await page.evaluate(() =>
        Object.assign((globalThis as unknown as { shifted: object }).shifted, { by: 0 }),
      );
      await expect.poll(connection).toBe('Live');
      await expectRightTimes();
    },
  );
});
