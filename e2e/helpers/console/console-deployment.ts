import type { Role } from '@slate/shared/permissions';
import { hashPassword } from '../../../server/src/identity/passwords.ts';
import { createHospital } from '../../../server/test/hospital.ts';
import type { Hospital } from '../../../server/test/hospital.ts';
import { openDeployment } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import { bookings } from './bookings.ts';
import type { Account } from './console.ts';

export type Person = Role | 'second';
/** A hospital with people who can sign in. */
export type HospitalWithAccounts = Hospital & { accounts: Record<Person, Account> };
type Desk = ReturnType<typeof bookings>;
type Site = {
  hospital: HospitalWithAccounts;
  accounts: HospitalWithAccounts['accounts'];
  desk: Desk;
  office: Desk;
};
export type ConsoleDeployment = Deployment & {
  /** A new site in the same database. */
  newHospital(options?: Parameters<typeof createHospital>[1]): Promise<HospitalWithAccounts>;
  /** The same, with two desks that use the API: a second coordinator and an administrator. */
  newSite(options?: Parameters<typeof createHospital>[1]): Promise<Site>;
};

/** The password of every account. */
export const password = 'correct horse battery staple';

/** Servers that serve the built console, and people who can sign in. */
export async function openConsoleDeployment(
  options: Parameters<typeof openDeployment>[0] = {},
): Promise<ConsoleDeployment> {
  const deployment = await openDeployment(options);
  const hash = await hashPassword(password);
  const newHospital: ConsoleDeployment['newHospital'] = async (more) => {
    const hospital = await createHospital(deployment.urls.ownerUrl, more);
    await deployment.owner.query(`UPDATE users SET password_hash = $1 WHERE password_hash = '-'`, [hash]);
    const accounts = Object.entries(hospital.users).map(([name, id]) => [
      name,
      { email: `${name}-${id}@example.test`, password },
    ]);
    return { ...hospital, accounts: Object.fromEntries(accounts) as Record<Person, Account> };
  };
  return {
    ...deployment,
    newHospital,
    newSite: async (more) => {
      const hospital = await newHospital(more);
      const { second, administrator } = hospital.users;
      const [desk, office] = [
        bookings(await deployment.as(second), hospital),
        bookings(await deployment.as(administrator), hospital),
      ];
      return { hospital, accounts: hospital.accounts, desk, office };
    },
  };
}
