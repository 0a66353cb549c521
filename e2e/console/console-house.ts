import { join } from 'node:path';
import type { Role } from '@slate/shared/permissions';
import { createApi } from '../../scripts/api.ts';
import { hashPassword } from '../../server/src/use-cases/passwords.ts';
import { plantHospital } from '../../server/test/hospital.ts';
import type { Hospital } from '../../server/test/hospital.ts';
import { buildConsole } from '../../scripts/build-console.ts';
import { openHouse } from '../house.ts';
import type { House } from '../house.ts';

export type Person = Role | 'second';
export type ConsoleHouse = House & {
  /** A hospital that no other test knows, in the same database. */
  newHospital(options?: Parameters<typeof plantHospital>[1]): Promise<Hospital>;
  emailOf(hospital: Hospital, who: Person): string;
  /** As it is after a sign-in: what a console keeps of it. */
  sessionOf(hospital: Hospital, who: Person, url?: string): Promise<{ refreshToken: string; email: string }>;
};

/** Everybody's. */
export const password = 'correct horse battery staple';

/** Servers that hand out the console as it is built, and people who can sign in to it. */
export async function openConsoleHouse(options: Parameters<typeof openHouse>[0] = {}): Promise<ConsoleHouse> {
  const folder = join(buildConsole(), 'renderer');
  const house = await openHouse({
    ...options,
    environment: { CONSOLE_DIR: folder, ...options.environment },
  });
  const hash = await hashPassword(password);
  const admit = () =>
    house.owner.query(`UPDATE users SET password_hash = $1 WHERE password_hash = '-'`, [hash]);
  await admit();
  const emailOf = ({ users }: Hospital, who: Person) => `${who}-${users[who]}@example.test`;
  return {
    ...house,
    newHospital: async (planting) => {
      const hospital = await plantHospital(house.urls.ownerUrl, planting);
      await admit();
      return hospital;
    },
    emailOf,
    sessionOf: async (hospital, who, url = house.servers[0]?.url ?? '') => {
      const email = emailOf(hospital, who);
      const { status, body } = await createApi(url).post('/auth/login', { email, password });
      if (status !== 200) throw new Error(`${email} cannot sign in: ${String(body.detail)}`);
      return { refreshToken: String(body.refreshToken), email };
    },
  };
}
