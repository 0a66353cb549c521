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

/** The rules whose result depends on the theme. */
const colorsOnly: RunOptions = {
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

/** The findings of axe on the page in light and dark, one line each. Only the rules of colors run in both. */
export async function axeFindings(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' });
    // The theme change has a transition.
    await expect
      .poll(() =>
        page.evaluate(() => document.getAnimations().filter((each) => each instanceof CSSTransition).length),
      )
      .toBe(0);
    const found = await axeFindingsInTheme(page, colorScheme === 'dark' ? colorsOnly : {});
    all.push(...found.map((each) => `${colorScheme}: ${each}`));
    await savePicture(page, colorScheme);
  }
  return all;
}

/** The findings of axe on the page in its current theme, one line each. */
export async function axeFindingsInTheme(page: Page, options: RunOptions = {}): Promise<string[]> {
  // Through the debugger, because the page's policy must stay as it is.
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: source });
  await debug.detach();
  const found = await page.evaluate(
    (more) => window.axe?.run({ resultTypes: ['violations'], ...more }),
    options,
  );
  if (!found) throw new Error('axe does not run on this page');
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

/** Saves every checked screen as a picture if `SCREENS` names a folder. */
async function savePicture(page: Page, colorScheme: string) {
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
 * A card shows as much of its content as fits, and its accessible name contains all of it. So instead of "label content
 * name mismatch", the name must start with the displayed title.
 */
const isNamedCard = (page: Page, at: string) =>
  page.locator(at).evaluate((card) => {
    const title = card.querySelector('b')?.textContent?.replaceAll(/^[^\p{L}\p{N}]+|…$/gu, '') ?? '';
    const name = card.getAttribute('aria-label') ?? '';
    return card.matches('[role="gridcell"][data-case]') && title !== '' && name.startsWith(title);
  });
