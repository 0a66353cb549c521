/** `npm run seed [-- --cases 1000000]`: the demo hospital in an empty database, and a long past for it. */
import pg from 'pg';
import { hashPassword } from '../identity/passwords.ts';
import { demoAccounts } from './accounts.ts';
import { demoSite } from './demo-hospital.ts';
import { plantDemoHospital } from './plant-demo-hospital.ts';
import { plantHistory } from './plant-history.ts';

const mostCases = 20_000_000;
const wrong = (sentence: string): never => {
  throw new Error(sentence);
};

function casesAsked(): number {
  const [option, value = '', ...more] = process.argv.slice(2).flatMap((word) => word.split('='));
  if (option === undefined) return 0;
  if (option !== '--cases' || more.length > 0) return wrong('usage: npm run seed [-- --cases <number>]');
  const cases = /^\d{1,8}$/.test(value) ? Number(value) : 0;
  if (cases >= 1 && cases <= mostCases) return cases;
  return wrong(`--cases must be a whole number from 1 to ${mostCases}, not "${value}"`);
}

async function seed(): Promise<void> {
  const cases = casesAsked();
  const connectionString =
    process.env['DATABASE_OWNER_URL'] ??
    process.env['DATABASE_URL'] ??
    wrong('set DATABASE_OWNER_URL (the role that owns the database) or DATABASE_URL');
  const client = new pg.Client({ connectionString, application_name: 'slate seed' });
  client.on('error', () => {});
  await client.connect();
  try {
    const planted = await plantDemoHospital(client, { hashPassword });
    for (const { role, email, password } of planted ? demoAccounts : []) {
      console.log(`${role.padEnd(14)}${email.padEnd(26)}${password}`);
    }
    const since = performance.now();
    const progress = (done: number) => console.log(`${done} of ${cases} cases`);
    if (cases > 0) await plantHistory(client, { siteId: demoSite.id, cases, seed: 1, progress });
    const seconds = Math.round((performance.now() - since) / 1000);
    console.log(
      [
        planted
          ? `planted ${demoSite.name} with ${planted.cases.length} cases`
          : `${demoSite.name} stands already`,
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
      ? 'the database has no tables yet: npm run migrate first'
      : error.message || `the database cannot be reached (${error.code})`;
  console.error(`seed: ${reason}`);
  process.exitCode = 1;
});
