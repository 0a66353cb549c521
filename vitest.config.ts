import { defineConfig } from 'vitest/config';

const postgres = 'server/test/global-setup.ts';
const browser = 'e2e/helpers/browser/global-setup.ts';
const packages = 'e2e/helpers/package/global-setup.ts';
const electron = 'e2e/helpers/electron/global-setup.ts';

/** Generous, because the machine may be slow. A test that passes does not wait. */
const timeouts = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 10_000 } } };

/**
 * The suffix of a test's file name shows its needs: `x.test.ts` nothing, `x.ui.test.tsx` a DOM, `x.pg.test.ts` PostgreSQL,
 * `x.e2e.test.ts` server processes, `x.browser.test.ts` Chromium, `x.electron.test.ts` Electron, `x.package.test.ts` the packages of Linux, `x.quiet.test.ts` a
 * machine that does nothing else, `x.prove.test.ts` the same for a quarter of an hour.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...timeouts,
          name: 'unit',
          include: ['{shared,server,scripts,desktop}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.{pg,quiet}.test.ts'],
        },
      },
      {
        test: {
          ...timeouts,
          name: 'ui',
          include: ['desktop/**/*.ui.test.tsx'],
          environment: 'happy-dom',
          setupFiles: 'desktop/test/setup-ui.ts',
          // Each file has globals and modules of its own, as with `forks`, but a process and its DOM are started once
          // for many of them: a third less work.
          pool: 'vmForks',
          vmMemoryLimit: '1GB',
        },
      },
      {
        test: {
          ...timeouts,
          name: 'pg',
          include: ['{server,scripts}/**/*.pg.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: postgres,
        },
      },
      {
        test: {
          ...timeouts,
          name: 'e2e',
          include: ['e2e/specs/*.e2e.test.ts'],
          globalSetup: postgres,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...timeouts,
          name: 'browser',
          include: ['e2e/specs/*.browser.test.ts'],
          globalSetup: [postgres, browser],
        },
      },
      {
        test: {
          ...timeouts,
          name: 'electron',
          include: ['e2e/specs/*.electron.test.ts'],
          globalSetup: [postgres, electron],
          fileParallelism: false,
        },
      },
      {
        test: {
          ...timeouts,
          name: 'package',
          include: ['e2e/specs/*.package.test.ts'],
          globalSetup: [postgres, electron, packages],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      quiet('quiet', 180_000, electron),
      quiet('prove', 1_800_000, electron),
    ],
  },
});

/** One file after the other, because these measure time or memory. */
function quiet(name: string, testTimeout: number, ...more: string[]) {
  return {
    test: {
      ...timeouts,
      name,
      include: [`{server,e2e}/**/*.${name}.test.ts`],
      exclude: ['**/node_modules/**'],
      globalSetup: [postgres, browser, ...more],
      fileParallelism: false,
      testTimeout,
      hookTimeout: 120_000,
    },
  };
}
