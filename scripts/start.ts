/** `npm start`: runs everything on one machine, with a demo hospital. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { localDateOf, weekdayOf } from '@slate/shared/time';
import pg from 'pg';
import { migrate } from '../server/src/db/migrate.ts';
import { demoAccounts } from '../server/src/seed/accounts.ts';
import { demoSite } from '../server/src/seed/demo-hospital.ts';
import { seedDemoHospital } from '../server/src/seed/seed-demo-hospital.ts';
import { hashPassword } from '../server/src/identity/passwords.ts';
import { buildConsole } from './build-console.ts';
import { openConsole } from './open-console.ts';
import { Cluster } from './postgres.ts';
import { provision } from './provision.ts';
import { startServerProcess } from './server-process.ts';

const home = join(import.meta.dirname, '..', '.slate');
const defaultPort = 4680;

const say = (line: string) => {
  process.stdout.write(`${line}\n`);
};

async function main() {
  mkdirSync(home, { recursive: true });
  buildConsole();
  say('Starting PostgreSQL …');
  const cluster = await Cluster.open(home);
  await cluster.start();
  try {
    const urls = await provision(cluster.superUrl, 'slate');
    await migrate(urls.ownerUrl, { log: (line) => say(`  ${line}`) });
    await seed(urls.ownerUrl);
    // For `npm run seed` and `npm run audit:verify` while this runs.
    const environment = `DATABASE_OWNER_URL=${urls.ownerUrl}\nDATABASE_URL=${urls.appUrl}\n`;
    writeFileSync(join(home, 'env'), environment, { mode: 0o600 });

    const runServer = (at: number) =>
      startServerProcess({
        logFile: join(home, 'server.log'),
        environment: {
          DATABASE_URL: urls.appUrl,
          SLATE_SECRET: secret(),
          PORT: String(at),
          ...(process.env.LOG_LEVEL && { LOG_LEVEL: process.env.LOG_LEVEL }),
        },
      });
    let server = await runServer(await port());
    introduce(server.url);
    const stopping = new AbortController();
    const opening = openConsole({
      url: server.url,
      dataFolder: join(home, 'desktop'),
      logFile: join(home, 'console.log'),
      say,
      signal: stopping.signal,
    }).catch((error: unknown) => {
      say(`Can’t open the console: ${String(error)}. Open ${server.url} in a browser.`);
      return undefined;
    });
    try {
      const stop = interrupted();
      while (await Promise.race([stop, server.ended.then(() => true)])) {
        say('The server exited; see .slate/server.log. Restarting it; consoles reconnect by themselves.');
        server = await runServer(Number(new URL(server.url).port));
      }
      say('\nStopping …');
    } finally {
      stopping.abort();
      await (await opening)?.close();
      await server.stop();
    }
  } finally {
    await cluster.stop();
  }
}

async function seed(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const created = await seedDemoHospital(client, { hashPassword });
    say(created ? 'Created the demo hospital.' : 'The demo hospital already exists.');
  } finally {
    await client.end();
  }
}

/** Stored, so that people stay signed in after a restart. */
function secret(): string {
  const file = join(home, 'secret');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** The port from the environment, the default one, or any free one if that is taken. */
async function port(): Promise<number> {
  if (process.env.PORT) return Number(process.env.PORT);
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(defaultPort, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  if (!free) say(`Port ${defaultPort} is taken; using another one.`);
  return free ? defaultPort : 0;
}

function introduce(url: string) {
  const width = Math.max(...demoAccounts.map(({ email }) => email.length));
  say(`
Slate is running.

  In a browser       ${url}
  API                ${url}/api/v1
  API docs           ${url}/api-docs
  Health, metrics    ${url}/readyz  ${url}/metrics
  Logs               .slate/server.log, .slate/console.log

Sign in as
${demoAccounts.map(({ email, password, role, name }) => `  ${email.padEnd(width)}  ${password.padEnd(width)}  ${role}, ${name}`).join('\n')}

What to try, in another terminal
  npm run watch     follow the board as ${demoAccounts[2]?.name}
  npm run tour      find, hold, lose a race, book, move and cancel a case as ${demoAccounts[1]?.name}
  npm run seed -- --cases 1000000     years of history; npm run audit:verify     check the audit

${weekend()}Ctrl+C stops everything; data stays in .slate.`);
}

/** On weekends the demo board is almost empty, which would look broken. */
function weekend(): string {
  const isWeekend = weekdayOf(localDateOf(new Date().toISOString(), demoSite.timeZone)) > 5;
  return isWeekend
    ? 'It is the weekend in the hospital, with urgent cases only. Press ] in the console to go to Monday.\n\n'
    : '';
}

/** Ctrl+C arrives twice, from the terminal and from `enter.mjs`: the second must not kill this process while it cleans up. */
const interrupted = () =>
  new Promise<false>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(false));
  });

try {
  await main();
} catch (error) {
  process.stderr.write(`Slate could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
