import type { Board } from '@slate/shared/board';
import type { Change } from '@slate/shared/changes';
import type { ErrorCode } from '@slate/shared/errors';
import { call } from '../api/client.ts';
import { boardStore } from '../stores/board.ts';
import { hearTime, serverNow } from '../stores/clock.ts';
import { heard } from '../stores/connection.ts';
import { createRetry } from './retry.ts';
import { asOfThen, createSeenBoards } from './seen-boards.ts';
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

/** The board of the days that are looked at: fetched once, and from then on what the feed makes of it. */
export function createDays(siteId: string, { position, fetched, refusedMe }: Told) {
  let wanted: { date: string; days: number } | null = null;
  let loading: AbortController | null = null;
  /** What was heard since the board that is being fetched was asked for. */
  let sinceAsked: Change[] = [];
  const seen = createSeenBoards();
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
    const outcome = await call('board', asked, { signal: mine.signal });
    if (loading !== mine) return;
    loading = null;
    if (outcome.kind === 'done') return show(outcome.reply, date, days, heardThen);
    const problem = outcome.kind === 'refused' ? outcome.problem : null;
    if (problem && isAboutMe(problem.code)) return refusedMe();
    failBoard(problem?.code ?? 'unreachable');
    // What cannot be asked for will not be otherwise the next time.
    if (problem?.code !== 'validation') again.later((problem?.retryAfter ?? 0) * 1000);
  }

  function show(board: Board, date: string, days: number, heardThen: number) {
    hearTime(board.at);
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
      if (left) seen.keep(left);
      wanted = { date, days };
      const before = seen.of(date, days);
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
      clearBoard();
    },
    stop() {
      loading?.abort();
      loading = null;
      again.cancel();
    },
  };
}
