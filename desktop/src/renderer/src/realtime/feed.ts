import type { Case } from '@slate/shared/cases';
import type { ChangesBatch } from '@slate/shared/changes';
import type { FollowReply, Heartbeat } from '@slate/shared/socket-events';
import { call, currentToken, tokenRefused } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import { hearTime, serverNow } from '../stores/clock.ts';
import { connectionStore, forgetConnection, heard, setConnection } from '../stores/connection.ts';
import { publishChange } from '../stores/changes.ts';
import { setPresent } from '../stores/presence.ts';
import { reenter } from '../stores/session.ts';
import { createDays, isAboutMe } from './days.ts';
import { createLine } from './line.ts';
import { createRetry } from './retry.ts';
import { whatIsNew } from './sequence.ts';
import type { Position } from './sequence.ts';

/**
 * Keeps the board what the server says it is. Two things come together here: the feed of the site, heard without
 * a gap from a position on, and the board of the days that are looked at, which the feed goes on from. A gap is
 * filled by asking for what was missed; where that cannot be had (too far behind, another epoch), both begin anew.
 */
export type Feed = ReturnType<typeof createFeed>;

/** How long a reply's revision may be ahead before the feed asks for the changes itself. */
const patienceMs = 300;
/** A loss that is over sooner is not worth a banner, nor a command that is refused. */
const blipMs = 3_000;
const pageSize = 500;

export function createFeed(siteId: string) {
  let isStopped = false;
  let position: Position | null = null;
  /** A revision that is known to be there. */
  let known = 0;
  let isCatchingUp = false;
  let isFollowing = false;
  /** What was last asked to follow from. */
  let latest: Position | null = null;
  /** False: what I may see here has changed, and has to be asked for before anything else. */
  let isRoleSure = true;
  let lookedAt: string | null = null;
  let blip: ReturnType<typeof setTimeout> | undefined;
  const whenStopped = new Set<() => void>();

  const line = createLine({
    heard: () => heard(serverNow()),
    opened: () => void opened(),
    lost,
    refused: (code, told) => {
      if (code === 'unauthenticated') tokenRefused();
      if (code !== 'validation') return;
      clearTimeout(blip);
      setConnection({ status: 'outdated', told });
    },
  });
  const { socket } = line;
  const days = createDays(siteId, {
    position: () => position,
    fetched({ epoch, revision }, goesOn) {
      if (goesOn) return live(0);
      position = { epoch, revision };
      known = 0;
      return void follow();
    },
    refusedMe() {
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

  /** All that was sent has been heard. */
  function live(lagMs: number) {
    if (isFollowing && !isCatchingUp && days.current()) setConnection({ status: 'live', lagMs });
  }

  async function opened() {
    // The server is back; what was missed is not yet here.
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
    // A console that only watches asks for nothing else, and the server ends a session that is not refreshed.
    void currentToken();
    if (!position) return;
    if (beat.epoch !== position.epoch) beginAnew();
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
      // The server says so when it is asked: the session is over, or it is that of another password by now.
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
    // The server refuses what a later request to follow has overtaken.
    if (isStopped || socket.id !== id || from !== latest) return;
    if (reply?.status === 'following') {
      isFollowing = true;
      line.succeeded();
      take(reply.missed);
      if (lookedAt !== null) socket.emit('look', { caseId: lookedAt });
      live(0);
    } else if (reply?.status === 'resync') beginAnew();
    else {
      if (reply?.code === 'unauthenticated') tokenRefused();
      if (reply && isAboutMe(reply.code)) isRoleSure = false;
      line.drop();
    }
  }

  /** Nothing fits on what is known: the board is taken anew, and the feed is followed from there. */
  function beginAnew() {
    if (!position) return;
    position = null;
    isFollowing = false;
    setConnection({ status: 'catching_up' });
    days.outdate();
  }

  function take(batch: ChangesBatch) {
    if (!position) return;
    const fresh = whatIsNew(position, batch);
    if (fresh === 'resync') return beginAnew();
    if (fresh === 'gap') return void catchUp(batch.to);
    const last = fresh.at(-1);
    if (!last) return;
    position = { epoch: batch.epoch, revision: batch.to };
    const before = days.current();
    days.hear(fresh);
    // Of two changes of one case, the second finds it as the first has left it.
    const since = new Map<string, Case>();
    for (const change of fresh) {
      const item = change.body.type === 'case' ? change.body.case : null;
      publishChange(change, item ? (since.get(item.id) ?? before?.cases.get(item.id)) : undefined);
      if (item) since.set(item.id, item);
    }
    live(Math.max(0, serverNow() - Date.parse(last.at)));
  }

  /** Asks for what is missing, up to the revision that is known to be there. */
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

  /** False when the server did not answer with them. */
  async function fetchMissed(): Promise<boolean> {
    while (position && position.revision < known) {
      if (isFollowing) setConnection({ status: 'catching_up' });
      const { epoch, revision: after } = position;
      const asked = { params: { site: siteId }, query: { epoch, after, limit: pageSize } };
      const outcome = await call('changes', asked);
      if (isStopped) return true;
      if (outcome.kind === 'refused' && outcome.problem.code === 'resync') beginAnew();
      else if (outcome.kind === 'done' && outcome.reply.to > after) take(outcome.reply);
      else return false;
    }
    return true;
  }

  /** A reply spoke of this revision. The push usually brings it; if it does not, it is asked for. */
  function expect(revision: number) {
    setTimeout(() => {
      if (position && position.revision < revision) void catchUp(revision);
    }, patienceMs);
  }

  line.reach();
  return {
    show: days.show,
    expect,
    /** Resolves when the board shows this revision: from then on it speaks for itself. */
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
      if (caseId === lookedAt) return;
      lookedAt = caseId;
      if (isFollowing) socket.emit('look', { caseId });
    },
    /** Now, instead of when the pause is over. */
    retry() {
      line.retry();
      days.retry();
      again.now();
    },
    /** The server has answered, or somebody is back at the desk: a lost connection is not waited for any longer. */
    signOfLife: line.signOfLife,
    /** The computer has slept: what was connected is not, though nobody has said so. */
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
