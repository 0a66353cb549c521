import type { ChangeMember, Member } from '@slate/shared/contract/people';
import { endSessionsOf } from '../../db/identity.sql.ts';
import {
  notSurgeons,
  orphanedSites,
  removeMembership,
  saveAccount,
  saveMembership,
} from '../../db/members.sql.ts';
import { many, run } from '../../db/query.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import type { CommandReply, CommandRequest, Context } from '../../commands/context.ts';
import type { IdentityDeps } from '../../identity/login.ts';
import { checkAdministersAllSites, runOnMember } from './members.ts';
import { placeholder, makeTemporaryPassword, temporaryHours } from './temporary-password.ts';

/**
 * Approves, disables or enables a person, or changes their role at this site. A person who becomes active gets a
 * temporary password: no one may sign in with a password chosen before an administrator knew who they are.
 */
export async function changeMember(
  deps: IdentityDeps,
  request: CommandRequest,
  userId: string,
  input: ChangeMember,
): Promise<CommandReply> {
  // Derived before the locks because it is slow. Not used if the person is already active.
  const temporary = input.status === 'active' ? await makeTemporaryPassword(deps, request, userId) : null;
  const target = { userId, version: input.version };
  const reply = await runOnMember(deps, request, target, async (context, found) => {
    const { before, administered } = found;
    const after = memberAfter(before, input);
    if (after.status !== before.status) checkAdministersAllSites(found);
    await checkSurgeons(context, input.surgeonIds ?? []);
    const issued = after.status === before.status ? null : temporary;
    await save(context, before, after, issued?.hash ?? null);
    await checkAdministrators(context, before, administered);
    return {
      after,
      body: { temporaryPassword: issued && placeholder },
      detail: { before: accessOf(before), after: accessOf(after) },
    };
  });
  return temporary?.fillIn(reply) ?? reply;
}

function memberAfter(before: Member, input: ChangeMember): Member {
  const role = input.role === undefined ? before.role : input.role;
  const status = input.status ?? before.status;
  const surgeonIds = role === null ? [] : [...new Set(input.surgeonIds ?? before.surgeonIds)];
  if (role === null && input.surgeonIds?.length) {
    throw invalid('surgeonIds', `${before.name} has no role at this site. Give a role as well.`);
  }
  if (status === 'pending' && role !== null && input.role !== undefined) {
    throw invalid('status', `${before.name} is waiting for approval. Set the status to active as well.`);
  }
  if (before.status === 'pending' && status === 'active' && role === null) {
    throw invalid('role', `Choose a role for ${before.name} at this site.`);
  }
  return { ...before, role, status, surgeonIds };
}

export async function checkSurgeons({ tx, request }: Context, surgeonIds: string[]) {
  if (surgeonIds.length === 0) return;
  const unknown = await many(tx, notSurgeons, [request.siteId, surgeonIds]);
  if (unknown.length === 0) return;
  throw invalid(
    'surgeonIds',
    `There is no such surgeon at this site: ${unknown.map(({ id }) => id).join(', ')}.`,
  );
}

const save = (
  { tx, request: { siteId } }: Context,
  before: Member,
  after: Member,
  temporaryHash: string | null,
) =>
  Promise.all([
    run(tx, saveAccount.name, saveAccount.text, [after.id, after.status, temporaryHash, temporaryHours]),
    after.role === null
      ? run(tx, removeMembership.name, removeMembership.text, [siteId, after.id])
      : run(tx, saveMembership.name, saveMembership.text, [siteId, after.id, after.role, after.surgeonIds]),
    after.status === 'disabled' && before.status !== 'disabled'
      ? run(tx, endSessionsOf.name, endSessionsOf.text, [after.id, 'disabled', null])
      : undefined,
  ]);

/** Checked at the end, under the locks: no site may be left without an administrator. */
async function checkAdministrators({ tx }: Context, before: Member, administered: string[]) {
  if (before.status !== 'active' || administered.length === 0) return;
  const orphaned = await many(tx, orphanedSites, [administered]);
  if (orphaned.length === 0) return;
  throw new Refusal(
    'in_use',
    `${before.name} is the last active administrator of the site. Make someone else an administrator first.`,
  );
}

const accessOf = ({ status, role, surgeonIds }: Member) => ({ status, role, surgeonIds });
