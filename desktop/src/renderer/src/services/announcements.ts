import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import { minutesBetween } from '@slate/shared/time';
import { whereWords } from '../board/focus.ts';
import { announce, announceNow } from '../stores/announcements.ts';
import { caseName, nameOf } from '../stores/board.ts';
import { isMove, subscribeToChanges } from '../stores/changes.ts';
import { connectionStore, isCutOff, isSlower } from '../stores/connection.ts';
import { cursorStore } from '../stores/cursor.ts';
import { cutOffReason, obstacleWords, outdatedWords } from '../stores/cut-off.ts';
import { isHoldOpen } from '../stores/dialogs.ts';
import { isHeldByMe } from '../stores/permissions.ts';
import { meNow } from '../stores/session.ts';
import { dismissAbout } from '../stores/toasts.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { connectionWords } from '../words/connection.ts';
import { keyWords as words } from '../words/keys.ts';
import { duration, timeOf } from '../words/time.ts';
import { warnOfExpiry } from './expiring-holds.ts';

/**
 * Announces, for people who do not see the board, what others change: the case under the cursor, the selected case and their
 * own holds. Also announces the loss and return of the connection. Commands and the cursor have their own announcements.
 */
export function announceChanges(): () => void {
  const stops = [
    subscribeToChanges((change, before) => {
      const text = announcementOf(change, before);
      if (text !== null) announce(text);
    }),
    announceConnection(),
    warnOfExpiry((item) => {
      // The open form says it too.
      if (isHoldOpen(item.id)) return false;
      announceNow(words.expiring(item.title ?? nameOf(item.roomId)));
      return true;
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Announces each state of the connection once, however long it lasts and however often it is set. */
function announceConnection(): () => void {
  let announced: 'live' | 'slower' | 'lost' = isSlower(connectionStore.getState()) ? 'slower' : 'live';
  let isReasonAnnounced = false;
  return connectionStore.subscribe((state) => {
    const { connection } = state;
    if (isCutOff()) {
      const reason = connection.status === 'outdated' ? outdatedWords(connection) : obstacleWords(connection);
      if (announced !== 'lost') {
        const lost = cutOffReason() === null ? words.lostAtDesk : words.lost;
        announceNow(reason === null ? lost : connectionWords.joined(lost, reason));
        isReasonAnnounced = reason !== null;
      } else if (!isReasonAnnounced && reason !== null) {
        announce(reason);
        isReasonAnnounced = true;
      }
      announced = 'lost';
    }
    if (connection.status !== 'live') return;
    const now = isSlower(state) ? 'slower' : 'live';
    if (now !== announced) announce(now === 'slower' ? words.slower : words.back);
    announced = now;
  });
}

/** Dismisses toasts that say the server cannot be reached, once it can. */
export const dismissCutOffToasts = (): (() => void) =>
  connectionStore.subscribe(() => {
    if (!isCutOff()) dismissAbout('cut_off');
  });

/** Returns null if the change does not concern me, or if I made it. */
function announcementOf({ by, body }: Change, before: Case | undefined): string | null {
  if (body.type !== 'case' && body.type !== 'gone') return null;
  const id = body.type === 'case' ? body.case.id : body.id;
  const item = before ?? (body.type === 'case' ? body.case : null);
  // The case may already have moved away from under the cursor.
  const cursor = cursorStore.getState();
  const wasUnderCursor =
    cursor.mode === 'case' &&
    (cursor.caseId === id ||
      (cursor.caseId === null && cursor.roomId === item?.roomId && cursor.at === item?.start));
  const isNear = wasUnderCursor || viewStore.getState().selectedId === id;
  if (!item || by?.id === meNow() || !(isNear || isHeldByMe(item))) return null;
  const what = caseName(item);
  const whom = by?.name ?? words.somebody;
  if (body.type === 'gone') return words.gone.other(what);
  const { case: after, cause } = body;
  // The form or a toast says it, and screen readers read both.
  if (isHeldByMe(item) && (cause === 'expired' || cause === 'taken_over')) return null;
  if (isMove(body, before)) return movedWords(item, after, what, whom);
  switch (cause) {
    case 'bumped':
    case 'cancelled':
    case 'voided':
    case 'released':
      return words.gone[cause](what, whom);
    case 'expired':
      return words.gone.expired(what);
    case 'taken_over':
      return words.takenOver(what, whom);
    case 'moved':
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

function movedWords(before: Case, after: Case, what: string, whom: string): string | null {
  if (!isPlaced(after)) return null;
  if (before.roomId === after.roomId && before.start === after.start) {
    return words.lengthened(what, duration(minutesBetween(after.start, after.end)), whom);
  }
  const where =
    after.roomId === before.roomId ? timeOf(after.start, zoneNow()) : whereWords(after.roomId, after.start);
  return words.movedAway(what, where, whom);
}
