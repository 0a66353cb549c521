import { scopeOf } from '@slate/shared/permissions';
import { follow } from '@slate/shared/socket-events';
import type { FollowReply } from '@slate/shared/socket-events';
import { notFound, Refusal } from '../domain/refusal.ts';
import { viewOf } from '../domain/visibility.ts';
import { charge } from '../limits.ts';
import type { TakeTokens } from '../limits.ts';
import type { ReadRecorder } from '../use-cases/audit/entries.ts';
import { roomsOf, sayGoodbye } from './connection.ts';
import type { Connection } from './connection.ts';
import type { Authority } from './handshake.ts';
import type { Presence } from './presence.ts';
import type { Relay } from './relay.ts';

export type FollowDeps = {
  authority: Authority;
  relay: Relay;
  presence: Presence;
  /** Records the read of patient data before anything is sent. */
  reads: ReadRecorder;
  /** The limit that following counts against, per account. */
  limit: TakeTokens;
};

/** The cost of a `follow`, besides 1 for each change it returns. */
const followCost = 10;

/** Makes a connection follow a site instead of the previous one. */
export async function followSite(
  connection: Connection,
  message: unknown,
  deps: FollowDeps,
): Promise<FollowReply> {
  const parsed = follow.safeParse(message);
  if (!parsed.success) {
    throw new Refusal('validation', 'Send the site to follow and the epoch and revision to start from.');
  }
  const { siteId, ...since } = parsed.data;
  const { userId, sessionId, person } = connection.data;
  await charge(deps.limit, userId, followCost);
  stopFollowing(connection, deps);
  const access = await deps.authority.accessOf(userId, sessionId);
  if (!access) {
    sayGoodbye(connection, 'revoked');
    throw new Refusal('unauthenticated', 'Your session has ended. Sign in again.');
  }
  const membership = access.roles.get(siteId);
  if (!membership) throw notFound('site');
  const { role, surgeonIds } = membership;
  if (scopeOf(role, 'board.read') === 'none')
    throw new Refusal('forbidden', 'Your role can’t see this board.');

  const view = viewOf(role, userId, surgeonIds);
  const following = { siteId, role, surgeonIds, view };
  if (scopeOf(role, 'patients.read') !== 'none') {
    await deps.reads.record({ siteId, actor: person, action: 'follow', detail: { from: since.revision } });
  }
  try {
    const chargeMissed = (count: number) => charge(deps.limit, userId, count);
    const missed = await deps.relay.follow(siteId, view, since, chargeMissed, () => {
      if (!connection.connected) return false;
      void connection.join(roomsOf(following));
      connection.data.following = following;
      return true;
    });
    if (missed === 'resync') {
      stopFollowing(connection, deps);
      return { status: 'resync' };
    }
    if (connection.data.following === following) deps.presence.enter(siteId, connection.id, person);
    return { status: 'following', missed };
  } catch (error) {
    stopFollowing(connection, deps);
    throw error;
  }
}

/** Runs one input at a time. Of the inputs that arrive meanwhile, only the last runs; the others are superseded. */
export function onlyLatest<Input>(work: (input: Input) => Promise<void>, supersede: (input: Input) => void) {
  let isWorking = false;
  let next: { input: Input } | undefined;
  return async function runLatest(input: Input) {
    if (next) supersede(next.input);
    next = { input };
    if (isWorking) return;
    isWorking = true;
    for (let now; (now = next);) {
      next = undefined;
      await work(now.input);
    }
    isWorking = false;
  };
}

export function stopFollowing(
  connection: Connection,
  { relay, presence }: Pick<FollowDeps, 'relay' | 'presence'>,
) {
  const { following } = connection.data;
  if (!following) return;
  connection.data.following = null;
  for (const room of roomsOf(following)) void connection.leave(room);
  relay.leave(following.siteId, following.view);
  presence.leave(following.siteId, connection.id);
}
