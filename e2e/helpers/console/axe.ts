import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    axe?: { run(options: RunOptions): Promise<AxeResults> };
  }
}

/** What axe finds wrong with the screen as it is, in light and in dark, a line each; nothing, if all is well. */
export async function audit(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' });
    // Colours pass from one theme to the other, however quickly.
    await expect
      .poll(() =>
        page.evaluate(() => document.getAnimations().filter((each) => each instanceof CSSTransition).length),
      )
      .toBe(0);
    all.push(...(await violations(page)).map((each) => `${colorScheme}: ${each}`));
    await keepPicture(page, colorScheme);
  }
  return all;
}

/** What axe finds wrong with the page as it is, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // Through the debugger, which no policy of the page concerns: it stays as strict as it is.
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: source });
  await debug.detach();
  const found = await page.evaluate(() => window.axe?.run({ resultTypes: ['violations'] }));
  if (!found) throw new Error('axe does not run in this page');
  const wrong = await Promise.all(
    found.violations.flatMap(({ id, nodes }) =>
      nodes.map(async ({ target, failureSummary = '' }) => {
        const at = target.join(' ');
        return id === 'label-content-name-mismatch' && (await isNamedCard(page, at))
          ? []
          : `${id} at ${at}: ${failureSummary}`;
      }),
    ),
  );
  return wrong.flat();
}

/** With `SCREENS` set to a folder, every audited screen is left there as a picture, for people to look at. */
async function keepPicture(page: Page, colorScheme: string) {
  const folder = process.env['SCREENS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const name =
    expect
      .getState()
      .currentTestName?.replaceAll(/[^\w]+/g, ' ')
      .trim() ?? 'screen';
  await page.screenshot({ path: join(folder, `${name} ${colorScheme}.png`) });
}

/**
 * A card is no control with a label: what stands on it is as much of its content as there is room for. Its name
 * says all of it in its own order; what holds is that it begins with the title that is written there.
 */
const isNamedCard = (page: Page, at: string) =>
  page.locator(at).evaluate((card) => {
    const title = card.querySelector('b')?.textContent?.replaceAll(/^[^\p{L}\p{N}]+|…$/gu, '') ?? '';
    const name = card.getAttribute('aria-label') ?? '';
    return card.matches('[role="gridcell"][data-case]') && title !== '' && name.startsWith(title);
  });
