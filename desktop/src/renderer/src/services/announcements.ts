import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import { minutesBetween } from '@slate/shared/time';
import { boardStore, caseName, nameOf } from '../stores/board.ts';
import { serverNow } from '../stores/clock.ts';
import { connectionStore } from '../stores/connection.ts';
import { cursorStore } from '../stores/cursor.ts';
import { isHoldOpen } from '../stores/dialogs.ts';
import { onNews } from '../stores/news.ts';
import { meNow } from '../stores/session.ts';
import { announce, announceNow } from '../stores/toasts.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { keyWords as words } from '../words/keys.ts';
import { duration, timeOf } from '../words/time.ts';
import { holdIsMine, whereWords } from '../board/focus.ts';

/**
 * Says to those who do not see the board what changes under them, and nothing else: what happens to the case
 * under the cursor, to the selected one and to their own holds, and whether the board is still live. What they
 * do themselves is told by whatever does it; where they are, by the board.
 */
export function tellChanges(): () => void {
  const lost = { isTold: false };
  const stops = [
    onNews((change, before) => {
      const text = newsOf(change, before);
      if (text !== null) announce(text);
    }),
    connectionStore.subscribe(({ connection }) => {
      const isLost = connection.status === 'offline' || connection.status === 'outdated';
      if (isLost && !lost.isTold) announceNow(words.lost);
      if (connection.status === 'live' && lost.isTold) announce(words.back);
      if (isLost) lost.isTold = true;
      if (connection.status === 'live') lost.isTold = false;
    }),
    tellExpiring(),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Null: it is none of my concern, or I did it. */
function newsOf({ by, body }: Change, before: Case | undefined): string | null {
  if (body.type !== 'case' && body.type !== 'gone') return null;
  const id = body.type === 'case' ? body.case.id : body.id;
  const was = before ?? (body.type === 'case' ? body.case : null);
  // The cursor may have been left behind where the case stood.
  const cursor = cursorStore.getState();
  const wasUnderCursor =
    cursor.mode === 'case' &&
    (cursor.caseId === id ||
      (cursor.caseId === null && cursor.roomId === was?.roomId && cursor.at === was?.start));
  const isNear = wasUnderCursor || viewStore.getState().selectedId === id;
  if (!was || by?.id === meNow() || !(isNear || holdIsMine(was))) return null;
  const what = caseName(was);
  const whom = by?.name ?? words.somebody;
  if (body.type === 'gone') return words.gone.other(what);
  const { case: item, cause } = body;
  // Whose hold it was is told in its form or on the board, and both are read out.
  if (holdIsMine(was) && (cause === 'expired' || cause === 'taken_over')) return null;
  switch (cause) {
    case 'moved':
      return movedWords(was, item, what, whom);
    case 'bumped':
    case 'cancelled':
    case 'voided':
    case 'released':
      return words.gone[cause](what, whom);
    case 'expired':
      return words.gone.expired(what);
    case 'taken_over':
      return words.takenOver(what, whom);
    case 'added':
    case 'held':
    case 'changed':
    case 'extended':
    case 'booked':
    case 'confirmed':
    case 'milestone':
      break;
  }
  return null;
}

function movedWords(was: Case, item: Case, what: string, whom: string): string | null {
  if (!isPlaced(item)) return null;
  if (was.roomId === item.roomId && was.start === item.start) {
    return words.lengthened(what, duration(minutesBetween(item.start, item.end)), whom);
  }
  const where =
    item.roomId === was.roomId ? timeOf(item.start, zoneNow()) : whereWords(item.roomId, item.start);
  return words.movedAway(what, where, whom);
}

const expiringMs = 30_000;

/** Once for each end of a hold: extended, it may be spoken of again. */
function tellExpiring(): () => void {
  const told = new Set<string>();
  const timer = setInterval(() => {
    for (const item of boardStore.getState().view?.board.cases ?? []) {
      if (item.state !== 'held' || item.expiresAt === null || !holdIsMine(item)) continue;
      const left = Date.parse(item.expiresAt) - serverNow();
      const key = `${item.id} ${item.expiresAt}`;
      // Its form says so itself.
      if (left <= 0 || left > expiringMs || told.has(key) || isHoldOpen(item.id)) continue;
      told.add(key);
      announceNow(words.expiring(item.title ?? nameOf(item.roomId)));
    }
  }, 1_000);
  return () => clearInterval(timer);
}
