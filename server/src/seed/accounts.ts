import type { Role } from '@slate/shared/permissions';
import type { Resource } from '@slate/shared/resources';
import { idOf } from './random.ts';
import { resourceNamed } from './resources.ts';

export type DemoAccount = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly surgeonIds: readonly string[];
  /** Public: the demo hospital is only created in empty databases. */
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
  surgeonIds: surgeons.map((each) => resourceNamed(each).id),
  password: `slate-demo-${mailbox}`,
});

export const administrator = account('administrator', 'R. Lindqvist', 'admin');
export const kraus = account('coordinator', 'M. Kraus', 'kraus');
export const diaz = account('coordinator', 'J. Diaz', 'diaz');
const officeSurgeons = ['Haddad A', 'Lindholm E', 'Rossi G', 'Tran H'];
const office = account('office', 'Orthopedics office', 'office', officeSurgeons);

/** The accounts of the demo hospital. */
export const demoAccounts: readonly DemoAccount[] = [
  administrator,
  kraus,
  diaz,
  office,
  account('viewer', 'P. Osterman', 'viewer'),
  account('wall', 'Wall board', 'wall'),
];

/** The creator of a surgeon's cases: the surgeon's office if there is one, otherwise a coordinator. */
export const creatorFor = (surgeon: Resource) =>
  office.surgeonIds.includes(surgeon.id) ? office.id : surgeon.name < 'L' ? kraus.id : diaz.id;
