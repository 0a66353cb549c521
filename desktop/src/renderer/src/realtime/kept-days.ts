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
/** The shortest time between two saves while changes arrive. */
const pauseMs = 5_000;
/** The time between two saves without changes: the saved board also says until when it was true. */
const refreshMs = 60_000;
const retryMs = 10_000;
/** This many items are written as text within a frame. */
const itemsPerFrame = 200;
/** More changes than this are applied without waiting for the next save. */
const maxChanges = 500;

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
  /** Whether the feed continues from the week. */
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

  /** Call when the feed no longer continues from the week. */
  function invalidate() {
    applyPending();
    isCurrent = false;
    changes = [];
    loading?.abort();
    loading = null;
  }

  /** Applies the pending changes. Returns the week. */
  function applyPending(): KeptDays | null {
    if (!week || !isCurrent) return week;
    const fresh = changes.filter(({ revision }) => revision > (week?.board.revision ?? 0));
    changes = [];
    const board = fresh.reduce((previous, { body }) => boardAfter(previous, body), week.board);
    const revision = fresh.at(-1)?.revision ?? board.revision;
    week = { ...week, board: { ...board, revision, at: asOf() ?? board.at } };
    return week;
  }

  /** The week and the shown days. While there is no week, also the days that were saved before. */
  function all(): readonly KeptDays[] {
    const current = applyPending();
    const view = shown();
    if (!view || (current && covers(current, view.date, view.days))) return current ? [current] : saved;
    const { date, days, board } = view;
    const shownDays = { date, days, board: { ...board, at: asOf() ?? board.at } };
    return current ? [current, shownDays] : [shownDays, ...saved];
  }

  async function load() {
    invalidate();
    const request = (loading = new AbortController());
    loadAt = performance.now() + retryMs;
    const positionBefore = position();
    const date = today();
    const input = { params: { site: siteId }, query: { date, days: keptDays } };
    const outcome = await call('board', input, { signal: request.signal });
    if (outcome.kind === 'done') await writeInPieces(outcome.reply);
    if (loading !== request) return;
    loading = null;
    if (outcome.kind !== 'done') return;
    const { reply: board } = outcome;
    if (!positionBefore || position()?.epoch !== board.epoch || board.revision < positionBefore.revision)
      return;
    week = { date, days: keptDays, board };
    isCurrent = true;
    isChanged = true;
    loadOrSave();
  }

  /** Loads the week if it is missing, and saves it if that is due. */
  function loadOrSave() {
    if (!isMine() || loading) return;
    const now = performance.now();
    const isMissing = isLive() && (!isCurrent || week?.date !== today());
    const isSaveDue = now - savedAt >= (isChanged ? pauseMs : refreshMs) && (isChanged || isLive());
    if (isMissing && now >= loadAt) void load();
    else if (week && isSaveDue && !isSaving) void save();
  }

  /** The shell saves boards in the order of the calls, so this may run while another save does. */
  async function save() {
    if (!isMine() || !me) return;
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

  const timer = setInterval(loadOrSave, 1_000);
  const stops = [
    connectionStore.subscribe((now, before) => {
      if (before.connection.status !== 'live' || now.connection.status === 'live') return;
      trueUntil = before.lastContactAt === null ? null : new Date(before.lastContactAt).toISOString();
      if (week || shown()) void save();
    }),
    deskStore.subscribe(loadOrSave),
    () => clearInterval(timer),
  ];

  return {
    add(fresh: readonly Change[]) {
      if (!isCurrent && !loading) return;
      changes.push(...fresh);
      isChanged = true;
      if (isCurrent && changes.length > maxChanges) applyPending();
    },
    /** The board of these days as it was last known; undefined: it was not saved. */
    of(date: string, days: number): Board | undefined {
      const board = all().find((each) => covers(each, date, days))?.board;
      return board && boardWithin(board, localDay(date, board.site.timeZone, days));
    },
    invalidate,
    /** Deletes the boards, also at the desk: this person may no longer be allowed to see them. */
    clear() {
      invalidate();
      week = null;
      saved = [];
      void save();
    },
    stop() {
      loading?.abort();
      // The desk closes right after this.
      if (isChanged && week) void save();
      for (const stop of stops) stop();
    },
  };
}

const covers = (period: KeptDays, date: string, days: number) =>
  period.date <= date && addDays(date, days) <= addDays(period.date, period.days);

/** Writes the items as text, and lets the page draw between the pieces. */
async function writeInPieces(board: Board) {
  const items = itemsOf(board);
  for (let from = 0; from < items.length; from += itemsPerFrame) {
    writeTexts(items.slice(from, from + itemsPerFrame));
    await new Promise((resolve) => setTimeout(resolve));
  }
}
