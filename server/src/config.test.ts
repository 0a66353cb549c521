import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const minimal = { DATABASE_URL: 'postgresql://slate_app:hunter2@db/slate', SLATE_SECRET: 's'.repeat(32) };

function complaint(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

test('the configuration needs a database and a secret, and an error is one line', () => {
  expect(complaint({})).toBe(
    'The environment variables are wrong. DATABASE_URL is not set. SLATE_SECRET is not set. See server/src/config.ts for every variable.',
  );
});

test('the server by default listens on loopback, trusts no proxy and runs the jobs', () => {
  expect(readConfig(minimal)).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 4680,
    TRUSTED_PROXIES: 0,
    ALLOWED_ORIGINS: ['app://slate'],
    WORKER: true,
  });
  expect(readConfig(minimal).METRICS_TOKEN).toBeUndefined();
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ ...minimal, PORT: '', METRICS_TOKEN: '', WORKER: '', LIMIT_AUTH: '' })).toEqual(
    readConfig(minimal),
  );
  expect(complaint({ ...minimal, SLATE_SECRET: '' })).toContain('SLATE_SECRET is not set.');
});

test('other variables are ignored', () => {
  expect(readConfig({ ...minimal, PATH: '/bin' })).toEqual(readConfig(minimal));
});

test('variables that are set are read', () => {
  const config = readConfig({
    ...minimal,
    PORT: '0',
    WORKER: 'false',
    LIMIT_READ: '20/10s',
    ALLOWED_ORIGINS: 'https://a.example, https://b.example:8443,',
    DRAIN_SECONDS: '0.5',
  });
  expect(config).toMatchObject({
    PORT: 0,
    WORKER: false,
    LIMIT_READ: { tokens: 20, seconds: 10 },
    ALLOWED_ORIGINS: ['app://slate', 'https://a.example', 'https://b.example:8443'],
    DRAIN_SECONDS: 0.5,
  });
});

test.each([
  ['PORT', 'eighty', 'PORT: Must be a number.'],
  ['PORT', '70000', 'PORT: Must be at most 65535.'],
  ['DATABASE_URL', 'db/slate', 'DATABASE_URL: Must begin with postgresql://.'],
  ['DATABASE_POOL', '0', 'DATABASE_POOL: Must be more than 0.'],
  ['SLATE_SECRET', 'short', 'SLATE_SECRET: Must be at least 32 characters.'],
  ['METRICS_TOKEN', 'short', 'METRICS_TOKEN: Must be at least 16 characters.'],
  ['ACCESS_TOKEN_SECONDS', '86400', 'ACCESS_TOKEN_SECONDS: Must be at most 900.'],
  ['SESSION_IDLE_MINUTES', '5', 'SESSION_IDLE_MINUTES: Must be at least 20.'],
  [
    'ALLOWED_ORIGINS',
    '*',
    'ALLOWED_ORIGINS: Must be origins such as https://slate.example.org, without a path.',
  ],
  ['ALLOWED_ORIGINS', 'https://a.example/', 'ALLOWED_ORIGINS: Must be origins'],
  ['LIMIT_AUTH', '10', 'LIMIT_AUTH: Must look like 100/60s'],
  ['LIMIT_AUTH', '0/60s', 'LIMIT_AUTH: Must look like 100/60s'],
  ['LIMIT_AUTH', '10/0s', 'LIMIT_AUTH: Must look like 100/60s'],
  ['WORKER', 'yes', 'WORKER: Must be true or false.'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL: Must be fatal or error or'],
  ['DRAIN_SECONDS', '60', 'DRAIN_SECONDS: Must be at most 5.'],
])('%s=%s is refused', (name, value, sentence) => {
  expect(complaint({ ...minimal, [name]: value })).toContain(sentence);
});

test('an error never repeats a value, because some are secret', () => {
  const environment = {
    DATABASE_URL: 'mysql://root:hunter2@db',
    SLATE_SECRET: 'swordfish',
    METRICS_TOKEN: 'opensesame',
  };
  expect(complaint(environment)).not.toMatch(/hunter2|swordfish|opensesame/);
});
