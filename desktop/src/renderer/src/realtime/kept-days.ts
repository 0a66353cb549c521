import { boardAfter, boardWithin } from '@slate/shared/board-after';
import type { Change } from '@slate/shared/changes';
import type { Board } from '@slate/shared/contract/reads';
import { addDays, localDay } from '@slate/shared/time';
import { call } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { connectionStore } from '../stores/connection.ts';
import { deskStore } from '../stores/desk.ts';
import { itemsOf, lastBoardStore, textOfLastBoard, writeTexts } from '../stores/last-board.ts';
import type { KeptDays } from '../stores/last-board.ts';
import { sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { today } from '../stores/view.ts';
import { deskWords } from '../words/desk.ts';
import type { Position } from './sequence.ts';

/** Today and the next six days. */
const keptDays = 7;
/** Saved at most this often while changes arrive… */
const pauseMs = 5_000;
/** …and this often without changes, so that the saved board says it was true until then. */
const refreshMs = 60_000;
const retryMs = 10_000;
/** So many items are written as text in one go: less than a frame. */
const itemsAtOnce = 200;
/** More changes than this are not left for the next save. */
const mostChanges = 500;

type Handlers = {
  position: () => Position | null;
  /** The shown days, if they are up to date. */
  shown: () => BoardView | null;
};

/**
 * The board of the next days, for when the network fails: loaded once, then updated by the feed, and saved at the desk
 * now and then. Changes are applied when it is saved or read, so that a change costs nothing when it arrives.
 */
export function createKeptDays(siteId: string, { position, shown }: Handlers) {
  const session = sessionStore.getState();
  const me = session.status === 'signed_in' ? session.me : null;
  let week: KeptDays | null = null;
  /** The feed continues from it. */
  let isCurrent = false;
  let changes: Change[] = [];
  /** The days that this desk had saved before, until the server sends newer ones. */
  let saved = lastBoardStore.getState().days ?? [];
  let loading: AbortController | null = null;
  let loadAt = 0;
  let savedAt = -Infinity;
  let isSaving = false;
  let hasFailed = false;
  let isChanged = false;
  let trueUntil: string | null = null;

  const isLive = () => connectionStore.getState().connection.status === 'live';
  const isMine = () => {
    const { desk } = deskStore.getState();
    return me !== null && desk?.personId === me.id && desk.siteId === siteId;
  };
  /** Until when the boards are known to be true. */
  const asOf = () => (isLive() ? serverInstant() : trueUntil);

  /** The feed does not continue from it any more. */
  function invalidate() {
    upToDate();
    isCurrent = false;
    changes = [];
    loading?.abort();
    loading = null;
  }

  /** Applies the changes that wait. */
  function upToDate(): KeptDays | null {
    if (!week || !isCurrent) return week;
    const fresh = changes.filter(({ revision }) => revision > (week?.board.revision ?? 0));
    changes = [];
    const board = fresh.reduce((sofar, { body }) => boardAfter(sofar, body), week.board);
    const revision = fresh.at(-1)?.revision ?? board.revision;
    week = { ...week, board: { ...board, revision, at: asOf() ?? board.at } };
    return week;
  }

  /** Without a week of its own, the shown days and those that were saved before. */
  function all(): readonly KeptDays[] {
    const now = upToDate();
    const view = shown();
    if (!view || (now && covers(now, view.date, view.days))) return now ? [now] : saved;
    const { date, days, board } = view;
    const shownDays = { date, days, board: { ...board, at: asOf() ?? board.at } };
    return now ? [now, shownDays] : [shownDays, ...saved];
  }

  async function load() {
    invalidate();
    const mine = (loading = new AbortController());
    loadAt = performance.now() + retryMs;
    const from = position();
    const date = today();
    const asked = { params: { site: siteId }, query: { date, days: keptDays } };
    const outcome = await call('board', asked, { signal: mine.signal });
    if (outcome.kind === 'done') await writeInPieces(outcome.reply);
    if (loading !== mine) return;
    loading = null;
    if (outcome.kind !== 'done') return;
    const { reply: board } = outcome;
    // Otherwise the feed cannot continue from it.
    if (!from || position()?.epoch !== board.epoch || board.revision < from.revision) return;
    week = { date, days: keptDays, board };
    isCurrent = true;
    isChanged = true;
    look();
  }

  function look() {
    if (!isMine() || loading) return;
    const now = performance.now();
    const isMissing = isLive() && (!isCurrent || week?.date !== today());
    if (isMissing && now >= loadAt) void load();
    else if (week && now - savedAt >= (isChanged ? pauseMs : refreshMs) && (isChanged || isLive()))
      void save();
  }

  async function save() {
    if (!isMine() || !me || isSaving) return;
    isChanged = false;
    isSaving = true;
    savedAt = performance.now();
    try {
      await shell.saveBoard(textOfLastBoard(me, siteId, all()));
      hasFailed = false;
    } catch (error) {
      isChanged = true;
      if (!hasFailed && isMine()) toast(deskWords.boardNotSaved(error instanceof Error ? error.message : ''));
      hasFailed = true;
    } finally {
      isSaving = false;
    }
  }

  const timer = setInterval(look, 1_000);
  const stops = [
    connectionStore.subscribe((now, before) => {
      if (before.connection.status !== 'live' || now.connection.status === 'live') return;
      trueUntil = before.lastContactAt === null ? null : new Date(before.lastContactAt).toISOString();
      if (week || shown()) void save();
    }),
    deskStore.subscribe(look),
    () => clearInterval(timer),
  ];

  return {
    add(fresh: readonly Change[]) {
      if (!isCurrent && !loading) return;
      changes.push(...fresh);
      isChanged = true;
      if (isCurrent && changes.length > mostChanges) upToDate();
    },
    /** The board of these days as it was last known; undefined: it was not kept. */
    of(date: string, days: number): Board | undefined {
      const kept = all().find((each) => covers(each, date, days));
      if (!kept) return undefined;
      return boardWithin(kept.board, localDay(date, kept.board.site.timeZone, days));
    },
    invalidate,
    /** This person may not be allowed to see it any more: not here, and not from the disk. */
    clear() {
      invalidate();
      week = null;
      saved = [];
      void save();
    },
    stop() {
      loading?.abort();
      // The last moment at which the desk is open.
      if (isChanged && week) void save();
      for (const stop of stops) stop();
    },
  };
}

const covers = (kept: KeptDays, date: string, days: number) =>
  kept.date <= date && addDays(date, days) <= addDays(kept.date, kept.days);

/** Between the pieces, frames are drawn. */
async function writeInPieces(board: Board) {
  const items = itemsOf(board);
  for (let from = 0; from < items.length; from += itemsAtOnce) {
    writeTexts(items.slice(from, from + itemsAtOnce));
    await new Promise((resolve) => setTimeout(resolve));
  }
}
