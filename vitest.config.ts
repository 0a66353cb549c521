import { defineConfig } from 'vitest/config';

/** The end of a test's name says what it needs: `x.test.ts` nothing, `x.pg.test.ts` PostgreSQL. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,server,scripts}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.pg.test.ts'],
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
    ],
  },
});
