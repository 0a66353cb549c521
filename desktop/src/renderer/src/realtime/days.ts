import type { Board } from '@slate/shared/contract/reads';
import type { Change } from '@slate/shared/changes';
import type { ErrorCode } from '@slate/shared/errors';
import { call } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { hearTime, serverInstant, serverNow } from '../stores/clock.ts';
import { connectionStore, heard } from '../stores/connection.ts';
import { lastFew } from './last-few.ts';
import { createRetry } from './retry.ts';
import type { Position } from './sequence.ts';
import { applyChanges, clearBoard, failBoard, showBoard, showStale } from './write-board.ts';

type Told = {
  /** How far the feed has been heard. */
  position: () => Position | null;
  /** A board was fetched. `goesOn`: what has been heard since leads on from it; otherwise nothing known does. */
  fetched: (board: Board, goesOn: boolean) => void;
  /** I have no role there any more, or another one. */
  refusedMe: () => void;
};

export const isAboutMe = (code: ErrorCode) => code === 'forbidden' || code === 'not_found';

/** A board as of when it was last known to be so. */
function asOfThen(view: BoardView): BoardView {
  const { heardAt } = connectionStore.getState();
  const at = heardAt === null ? view.board.at : new Date(heardAt).toISOString();
  return { ...view, board: { ...view.board, at } };
}

const nameOf = (date: string, days: number) => `${date} ${days}`;

/** The board of the days that are looked at: fetched once, and from then on what the feed makes of it. */
export function createDays(siteId: string, { position, fetched, refusedMe }: Told) {
  let wanted: { date: string; days: number } | null = null;
  let loading: AbortController | null = null;
  /** What was heard since the board that is being fetched was asked for. */
  let sinceAsked: Change[] = [];
  /** Of other days: shown at once, as of then, until the server has answered. */
  const seen = lastFew<BoardView>();
  /** As they were fetched: the server need not send again what has not changed. */
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
    const heardThen = position()?.revision ?? 0;
    sinceAsked = [];
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
      // What was not sent again does not tell the time.
      if (!isKnown) hearTime(reply.at, askedAt);
      return show(isKnown ? { ...reply, at: serverInstant() } : reply, date, days, heardThen);
    }
    const problem = outcome.kind === 'refused' ? outcome.problem : null;
    if (problem && isAboutMe(problem.code)) return refusedMe();
    failBoard(problem?.code ?? 'unreachable');
    // What cannot be asked for will not be otherwise the next time.
    if (problem?.code !== 'validation') again.later((problem?.retryAfter ?? 0) * 1000);
  }

  function show(board: Board, date: string, days: number, heardThen: number) {
    heard(serverNow());
    again.succeeded();
    showBoard(board, date, days);
    // Otherwise it is of another history, or of a database that has lost its last moments.
    const goesOn = position()?.epoch === board.epoch && board.revision >= heardThen;
    if (goesOn) add(sinceAsked);
    sinceAsked = [];
    fetched(board, goesOn);
  }

  /** The board may have been read after some of them. */
  function add(changes: readonly Change[]) {
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
    /** Shows these days: at once as they were last seen, and as they are when the server has answered. */
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
    /** What the feed has brought. */
    hear(changes: readonly Change[]) {
      if (current()) add(changes);
      else sinceAsked.push(...changes);
    },
    /** Unless the board is there, or on its way. */
    fetchMissing,
    retry: again.now,
    /** Nothing that is heard leads on from it: it stays until there is another one. */
    outdate() {
      seen.forget();
      const view = current();
      if (view) showStale(asOfThen(view));
      void load();
    },
    /** It may not be mine to see. */
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
