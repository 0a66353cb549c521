import type { Change } from '@slate/shared/changes';
import type { Board } from '@slate/shared/contract/reads';
import type { ErrorCode } from '@slate/shared/errors';
import { call } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { syncClock, serverInstant, serverNow } from '../stores/clock.ts';
import { connectionStore, setLastContact } from '../stores/connection.ts';
import { lastBoardStore } from '../stores/last-board.ts';
import { needsNow } from '../stores/session.ts';
import { createKeptDays } from './kept-days.ts';
import { createRetry } from './retry.ts';
import type { Position } from './sequence.ts';
import { applyChanges, clearBoard, failBoard, showBoard, showStale, showStaleBoard } from './write-board.ts';

type Handlers = {
  /** Returns the position of the feed. */
  position: () => Position | null;
  /** Called when a board was loaded. `isContinuous`: the feed continues from it; otherwise the feed must start over. */
  loaded: (board: Board, isContinuous: boolean) => void;
  /** Called when this person's role at the site has changed or ended. */
  accessDenied: () => void;
};

export const isAccessError = (code: ErrorCode) => code === 'forbidden' || code === 'not_found';

/** Returns the board, dated to the last contact with the server. */
function asOfLastContact(view: BoardView): BoardView {
  const { lastContactAt } = connectionStore.getState();
  const at = lastContactAt === null ? view.board.at : new Date(lastContactAt).toISOString();
  return { ...view, board: { ...view.board, at } };
}

const cacheKey = (date: string, days: number) => `${date} ${days}`;

/** Loads the board of the shown days once; then the feed updates it. */
export function createBoardLoader(siteId: string, { position, loaded, accessDenied }: Handlers) {
  let shownDays: { date: string; days: number } | null = null;
  let request: AbortController | null = null;
  /** Changes that have arrived since the board was requested. */
  let changesMeanwhile: Change[] = [];
  /** Boards of other days, shown as stale until the server answers. */
  const seenBoards = createCache<BoardView>();
  /** Replies with their ETags, so that the server does not send an unchanged board again. */
  const cachedReplies = createCache<{ reply: Board; etag: string }>();
  const retry = createRetry(fetchMissing);

  const current = () => {
    const { view, isStale } = boardStore.getState();
    return view && !isStale ? view : null;
  };
  /** The next days, for when the network fails. */
  const keptDays = createKeptDays(siteId, { position, shown: current });

  async function load() {
    if (!shownDays) return;
    retry.cancel();
    request?.abort();
    // Without the server, only the boards that this desk has saved can be shown.
    if (needsNow()) {
      const { view } = boardStore.getState();
      if (!view) failBoard(lastBoardStore.getState().isUnreadable ? 'not_readable' : 'not_saved');
      return;
    }
    const thisRequest = (request = new AbortController());
    const { date, days } = shownDays;
    const revisionBefore = position()?.revision ?? 0;
    changesMeanwhile = [];
    const input = { params: { site: siteId }, query: { date, days } };
    const cached = cachedReplies.get(cacheKey(date, days));
    const requestedAt = performance.now();
    const outcome = await call('board', input, { signal: thisRequest.signal, cached });
    if (request !== thisRequest) return;
    request = null;
    if (outcome.kind === 'done') {
      const { reply, etag } = outcome;
      if (etag !== undefined) cachedReplies.set(cacheKey(date, days), { reply, etag });
      const isCached = reply === cached?.reply;
      // A cached reply says nothing about the server's time.
      if (!isCached) syncClock(reply.at, requestedAt);
      return show(isCached ? { ...reply, at: serverInstant() } : reply, date, days, revisionBefore);
    }
    const problem = outcome.kind === 'refused' ? outcome.problem : null;
    if (problem && isAccessError(problem.code)) {
      keptDays.clear();
      return accessDenied();
    }
    failBoard(problem?.code ?? 'unreachable');
    // An invalid request stays invalid.
    if (problem?.code !== 'validation') retry.later((problem?.retryAfter ?? 0) * 1000);
  }

  function show(board: Board, date: string, days: number, revisionThen: number) {
    setLastContact(serverNow());
    retry.succeeded();
    showBoard(board, date, days);
    // Not continuous: the database was restored or has lost its latest changes.
    const isContinuous = position()?.epoch === board.epoch && board.revision >= revisionThen;
    if (isContinuous) apply(changesMeanwhile);
    else keptDays.invalidate();
    changesMeanwhile = [];
    loaded(board, isContinuous);
  }

  /** Applies the changes that the board does not contain yet. */
  function apply(changes: readonly Change[]) {
    const revision = current()?.board.revision ?? 0;
    const fresh = changes.filter((change) => change.revision > revision);
    const last = fresh.at(-1);
    if (last) applyChanges(fresh, last.revision, last.at);
  }

  function fetchMissing() {
    if (!current() && !request) void load();
  }

  return {
    current,
    /** Shows these days: first as last seen or saved, then as the server answers. */
    show: (date: string, days: number) => {
      if (shownDays?.date === date && shownDays.days === days) return;
      const previous = current();
      if (previous) seenBoards.set(cacheKey(previous.date, previous.days), asOfLastContact(previous));
      shownDays = { date, days };
      const seen = seenBoards.get(cacheKey(date, days));
      const saved = seen ? undefined : keptDays.of(date, days);
      if (seen) showStale(seen);
      else if (saved) showStaleBoard(saved, date, days);
      else clearBoard();
      void load();
    },
    /** Adds changes from the feed. */
    add(changes: readonly Change[]) {
      keptDays.add(changes);
      if (current()) apply(changes);
      else changesMeanwhile.push(...changes);
    },
    /** Loads the board unless it is loaded or loading. */
    fetchMissing,
    retry: retry.now,
    /** Marks the board as stale and loads a new one: the feed cannot continue from it. */
    invalidate() {
      seenBoards.clear();
      keptDays.invalidate();
      const view = current();
      if (view) showStale(asOfLastContact(view));
      void load();
    },
    /** Deletes all boards: this person may no longer be allowed to see them. */
    clear() {
      request?.abort();
      request = null;
      seenBoards.clear();
      cachedReplies.clear();
      clearBoard();
      keptDays.clear();
    },
    stop() {
      keptDays.stop();
      request?.abort();
      request = null;
      retry.cancel();
      seenBoards.clear();
      cachedReplies.clear();
    },
  };
}

/** Caches the latest values, in memory only: boards contain patient data. */
function createCache<Value>(maxSize = 8) {
  const entries = new Map<string, Value>();
  return {
    set(key: string, value: Value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > maxSize && oldest !== undefined) entries.delete(oldest);
    },
    get: (key: string) => entries.get(key),
    clear: () => entries.clear(),
  };
}
