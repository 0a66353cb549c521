import { defineConfig } from 'vitest/config';

/**
 * The end of a test's name says what it needs: `x.test.ts` nothing, `x.pg.test.ts` PostgreSQL, `x.e2e.test.ts`
 * processes and machines of its own, `x.prove.test.ts` the same for longer, `x.browser.test.ts` Chromium,
 * `x.electron.test.ts` Electron, `x.ui.test.tsx` a DOM.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,server,scripts,desktop}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.pg.test.ts'],
        },
      },
      {
        test: {
          name: 'ui',
          include: ['desktop/**/*.ui.test.tsx'],
          environment: 'happy-dom',
        },
      },
      {
        test: {
          name: 'pg',
          include: ['{server,scripts}/**/*.pg.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: 'server/test/global-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['e2e/specs/**/*.browser.test.ts'],
          globalSetup: 'e2e/helpers/browser/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // What is awaited comes at once, but not on every machine.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'electron',
          include: ['e2e/specs/**/*.electron.test.ts'],
          globalSetup: 'e2e/helpers/electron/global-setup.ts',
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      endToEnd('e2e', 180_000),
      endToEnd('prove', 1_800_000),
    ],
  },
});

/** One file after the other: each measures or breaks something that it must have for itself. */
function endToEnd(name: string, testTimeout: number) {
  return {
    test: {
      name,
      include: [`e2e/specs/**/*.${name}.test.ts`],
      globalSetup: 'server/test/global-setup.ts',
      fileParallelism: false,
      testTimeout,
      hookTimeout: 120_000,
    },
  };
}
