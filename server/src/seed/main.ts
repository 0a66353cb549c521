/** `npm run seed [-- --cases 1000000]`: creates the demo hospital in an empty database, and past cases for it. */
import pg from 'pg';
import { hashPassword } from '../identity/passwords.ts';
import { demoAccounts } from './accounts.ts';
import { demoSite } from './demo-hospital.ts';
import { seedDemoHospital } from './seed-demo-hospital.ts';
import { seedHistory } from './seed-history.ts';

const maxCases = 20_000_000;
const fail = (sentence: string): never => {
  throw new Error(sentence);
};

function requestedCases(): number {
  const [option, value = '', ...more] = process.argv.slice(2).flatMap((word) => word.split('='));
  if (option === undefined) return 0;
  if (option !== '--cases' || more.length > 0) return fail('usage: npm run seed [-- --cases <number>]');
  const cases = /^\d{1,8}$/.test(value) ? Number(value) : 0;
  if (cases >= 1 && cases <= maxCases) return cases;
  return fail(`--cases must be a whole number from 1 to ${maxCases}, not "${value}"`);
}

async function seed(): Promise<void> {
  const cases = requestedCases();
  const connectionString =
    process.env['DATABASE_OWNER_URL'] ??
    process.env['DATABASE_URL'] ??
    fail('set DATABASE_OWNER_URL (the role that owns the database) or DATABASE_URL');
  const client = new pg.Client({ connectionString, application_name: 'slate seed' });
  client.on('error', () => {});
  await client.connect();
  try {
    const created = await seedDemoHospital(client, { hashPassword });
    for (const { role, email, password } of created ? demoAccounts : []) {
      console.log(`${role.padEnd(14)}${email.padEnd(26)}${password}`);
    }
    const since = performance.now();
    const progress = (done: number) => console.log(`${done} of ${cases} cases`);
    if (cases > 0) await seedHistory(client, { siteId: demoSite.id, cases, seed: 1, progress });
    const seconds = Math.round((performance.now() - since) / 1000);
    console.log(
      [
        created
          ? `created ${demoSite.name} with ${created.cases.length} cases`
          : `${demoSite.name} already exists`,
        ...(cases > 0 ? [`added ${cases} past cases in ${seconds} s`] : []),
      ].join('; '),
    );
  } finally {
    await client.end();
  }
}

await seed().catch((error: Error & { code?: string }) => {
  const undefinedTable = '42P01';
  const reason =
    error.code === undefinedTable
      ? 'the database has no tables yet: run npm run migrate first'
      : error.message || `can’t reach the database (${error.code})`;
  console.error(`seed: ${reason}`);
  process.exitCode = 1;
});
