import type { Role } from '@slate/shared/permissions';
import type { Resource } from '@slate/shared/resources';
import { idOf } from './identifier.ts';
import { named } from './resources.ts';

export type DemoAccount = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly surgeonIds: readonly string[];
  /** Everybody may know it: the demo hospital is planted into empty databases only. */
  readonly password: string;
};

const account = (
  role: Role,
  name: string,
  mailbox: string,
  surgeons: readonly string[] = [],
): DemoAccount => ({
  id: idOf('account', mailbox),
  email: `${mailbox}@demo.example`,
  name,
  role,
  surgeonIds: surgeons.map((each) => named(each).id),
  password: `slate-demo-${mailbox}`,
});

export const administrator = account('administrator', 'R. Lindqvist', 'admin');
export const kraus = account('coordinator', 'M. Kraus', 'kraus');
export const diaz = account('coordinator', 'J. Diaz', 'diaz');
const officeSurgeons = ['Haddad A', 'Lindholm E', 'Rossi G', 'Tran H'];
export const office = account('office', 'Orthopedics office', 'office', officeSurgeons);

/** Who can sign in to the demo hospital, and how. */
export const demoAccounts: readonly DemoAccount[] = [
  administrator,
  kraus,
  diaz,
  office,
  account('viewer', 'P. Osterman', 'viewer'),
  account('wall', 'Wall board', 'wall'),
];

/** Who booked a case: the surgeon's office where there is one, otherwise a coordinator. */
export const madeBy = (surgeon: Resource) =>
  office.surgeonIds.includes(surgeon.id) ? office.id : surgeon.name < 'L' ? kraus.id : diaz.id;
