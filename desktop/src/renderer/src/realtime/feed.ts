import type { Case } from '@slate/shared/cases';
import type { ChangesBatch } from '@slate/shared/changes';
import type { FollowReply, Heartbeat } from '@slate/shared/socket-events';
import { call, currentToken, tokenRefused } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import { publishChange } from '../stores/changes.ts';
import { hearTime, serverNow } from '../stores/clock.ts';
import { connectionStore, forgetConnection, heard, setConnection } from '../stores/connection.ts';
import { setPresent } from '../stores/presence.ts';
import { reenter } from '../stores/session.ts';
import { createDays, isMyAccess } from './board-loader.ts';
import { createLine } from './connection.ts';
import { createRetry } from './retry.ts';
import { newChanges } from './sequence.ts';
import type { Position } from './sequence.ts';

/**
 * Keeps the board equal to the server's. It joins two things: the feed of the site, followed without a gap from a position,
 * and the board of the shown days, which the feed updates. A gap is filled by loading the missed changes. Where that is
 * impossible (too far behind, another epoch), both start over.
 */
export type Feed = ReturnType<typeof createFeed>;

/** How long a reply's revision may be ahead before the feed loads the changes itself. */
const patienceMs = 300;
/** A shorter loss shows no banner and refuses no command. */
const blipMs = 3_000;
const pageSize = 500;

export function createFeed(siteId: string) {
  let isStopped = false;
  let position: Position | null = null;
  /** A revision that is known to exist. */
  let known = 0;
  let isCatchingUp = false;
  let isFollowing = false;
  /** The position of the last request to follow. */
  let latest: Position | null = null;
  /** False: this person's access has changed and must be loaded before anything else. */
  let isRoleSure = true;
  let selectedId: string | null = null;
  let blip: ReturnType<typeof setTimeout> | undefined;
  const whenStopped = new Set<() => void>();

  const line = createLine({
    heard: () => heard(serverNow()),
    opened: () => void opened(),
    lost,
    refused: (code, detail) => {
      if (code === 'unauthenticated') tokenRefused();
      if (code !== 'validation') return;
      clearTimeout(blip);
      setConnection({ status: 'outdated', detail });
    },
  });
  const { socket } = line;
  const days = createDays(siteId, {
    position: () => position,
    fetched({ epoch, revision }, isContinuous) {
      if (isContinuous) return live(0);
      position = { epoch, revision };
      known = 0;
      return void follow();
    },
    accessDenied() {
      isRoleSure = false;
      line.drop();
    },
  });
  const again = createRetry(() => void catchUp());

  function lost() {
    isFollowing = false;
    setPresent([]);
    const { connection, heardAt } = connectionStore.getState();
    if (['reconnecting', 'offline', 'outdated'].includes(connection.status)) return;
    const since = heardAt ?? serverNow();
    setConnection({ status: 'reconnecting', since });
    blip = setTimeout(() => setConnection({ status: 'offline', since }), blipMs);
  }

  /** Everything that was sent has arrived. */
  function live(lagMs: number) {
    if (isFollowing && !isCatchingUp && days.current()) setConnection({ status: 'live', lagMs });
  }

  async function opened() {
    // The server is back; the missed changes have not arrived yet.
    clearTimeout(blip);
    setConnection({ status: 'catching_up' });
    if (!isRoleSure) {
      isRoleSure = await reenter();
      if (isStopped) return;
      if (!isRoleSure) return line.drop();
    }
    if (position) void follow();
    days.fetchMissing();
  }

  socket.on('heartbeat', (beat: Heartbeat) => {
    const lagMs = hearTime(beat.at);
    // Renews the token: the server ends sessions that are not refreshed, and a wall board sends nothing else.
    void currentToken();
    if (!position) return;
    if (beat.epoch !== position.epoch) startOver();
    else if (beat.revision > position.revision) expect(beat.revision);
    else live(lagMs);
  });
  socket.on('changes', take);
  socket.on('presence', ({ people }) => setPresent(people));
  socket.on('goodbye', ({ reason }) => {
    if (reason === 'shutting_down') return;
    days.clear();
    position = null;
    if (reason === 'role_changed') isRoleSure = false;
    else {
      // The session is over, or another password has ended it: the next request shows which.
      tokenRefused();
      void currentToken();
    }
  });

  async function follow() {
    if (!position || !socket.connected) return;
    const { id } = socket;
    const from = (latest = position);
    const asked = { siteId, ...from };
    const reply = await new Promise<FollowReply | null>((resolve) => {
      socket.timeout(5_000).emit('follow', asked, (error, answer) => resolve(error ? null : answer));
    });
    // A later request replaces this one.
    if (isStopped || socket.id !== id || from !== latest) return;
    if (reply?.status === 'following') {
      isFollowing = true;
      line.succeeded();
      take(reply.missed);
      if (selectedId !== null) socket.emit('look', { caseId: selectedId });
      live(0);
    } else if (reply?.status === 'resync') startOver();
    else {
      if (reply?.code === 'unauthenticated') tokenRefused();
      if (reply && isMyAccess(reply.code)) isRoleSure = false;
      line.drop();
    }
  }

  /** Loads the board again and follows the feed from there. */
  function startOver() {
    if (!position) return;
    position = null;
    isFollowing = false;
    setConnection({ status: 'catching_up' });
    days.outdate();
  }

  function take(batch: ChangesBatch) {
    if (!position) return;
    const fresh = newChanges(position, batch);
    if (fresh === 'resync') return startOver();
    if (fresh === 'gap') return void catchUp(batch.to);
    const last = fresh.at(-1);
    if (!last) return;
    position = { epoch: batch.epoch, revision: batch.to };
    const before = days.current();
    days.add(fresh);
    // A second change of the same case starts from the first.
    const since = new Map<string, Case>();
    for (const change of fresh) {
      const item = change.body.type === 'case' ? change.body.case : null;
      publishChange(change, item ? (since.get(item.id) ?? before?.cases.get(item.id)) : undefined);
      if (item) since.set(item.id, item);
    }
    live(Math.max(0, serverNow() - Date.parse(last.at)));
  }

  /** Loads the missed changes, up to the revision that is known to exist. */
  async function catchUp(upTo = 0) {
    known = Math.max(known, upTo);
    if (isCatchingUp || isStopped) return;
    isCatchingUp = true;
    const isDone = await fetchMissed();
    isCatchingUp = false;
    if (isStopped) return;
    if (!isDone) return again.later();
    again.succeeded();
    live(0);
  }

  /** False if the server did not send them. */
  async function fetchMissed(): Promise<boolean> {
    while (position && position.revision < known) {
      if (isFollowing) setConnection({ status: 'catching_up' });
      const { epoch, revision: after } = position;
      const asked = { params: { site: siteId }, query: { epoch, after, limit: pageSize } };
      const outcome = await call('changes', asked);
      if (isStopped) return true;
      if (outcome.kind === 'refused' && outcome.problem.code === 'resync') startOver();
      else if (outcome.kind === 'done' && outcome.reply.to > after) take(outcome.reply);
      else return false;
    }
    return true;
  }

  /** A reply named this revision. Usually the push brings it; otherwise it is loaded. */
  function expect(revision: number) {
    setTimeout(() => {
      if (position && position.revision < revision) void catchUp(revision);
    }, patienceMs);
  }

  line.reach();
  return {
    show: days.show,
    expect,
    /** Resolves when the board shows this revision. */
    reached: (revision: number) =>
      new Promise<void>((resolve) => {
        const epoch = days.current()?.board.epoch;
        const end = () => {
          stop();
          whenStopped.delete(end);
          resolve();
        };
        const look = () => {
          const board = days.current()?.board;
          if (!board) return;
          const isOfThen = epoch === undefined || board.epoch === epoch;
          if (!isOfThen || board.revision >= revision) end();
        };
        const stop = boardStore.subscribe(look);
        whenStopped.add(end);
        look();
      }),
    look(caseId: string | null) {
      if (caseId === selectedId) return;
      selectedId = caseId;
      if (isFollowing) socket.emit('look', { caseId });
    },
    /** Retries now instead of after the pause. */
    retry() {
      line.retry();
      days.retry();
      again.now();
    },
    /** The server answered a request, or somebody is back: shortens the pause before the next attempt. */
    signOfLife: line.signOfLife,
    /** After sleep the connection is dead, although it has not noticed. */
    awake() {
      line.drop();
      line.retry();
    },
    stop() {
      isStopped = true;
      position = null;
      days.stop();
      again.cancel();
      clearTimeout(blip);
      line.end();
      setPresent([]);
      forgetConnection();
      for (const end of whenStopped) end();
    },
  };
}
