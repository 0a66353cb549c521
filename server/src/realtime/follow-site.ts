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
  /** Records that someone reads about patients, before anything is sent. */
  reads: ReadRecorder;
  /** Charges the account for following. */
  pay: TakeTokens;
};

/** The cost of a `follow`, besides 1 for each change it returns. */
const costOfAsking = 10;

/** Makes a connection follow a site instead of the previous one. */
export async function followSite(
  connection: Connection,
  message: unknown,
  deps: FollowDeps,
): Promise<FollowReply> {
  const asked = follow.safeParse(message);
  if (!asked.success) {
    throw new Refusal('validation', 'Send the site to follow and the epoch and revision to start from.');
  }
  const { siteId, ...since } = asked.data;
  const { userId, sessionId, person } = connection.data;
  await charge(deps.pay, userId, costOfAsking);
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
    const payFor = (count: number) => charge(deps.pay, userId, count);
    const missed = await deps.relay.follow(siteId, view, since, payFor, () => {
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

/** Runs one at a time. Of those that arrive meanwhile, only the last runs; the others are superseded. */
export function onlyLatest<Asked>(work: (asked: Asked) => Promise<void>, supersede: (asked: Asked) => void) {
  let isWorking = false;
  let next: { asked: Asked } | undefined;
  return async function ask(asked: Asked) {
    if (next) supersede(next.asked);
    next = { asked };
    if (isWorking) return;
    isWorking = true;
    for (let now; (now = next);) {
      next = undefined;
      await work(now.asked);
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
