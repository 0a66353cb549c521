import { randomBytes } from 'node:crypto';
import type { Role } from '@slate/shared/permissions';
import pg from 'pg';
import { startServerProcess } from '../../scripts/server-process.ts';
import { demoAccounts } from '../../server/src/seed/accounts.ts';
import { plantDemoHospital } from '../../server/src/seed/plant-demo-hospital.ts';
import { hashPassword } from '../../server/src/use-cases/passwords.ts';
import { testCluster } from '../../server/test/database.ts';
import { unlimited } from '../house.ts';
import type { Account } from './console.ts';

export type DemoHouse = {
  url: string;
  accountOf(role: Role): Account;
  end(): Promise<void>;
};

/** The hospital that `npm start` shows, with one server before it. */
export async function openDemoHouse(): Promise<DemoHouse> {
  const { cluster, ownerUrl, appUrl } = await testCluster();
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await plantDemoHospital(client, { hashPassword });
  await client.end();
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
    accountOf: (wanted) => {
      const account = demoAccounts.find(({ role }) => role === wanted);
      if (!account) throw new Error(`the demo hospital has no ${wanted}`);
      return account;
    },
    end: async () => {
      await server.kill9();
      await cluster.stop();
    },
  };
}
