import type { RouteReply } from '@slate/shared/contract';
import type { CreateInvitation } from '@slate/shared/contract/invitations';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandReply, CommandRequest } from '../../commands/context.ts';
import { addInvitation, invitationsOf, memberByEmail, removeInvitation } from '../../db/invitations.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { idInUse } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import type { IdentityDeps } from '../../identity/login.ts';
import { hashOf } from '../../identity/tokens.ts';
import { checkSurgeons } from './change-member.ts';

const validDays = 7;

export const listInvitations = async (db: Queryable, siteId: string): Promise<RouteReply<'invitations'>> => ({
  invitations: await many(db, invitationsOf, [siteId]),
});

/**
 * Invites a person. The secret is derived from the key of the command and stored nowhere: a replay gives the same link, and the
 * stored reply has none.
 */
export async function createInvitation(
  deps: IdentityDeps,
  request: CommandRequest,
  { email, role, surgeonIds = [] }: CreateInvitation,
): Promise<CommandReply> {
  const { siteId, key } = request;
  const secret = deps.tokens.invitationSecretOf(siteId, key);
  const reply = await runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx, actor } = context;
      const surgeons = role === 'office' ? [...new Set(surgeonIds)] : [];
      if (role === 'office' && surgeons.length === 0)
        throw invalid('surgeonIds', 'Choose at least one surgeon for the office.');
      await checkSurgeons(context, surgeons);
      const member = await maybeOne(tx, memberByEmail, [siteId, email]);
      if (member) throw invalid('email', `${member.name} is one of your people already.`);
      const values = [siteId, key, hashOf(secret), email, role, surgeons, actor, validDays];
      const invitation = await maybeOne(tx, addInvitation, values);
      if (!invitation) throw idInUse('invitation');
      return {
        status: 201,
        body: { invitation },
        changes: [],
        detail: { invitation: invitation.id, role, surgeonIds: surgeons },
        notifications: [{ kind: 'people', siteId }],
      };
    },
  );
  return reply.status === 201 ? { ...reply, body: { ...reply.body, secret } } : reply;
}

/** Revokes an invitation: its link no longer works. */
export const revokeInvitation = (deps: CommandDeps, request: CommandRequest, id: string) =>
  runCommand(
    deps,
    request,
    'user.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const invitation = await maybeOne(tx, removeInvitation, [request.siteId, id]);
      if (!invitation) throw notFound('invitation');
      return {
        status: 200,
        body: { invitation },
        changes: [],
        detail: { invitation: id },
        notifications: [{ kind: 'people', siteId: request.siteId }],
      };
    },
  );
