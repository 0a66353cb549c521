import type { Change } from '@slate/shared/changes';
import type { Board } from '@slate/shared/contract/reads';
import type { ErrorCode } from '@slate/shared/errors';
import { call } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { hearTime, serverInstant, serverNow } from '../stores/clock.ts';
import { connectionStore, heard } from '../stores/connection.ts';
import { createRetry } from './retry.ts';
import type { Position } from './sequence.ts';
import { applyChanges, clearBoard, failBoard, showBoard, showStale } from './write-board.ts';

type Handlers = {
  /** How far the feed has come. */
  position: () => Position | null;
  /** A board was loaded. `isContinuous`: the feed continues from it; otherwise the feed must start over. */
  fetched: (board: Board, isContinuous: boolean) => void;
  /** This person's role at the site has changed or ended. */
  accessDenied: () => void;
};

export const isMyAccess = (code: ErrorCode) => code === 'forbidden' || code === 'not_found';

/** The board, dated to when it was last known to be true. */
function asOfThen(view: BoardView): BoardView {
  const { heardAt } = connectionStore.getState();
  const at = heardAt === null ? view.board.at : new Date(heardAt).toISOString();
  return { ...view, board: { ...view.board, at } };
}

const nameOf = (date: string, days: number) => `${date} ${days}`;

/** The board of the shown days: loaded once, then updated by the feed. */
export function createDays(siteId: string, { position, fetched, accessDenied }: Handlers) {
  let wanted: { date: string; days: number } | null = null;
  let loading: AbortController | null = null;
  /** Changes that arrived since the request for the board. */
  let sinceRequested: Change[] = [];
  /** Boards of other days: shown at once, as of then, until the server answers. */
  const seen = lastFew<BoardView>();
  /** Replies with their ETags, so that the server need not send an unchanged board again. */
  const fetchedBefore = lastFew<{ reply: Board; etag: string }>();
  const again = createRetry(fetchMissing);

  const current = () => {
    const { view, isStale } = boardStore.getState();
    return view && !isStale ? view : null;
  };

  async function load() {
    if (!wanted) return;
    again.cancel();
    loading?.abort();
    const mine = (loading = new AbortController());
    const { date, days } = wanted;
    const revisionThen = position()?.revision ?? 0;
    sinceRequested = [];
    const asked = { params: { site: siteId }, query: { date, days } };
    const known = fetchedBefore.of(nameOf(date, days));
    const askedAt = performance.now();
    const outcome = await call('board', asked, { signal: mine.signal, known });
    if (loading !== mine) return;
    loading = null;
    if (outcome.kind === 'done') {
      const { reply, etag } = outcome;
      if (etag !== undefined) fetchedBefore.keep(nameOf(date, days), { reply, etag });
      const isKnown = reply === known?.reply;
      // A cached reply says nothing about the server's time.
      if (!isKnown) hearTime(reply.at, askedAt);
      return show(isKnown ? { ...reply, at: serverInstant() } : reply, date, days, revisionThen);
    }
    const problem = outcome.kind === 'refused' ? outcome.problem : null;
    if (problem && isMyAccess(problem.code)) return accessDenied();
    failBoard(problem?.code ?? 'unreachable');
    // An invalid request stays invalid.
    if (problem?.code !== 'validation') again.later((problem?.retryAfter ?? 0) * 1000);
  }

  function show(board: Board, date: string, days: number, revisionThen: number) {
    heard(serverNow());
    again.succeeded();
    showBoard(board, date, days);
    // Otherwise the database was restored, or has lost its latest changes.
    const isContinuous = position()?.epoch === board.epoch && board.revision >= revisionThen;
    if (isContinuous) apply(sinceRequested);
    sinceRequested = [];
    fetched(board, isContinuous);
  }

  /** The board may already contain some of them. */
  function apply(changes: readonly Change[]) {
    const revision = current()?.board.revision ?? 0;
    const fresh = changes.filter((change) => change.revision > revision);
    const last = fresh.at(-1);
    if (last) applyChanges(fresh, last.revision, last.at);
  }

  function fetchMissing() {
    if (!current() && !loading) void load();
  }

  return {
    current,
    /** Shows these days: at once as last seen, and up to date when the server has answered. */
    show: (date: string, days: number) => {
      if (wanted?.date === date && wanted.days === days) return;
      const left = current();
      if (left) seen.keep(nameOf(left.date, left.days), asOfThen(left));
      wanted = { date, days };
      const before = seen.of(nameOf(date, days));
      if (before) showStale(before);
      else clearBoard();
      void load();
    },
    /** Takes changes from the feed. */
    add(changes: readonly Change[]) {
      if (current()) apply(changes);
      else sinceRequested.push(...changes);
    },
    /** Loads the board unless it is there or loading. */
    fetchMissing,
    retry: again.now,
    /** The feed cannot continue from this board: it is shown as stale until a new one is loaded. */
    outdate() {
      seen.forget();
      const view = current();
      if (view) showStale(asOfThen(view));
      void load();
    },
    /** This person may not be allowed to see it any more. */
    clear() {
      loading?.abort();
      loading = null;
      seen.forget();
      fetchedBefore.forget();
      clearBoard();
    },
    stop() {
      loading?.abort();
      loading = null;
      again.cancel();
      seen.forget();
      fetchedBefore.forget();
    },
  };
}

/** A cache of the latest few by name. In memory only: boards hold patients. */
function lastFew<Kept>(most = 8) {
  const kept = new Map<string, Kept>();
  return {
    keep(name: string, value: Kept) {
      kept.delete(name);
      kept.set(name, value);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
    of: (name: string) => kept.get(name),
    forget: () => kept.clear(),
  };
}
