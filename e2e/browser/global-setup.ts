import type { TestProject } from 'vitest/node';
import { findChromium, installChromium } from '../../scripts/chromium.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the browser is; null where there is none, and what needs one is skipped. */
    chromium: string | null;
  }
}

export default function setup(project: TestProject): void {
  const found = findChromium() ?? installChromium();
  if (!found) {
    console.warn(
      'No Chromium here: the browser tests are skipped. Install Chromium or Chrome, or set CHROMIUM_PATH.',
    );
  }
  project.provide('chromium', found ?? null);
}
