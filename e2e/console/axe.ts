import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  // oxlint-disable-next-line no-var -- only a `var` is one of the page's globals
  var axe: { run(options: RunOptions): Promise<AxeResults> } | undefined;
}

/** What axe finds wrong with the screen as it is, one line each; nothing, if all is well. */
export async function audit(page: Page): Promise<string[]> {
  // Through the debugger, which no policy of the page concerns: it stays as strict as it is.
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: source });
  await debug.detach();
  const found = await page.evaluate(() => globalThis.axe?.run({ resultTypes: ['violations'] }));
  if (!found) throw new Error('axe does not run in this page');
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}
