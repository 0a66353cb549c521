import { randomBytes } from 'node:crypto';
import type { CaseState } from '@slate/shared/case-state';
import type { Role } from '@slate/shared/permissions';
import { addDays, instantOf, localDateOf, weekdayOf } from '@slate/shared/time';
import pg from 'pg';
import { startServerProcess } from '../../../scripts/server-process.ts';
import { demoAccounts } from '../../../server/src/seed/accounts.ts';
import { demoSite } from '../../../server/src/seed/demo-hospital.ts';
import { seedDemoHospital } from '../../../server/src/seed/seed-demo-hospital.ts';
import { hashPassword } from '../../../server/src/identity/passwords.ts';
import { testDatabase } from '../../../server/test/database.ts';
import { unlimited } from '../deployment.ts';
import type { Account } from './console.ts';

export type DemoDeployment = {
  url: string;
  accountOf(role: Role): Account;
  /** A displayed case that is under way. */
  underWay: string;
  /** A future case with all details. */
  planned: string;
  end(): Promise<void>;
};

/** Late morning of the next Wednesday, so that the day is equally full whenever the tests run. */
const today = localDateOf(new Date().toISOString(), demoSite.timeZone);
const wednesday = addDays(today, ((9 - weekdayOf(today)) % 7) + 1);
const now = instantOf(wednesday, '11:20', demoSite.timeZone);

/** The demo hospital of `npm start`, with one server. */
export async function openDemoDeployment(): Promise<DemoDeployment> {
  const { ownerUrl, appUrl, end } = await testDatabase();
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const hospital = await seedDemoHospital(client, { hashPassword, now });
  await client.end();
  const idOf = (expected: CaseState) => {
    const item = hospital?.cases.find(
      ({ state, start }) =>
        state === expected && start !== null && localDateOf(start, demoSite.timeZone) === wednesday,
    );
    if (!item) throw new Error(`no case of the demo hospital is ${expected} that day`);
    return item.id;
  };
  const cases = { underWay: idOf('incision'), planned: idOf('confirmed') };
  const server = await startServerProcess({
    environment: {
      DATABASE_URL: appUrl,
      SLATE_SECRET: randomBytes(32).toString('hex'),
      PORT: '0',
      ...unlimited,
    },
  });
  return {
    url: server.url,
    ...cases,
    accountOf: (role) => {
      const account = demoAccounts.find((each) => each.role === role);
      if (!account) throw new Error(`the demo hospital has no ${role}`);
      return account;
    },
    end: async () => {
      await server.kill9();
      await end();
    },
  };
}
