import type { Case } from '@slate/shared/cases';
import type { ChangesBatch } from '@slate/shared/changes';
import { areCompatible, protocols } from '@slate/shared/protocol';
import type { Protocols } from '@slate/shared/protocol';
import type { FollowReply, Heartbeat } from '@slate/shared/socket-events';
import { pace } from '../api/pace.ts';
import { call, currentToken, giveUpRequests, reportRefusedToken } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import { publishChange } from '../stores/changes.ts';
import { assumeSleep, serverNow, syncClock } from '../stores/clock.ts';
import { connectionStore, forgetConnection, setLastContact, setConnection } from '../stores/connection.ts';
import type { Obstacle } from '../stores/connection.ts';
import { reloadRecords } from '../stores/administration.ts';
import { setPresent } from '../stores/presence.ts';
import { needsNow, reloadMe } from '../stores/session.ts';
import { createBoardLoader, isAccessError } from './board-loader.ts';
import { createConnection } from './connection.ts';
import { createFallback } from './fallback.ts';
import { createRetry } from './retry.ts';
import { newChanges } from './sequence.ts';
import type { Position } from './sequence.ts';

/**
 * Keeps the board equal to the server's. It follows the feed of the site without a gap from a position, and the feed updates
 * the board of the shown days. To fill a gap it loads the missed changes. If that is impossible (too far behind, another
 * epoch), it loads the board again and follows the feed from there.
 */
export type Feed = ReturnType<typeof createFeed>;

const pageSize = 500;

export function createFeed(siteId: string) {
  let isStopped = false;
  let position: Position | null = null;
  /** The highest revision known to exist. */
  let knownRevision = 0;
  let isCatchingUp = false;
  let isFollowing = false;
  /** The position of the last `follow` request. */
  let followedFrom: Position | null = null;
  /** False: this person's access must be loaded first, because it has changed or only this desk knows it. */
  let isAccessCurrent = needsNow() === null;
  let selectedId: string | null = null;
  let offlineTimer: ReturnType<typeof setTimeout> | undefined;
  let isOfflineDue = false;
  /** Why the server is out of reach; null if unknown. */
  let obstacle: Obstacle | null = null;
  /** The handshake has refused this console's protocol versions. */
  let isRefused = false;
  /** The last answer over HTTP named incompatible protocol versions. */
  let isIncompatible = false;
  let accessCheckedAt = 0;
  const stopListeners = new Set<() => void>();

  const connection = createConnection({
    received: () => setLastContact(serverNow()),
    opened: () => void onOpened(),
    lasted: () => fallback.socketWorks(),
    lost() {
      fallback.disconnected();
      onLost();
    },
    refused(code) {
      if (code === 'unauthenticated') reportRefusedToken();
      if (code !== 'validation') return;
      isRefused = true;
      setOutdated();
      // The answer names the server's versions.
      fallback.ask();
    },
    isPolling: () => fallback.isPolling(),
  });
  const { socket } = connection;
  const loader = createBoardLoader(siteId, {
    position: () => position,
    loaded({ epoch, revision }, isContinuous) {
      if (isContinuous) return setLive(0);
      position = { epoch, revision };
      knownRevision = 0;
      setLive(0);
      return void follow();
    },
    accessDenied() {
      isAccessCurrent = false;
      connection.drop();
    },
  });
  const retryTimer = createRetry(() => void catchUp());

  const fallback = createFallback({
    reachable: () => connection.signOfLife(),
    poll,
    unanswered() {
      onLost();
      if (isOfflineDue) setOffline();
      connection.signOfLife();
    },
    unreachable(why) {
      obstacle = why;
      const { connection: state } = connectionStore.getState();
      if (state.status === 'offline' && state.why !== why) setConnection({ ...state, why });
    },
    outdated: setOutdated,
  });

  function onLost() {
    isFollowing = false;
    setPresent(null);
    const { connection: state, lastContactAt } = connectionStore.getState();
    if (fallback.isPolling() || ['reconnecting', 'offline', 'outdated'].includes(state.status)) return;
    accessCheckedAt = performance.now();
    setConnection({ status: 'reconnecting', since: lastContactAt ?? serverNow() });
    isOfflineDue = false;
    clearTimeout(offlineTimer);
    offlineTimer = setTimeout(() => {
      isOfflineDue = true;
      if (!fallback.isReachable()) setOffline();
    }, pace.offlineAfterMs);
  }

  function setOffline() {
    const { connection: state } = connectionStore.getState();
    if (state.status !== 'reconnecting') return;
    assumeSleep();
    setConnection({ status: 'offline', since: state.since, why: obstacle });
    giveUpRequests();
  }

  function setOutdated(server?: number) {
    clearTimeout(offlineTimer);
    const { connection: state } = connectionStore.getState();
    const version = server ?? (state.status === 'outdated' ? state.server : undefined);
    setConnection({ status: 'outdated', ...(version !== undefined && { server: version }) });
    giveUpRequests();
  }

  /** Sets the status when the server is back and the missed changes have not arrived yet. */
  function setCatchingUp() {
    clearTimeout(offlineTimer);
    obstacle = null;
    if (connectionStore.getState().connection.status !== 'live') setConnection({ status: 'catching_up' });
  }

  /** Sets the status to live if nothing is missing. */
  function setLive(lagMs: number) {
    const isSlower = fallback.isPolling();
    if ((isFollowing || isSlower) && !isCatchingUp && loader.current())
      setConnection({ status: 'live', lagMs, ...(isSlower && { isSlower }) });
  }

  async function onOpened() {
    isRefused = false;
    fallback.connected();
    setCatchingUp();
    if (!isAccessCurrent) {
      isAccessCurrent = await reloadMe();
      if (isStopped) return;
      if (!isAccessCurrent) return connection.drop();
    }
    if (position) void follow();
    loader.fetchMissing();
  }

  socket.on('heartbeat', (beat: Heartbeat) => {
    const lagMs = syncClock(beat.at);
    // Renews the token: the server ends sessions that are not refreshed, and a wall board sends nothing else.
    void currentToken();
    if (!position) return;
    if (beat.epoch !== position.epoch) startOver();
    else if (beat.revision > position.revision) expectRevision(beat.revision);
    else setLive(lagMs);
  });
  socket.on('changes', receive);
  socket.on('presence', ({ people }) => setPresent(people));
  socket.on('peopleChanged', reloadRecords);
  socket.on('goodbye', ({ reason }) => {
    if (reason === 'shutting_down') return;
    loader.clear();
    position = null;
    if (reason === 'role_changed') isAccessCurrent = false;
    else {
      // The session has ended, perhaps by a new password: the next request shows which.
      reportRefusedToken();
      void currentToken();
    }
  });

  async function follow() {
    if (!position || !socket.connected) return;
    const { id } = socket;
    const from = (followedFrom = position);
    const input = { siteId, ...from };
    const reply = await new Promise<FollowReply | null>((resolve) => {
      socket.timeout(5_000).emit('follow', input, (error, answer) => resolve(error ? null : answer));
    });
    // A later request has replaced this one.
    if (isStopped || socket.id !== id || from !== followedFrom) return;
    if (reply?.status === 'following') {
      isFollowing = true;
      receive(reply.missed);
      if (selectedId !== null) socket.emit('look', { caseId: selectedId });
      setLive(0);
    } else if (reply?.status === 'resync') startOver();
    else {
      if (reply?.code === 'unauthenticated') reportRefusedToken();
      if (reply && isAccessError(reply.code)) isAccessCurrent = false;
      connection.drop();
    }
  }

  /** Loads the board again and follows the feed from there. */
  function startOver() {
    if (!position) return;
    position = null;
    isFollowing = false;
    setConnection({ status: 'catching_up' });
    loader.invalidate();
  }

  function receive(batch: ChangesBatch) {
    if (!position) return;
    const fresh = newChanges(position, batch);
    if (fresh === 'resync') return startOver();
    if (fresh === 'gap') return void catchUp(batch.to);
    const last = fresh.at(-1);
    if (!last) return;
    position = { epoch: batch.epoch, revision: batch.to };
    const before = loader.current();
    loader.add(fresh);
    // In a batch, the second change of a case starts from the first.
    const updated = new Map<string, Case>();
    for (const change of fresh) {
      const item = change.body.type === 'case' ? change.body.case : null;
      publishChange(change, item ? (updated.get(item.id) ?? before?.cases.get(item.id)) : undefined);
      if (item) updated.set(item.id, item);
    }
    setLive(Math.max(0, serverNow() - Date.parse(last.at)));
  }

  /** Updates the board over HTTP, because the socket does not connect. */
  async function poll(): Promise<number | null> {
    if (!isAccessCurrent || performance.now() - accessCheckedAt > pace.accessMs) {
      isAccessCurrent = await reloadMe();
      accessCheckedAt = performance.now();
    }
    if (isStopped || isRefused || !isAccessCurrent) return null;
    if (!position) {
      loader.fetchMissing();
      return 0;
    }
    const { epoch, revision: after } = position;
    const input = { params: { site: siteId }, query: { epoch, after, limit: pageSize } };
    const outcome = await call('changes', input, { signal: AbortSignal.timeout(pace.pollTimeoutMs) });
    if (isStopped || isIncompatible || outcome.kind === 'unreachable') return null;
    if (outcome.kind === 'done') {
      setLastContact(serverNow());
      fallback.polled();
      setCatchingUp();
      receive(outcome.reply);
      setLive(0);
      return 0;
    }
    const { code, retryAfter = 0 } = outcome.problem;
    if (code === 'resync') startOver();
    if (isAccessError(code)) isAccessCurrent = false;
    return retryAfter * 1000;
  }

  /** Loads the missed changes, up to the known revision. */
  async function catchUp(upTo = 0) {
    knownRevision = Math.max(knownRevision, upTo);
    if (isCatchingUp || isStopped) return;
    isCatchingUp = true;
    const isDone = await fetchMissed();
    isCatchingUp = false;
    if (isStopped) return;
    if (!isDone) return retryTimer.later();
    retryTimer.succeeded();
    setLive(0);
  }

  /** Returns false if the server did not send them. */
  async function fetchMissed(): Promise<boolean> {
    while (position && position.revision < knownRevision) {
      if (isFollowing) setConnection({ status: 'catching_up' });
      const { epoch, revision: after } = position;
      const input = { params: { site: siteId }, query: { epoch, after, limit: pageSize } };
      const outcome = await call('changes', input);
      if (isStopped) return true;
      if (outcome.kind === 'refused' && outcome.problem.code === 'resync') startOver();
      else if (outcome.kind === 'done' && outcome.reply.to > after) receive(outcome.reply);
      else return false;
    }
    return true;
  }

  /** Loads the changes up to the revision of a reply, unless the push brings them first. */
  function expectRevision(revision: number) {
    setTimeout(() => {
      if (position && position.revision < revision) void catchUp(revision);
    }, pace.pushWaitMs);
  }

  connection.connect();
  return {
    show: loader.show,
    expectRevision,
    /** Resolves when the board shows this revision. */
    whenReached: (revision: number) =>
      new Promise<void>((resolve) => {
        const epoch = loader.current()?.board.epoch;
        const end = () => {
          stop();
          stopListeners.delete(end);
          resolve();
        };
        const check = () => {
          const board = loader.current()?.board;
          if (!board) return;
          const isSameEpoch = epoch === undefined || board.epoch === epoch;
          if (!isSameEpoch || board.revision >= revision) end();
        };
        const stop = boardStore.subscribe(check);
        stopListeners.add(end);
        check();
      }),
    setSelected(caseId: string | null) {
      if (caseId === selectedId) return;
      selectedId = caseId;
      if (isFollowing) socket.emit('look', { caseId });
    },
    /** Retries now instead of after the pause. */
    retry() {
      connection.retry();
      fallback.ask();
      loader.retry();
      retryTimer.now();
    },
    /** Shortens the pause before the next attempt, because somebody is at the desk. */
    signOfLife: connection.signOfLife,
    /** Call when the server has answered a request. */
    answered: (serverProtocols: Protocols) => {
      isIncompatible = !areCompatible(serverProtocols, protocols);
      if (!isIncompatible) connection.signOfLife();
      else setOutdated(serverProtocols.highest);
    },
    /** Checks the connection, because something may be wrong with it. */
    check: connection.check,
    networkChanged: connection.networkChanged,
    /** Reconnects after sleep: the connection is dead, but its socket does not know yet. */
    awake() {
      connection.drop();
      connection.retry();
    },
    stop() {
      isStopped = true;
      position = null;
      loader.stop();
      retryTimer.cancel();
      clearTimeout(offlineTimer);
      fallback.stop();
      connection.end();
      setPresent(null);
      forgetConnection();
      for (const end of stopListeners) end();
    },
  };
}
