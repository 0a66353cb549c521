import type { Board } from '@slate/shared/board';
import type { Change, ChangesBatch } from '@slate/shared/changes';
import type { ErrorCode } from '@slate/shared/errors';
import type { FollowReply, Heartbeat } from '@slate/shared/socket-events';
import { call, currentToken } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { hearTime, serverNow } from '../stores/clock.ts';
import { connectionStore, forgetConnection, heard, setConnection } from '../stores/connection.ts';
import { tellNews } from '../stores/news.ts';
import { setPresent } from '../stores/presence.ts';
import { reenter, tokenRefused } from '../stores/session.ts';
import { createLine } from './line.ts';
import { createRetry } from './retry.ts';
import { whatIsNew } from './sequence.ts';
import type { Position } from './sequence.ts';
import { applyChanges, clearBoard, failBoard, showBoard, showStale } from './write-board.ts';

/**
 * Keeps the board what the server says it is. Two things come together here: the feed of the site, heard without
 * a gap from a position on, and the board of the days that are looked at, which the feed goes on from. A gap is
 * filled by asking for what was missed; where that cannot be had (too far behind, another epoch), both begin anew.
 */
export type Feed = ReturnType<typeof createFeed>;

/** How long a reply's revision may be ahead before the feed asks for the changes itself. */
const patienceMs = 300;
const boardsKept = 8;
const pageSize = 500;

/** I have no role there any more, or another one. */
const isAboutMe = (code: ErrorCode) => code === 'forbidden' || code === 'not_found';

export function createFeed(siteId: string) {
  let isStopped = false;
  let wanted: { date: string; days: number } | null = null;
  let loading: AbortController | null = null;
  let position: Position | null = null;
  /** What was heard since the board that is being loaded was asked for. */
  let sinceAsked: Change[] = [];
  /** A revision that is known to be there. */
  let known = 0;
  let isCatchingUp = false;
  let isFollowing = false;
  /** False: what I may see here has changed, and has to be asked for before anything else. */
  let isRoleSure = true;
  let lookedAt: string | null = null;
  /** Boards seen before, latest last: shown at once, as of then, until the server has answered. */
  const seen = new Map<string, BoardView>();
  const watchers = new Set<() => void>();

  const line = createLine({
    heard: () => heard(serverNow()),
    opened: () => void opened(),
    lost,
    refused: (code) => {
      if (code === 'unauthenticated') tokenRefused();
      if (code === 'validation') setConnection({ status: 'outdated' });
    },
  });
  const { socket } = line;
  const again = createRetry(() => {
    if (!current() && !loading) void load();
    else void catchUp();
  });

  const current = () => {
    const { view, isStale } = boardStore.getState();
    return view && !isStale ? view : null;
  };

  function lost() {
    isFollowing = false;
    setPresent([]);
    const { connection, heardAt } = connectionStore.getState();
    if (connection.status === 'offline' || connection.status === 'outdated') return;
    setConnection({ status: 'offline', since: heardAt ?? serverNow() });
  }

  /** All that was sent has been heard. */
  function live(lagMs: number) {
    if (isFollowing && !isCatchingUp && current()) setConnection({ status: 'live', lagMs });
  }

  async function opened() {
    // The server is back; what was missed is not yet here.
    setConnection({ status: 'catching_up' });
    if (!isRoleSure) {
      isRoleSure = await reenter();
      if (isStopped) return;
      if (!isRoleSure) return line.drop();
    }
    if (position) void follow();
    if (!current() && !loading) void load();
  }

  socket.on('heartbeat', (beat: Heartbeat) => {
    const lagMs = hearTime(beat.at);
    if (!position) return;
    if (beat.epoch !== position.epoch) beginAnew();
    else if (beat.revision > position.revision) expect(beat.revision);
    else live(lagMs);
  });
  socket.on('changes', take);
  socket.on('presence', ({ people }) => setPresent(people));
  socket.on('goodbye', ({ reason }) => {
    if (reason === 'shutting_down') return;
    // Whatever the board shows may no longer be mine to see.
    loading?.abort();
    loading = null;
    clearBoard();
    seen.clear();
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
    const asked = { siteId, ...position };
    const reply = await new Promise<FollowReply | null>((resolve) => {
      socket.timeout(5_000).emit('follow', asked, (error, answer) => resolve(error ? null : answer));
    });
    if (isStopped || socket.id !== id) return;
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
    seen.clear();
    setConnection({ status: 'catching_up' });
    const view = current();
    if (view) showStale(view);
    void load();
  }

  /** Takes the board of the wanted days. */
  async function load() {
    if (!wanted || isStopped) return;
    const { date, days } = wanted;
    loading?.abort();
    const mine = (loading = new AbortController());
    sinceAsked = [];
    const heardThen = position?.revision ?? 0;
    const asked = { params: { site: siteId }, query: { date, days } };
    const outcome = await call('board', asked, { signal: mine.signal });
    if (loading !== mine || isStopped) return;
    loading = null;
    if (outcome.kind === 'done') return show(outcome.reply, date, days, heardThen);
    const problem = outcome.kind === 'refused' ? outcome.problem : null;
    if (problem && isAboutMe(problem.code)) {
      isRoleSure = false;
      return line.drop();
    }
    failBoard(problem?.code ?? 'unreachable');
    // What was asked for cannot be; it will not be otherwise the next time.
    if (problem?.code !== 'validation') again.later((problem?.retryAfter ?? 0) * 1000);
  }

  function show(board: Board, date: string, days: number, heardThen: number) {
    hearTime(board.at);
    heard(serverNow());
    again.succeeded();
    showBoard(board, date, days);
    // Otherwise it is of another history, or of a database that has lost its last moments.
    const goesOn = position?.epoch === board.epoch && board.revision >= heardThen;
    if (goesOn) addToBoard(sinceAsked);
    sinceAsked = [];
    keep();
    if (goesOn) live(0);
    else {
      position = { epoch: board.epoch, revision: board.revision };
      known = 0;
      void follow();
    }
    tell();
  }

  function keep() {
    const view = current();
    if (!view) return;
    const key = keyOf(view.date, view.days);
    seen.delete(key);
    seen.set(key, view);
    const [oldest] = seen.keys();
    if (seen.size > boardsKept && oldest !== undefined) seen.delete(oldest);
  }

  function take(batch: ChangesBatch) {
    if (!position) return;
    const fresh = whatIsNew(position, batch);
    if (fresh === 'resync') return beginAnew();
    if (fresh === 'gap') return void catchUp(batch.to);
    const last = fresh.at(-1);
    if (!last) return;
    position = { epoch: batch.epoch, revision: batch.to };
    const before = current();
    if (before) addToBoard(fresh);
    else sinceAsked.push(...fresh);
    for (const change of fresh) {
      tellNews(change, change.body.type === 'case' ? before?.cases.get(change.body.case.id) : undefined);
    }
    live(Math.max(0, serverNow() - Date.parse(last.at)));
    tell();
  }

  /** The board may have been read after some of them. */
  function addToBoard(changes: readonly Change[]) {
    const revision = current()?.board.revision ?? 0;
    const fresh = changes.filter((change) => change.revision > revision);
    const last = fresh.at(-1);
    if (last) applyChanges(fresh, last.revision, last.at);
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

  const tell = () => {
    for (const watcher of watchers) watcher();
  };

  line.reach();
  return {
    /** Shows these days: at once as they were last seen, and as they are when the server has answered. */
    show(date: string, days: number) {
      if (wanted?.date === date && wanted.days === days) return;
      keep();
      wanted = { date, days };
      const before = seen.get(keyOf(date, days));
      if (before) showStale(before);
      else clearBoard();
      void load();
    },
    expect,
    /** Resolves when the board shows this revision: from then on it speaks for itself. */
    reached: (revision: number) =>
      new Promise<void>((resolve) => {
        const epoch = current()?.board.epoch;
        const look = () => {
          const board = current()?.board;
          const isOfThen = epoch === undefined || board?.epoch === epoch;
          if (!isStopped && (!board || (isOfThen && board.revision < revision))) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
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
      again.now();
    },
    /** The computer has slept: what was connected is not, though nobody has said so. */
    awake() {
      line.drop();
      line.retry();
    },
    stop() {
      isStopped = true;
      position = null;
      loading?.abort();
      again.cancel();
      line.end();
      setPresent([]);
      forgetConnection();
      tell();
    },
  };
}

const keyOf = (date: string, days: number) => `${date} ${days}`;
