import type { TestProject } from 'vitest/node';
import { chromium } from '../../../scripts/chromium.ts';
import { buildConsole } from '../../../scripts/build-console.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The path of the browser; null skips the tests that need it. */
    chromium: string | null;
  }
}

export default function setup(project: TestProject): void {
  const found = chromium();
  if (!found) {
    console.warn(
      'No Chromium here, so the browser tests are skipped: install Chromium or Chrome, or set CHROMIUM_PATH to it.',
    );
  }
  // Once, before several files need it at the same time.
  if (found) buildConsole();
  project.provide('chromium', found ?? null);
}
