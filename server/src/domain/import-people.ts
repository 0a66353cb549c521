import { email } from '@slate/shared/contract/identity';
import { member } from '@slate/shared/contract/people';
import type { Member } from '@slate/shared/contract/people';
import { line } from '@slate/shared/fields';
import { valuesOf } from '@slate/shared/lists/columns';
import { role } from '@slate/shared/permissions';
import type { LineError, RecordKind } from './import-lines.ts';

const imported = member.extend({
  name: line(120),
  email,
  role,
  surgeonIds: member.shape.surgeonIds.max(100),
});

type Accounts = {
  /** Addresses that belong to somebody else on this server. */
  readonly elsewhere: ReadonlySet<string>;
  /** Addresses of the people here. */
  readonly here: Iterable<string>;
  /** The administrator who imports. */
  readonly importer: string;
};

/** How lines become people. Each planned file needs its own, because it remembers the addresses of new accounts. */
export function personKind({ elsewhere, here, importer }: Accounts): RecordKind<Member> {
  const used = new Set(here);

  function newAccount(after: Member): LineError[] {
    if (elsewhere.has(after.email)) {
      const reason = `${after.email} belongs to somebody at another site of this server. Invite the person instead.`;
      return [{ column: 'email', reason }];
    }
    if (used.has(after.email))
      return [
        {
          column: 'email',
          reason: `${after.email} is the address of somebody else here or in another line.`,
        },
      ];
    used.add(after.email);
    return [];
  }

  const changedAccount = (before: Member, after: Member): LineError[] => [
    ...(['name', 'email'] as const)
      .filter((field) => before[field] !== after[field])
      .map((field) => ({
        column: field,
        reason: `An import can’t change the ${field === 'name' ? 'name' : 'address'} of ${before.name}, which belongs to the account.`,
      })),
    ...(before.status === 'pending'
      ? [
          {
            column: null,
            reason: `${before.name} is waiting for approval. Approve the account under People.`,
          },
        ]
      : []),
    ...(before.id === importer && before.role !== after.role
      ? [{ column: 'role', reason: 'You can’t change your own role with an import.' }]
      : []),
  ];

  return {
    list: 'people',
    word: 'person',
    valuesOf: valuesOf.people,
    build: (before, { name, email: address, role: as, surgeons }, id) => ({
      id,
      name,
      email: address,
      role: as,
      surgeonIds: Array.isArray(surgeons) ? [...new Set(surgeons)] : [],
      // A new account has no password: an administrator gives the person a temporary one.
      status: before?.status ?? 'active',
      version: (before?.version ?? 0) + 1,
      lastSeenAt: before?.lastSeenAt ?? null,
    }),
    schema: imported,
    columnOf: { name: 'name', email: 'email', role: 'role', surgeonIds: 'surgeons' },
    keyOf: (person) => person.email,
    check: (before, after) => [
      ...(before ? changedAccount(before, after) : newAccount(after)),
      ...(after.role === 'office' && after.surgeonIds.length === 0
        ? [{ column: 'surgeons', reason: 'Choose at least one surgeon for the office.' }]
        : []),
    ],
  };
}
