import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/database.ts';
import { demoAccounts } from './accounts.ts';

describe('npm run seed', () => {
  const seed = async (args: string[], environment: Record<string, string> = {}) => {
    const main = fileURLToPath(new URL('main.ts', import.meta.url));
    const { PATH = '' } = process.env;
    return promisify(execFile)(process.execPath, [main, ...args], { env: { PATH, ...environment } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };

  test.each([
    [['--cases', 'many'], 'seed: --cases must be a whole number from 1 to 20000000, not "many"\n'],
    [['--cases', '-5'], 'seed: --cases must be a whole number from 1 to 20000000, not "-5"\n'],
    [['--cases=0'], 'seed: --cases must be a whole number from 1 to 20000000, not "0"\n'],
    [['--cases'], 'seed: --cases must be a whole number from 1 to 20000000, not ""\n'],
    [['--case', '5'], 'seed: usage: npm run seed [-- --cases <number>]\n'],
    [[], 'seed: set DATABASE_OWNER_URL (the role that owns the database) or DATABASE_URL\n'],
  ])('answers %j with one clear line', async (args, line) => {
    expect(await seed(args)).toMatchObject({ code: 1, stdout: '', stderr: line });
  });

  test('reports an unreachable or an unmigrated database', async () => {
    const empty = await testDatabase({ empty: true });
    const unreachable = await seed([], { DATABASE_OWNER_URL: 'postgresql://nobody@localhost:9/none' });
    expect(unreachable.code).toBe(1);
    expect(unreachable.stderr).toMatch(/^seed: .*ECONNREFUSED.*\n$/);
    const unmigrated = await seed([], { DATABASE_OWNER_URL: empty.ownerUrl });
    expect(unmigrated.stderr).toBe('seed: the database has no tables yet: run npm run migrate first\n');
    await empty.end();
  });

  test('creates the hospital and its past, prints the accounts, and does not create it again', async () => {
    const database = await testDatabase();
    const url = { DATABASE_OWNER_URL: database.ownerUrl };
    const first = await seed(['--cases', '500'], url);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    for (const { email, password } of demoAccounts) {
      expect(first.stdout).toContain(email);
      expect(first.stdout).toContain(password);
    }
    expect(first.stdout).toMatch(
      /created Slate Demo Hospital with \d+ cases; added 500 past cases in \d+ s\n$/,
    );
    const second = await seed([], url);
    expect(second.stdout).toBe('Slate Demo Hospital already exists\n');
    await database.end();
  });
});
