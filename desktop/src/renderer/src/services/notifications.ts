import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import { shell } from '../shell/shell.ts';
import { nameOf } from '../stores/board.ts';
import { isMove, subscribeToChanges } from '../stores/changes.ts';
import { isHoldOpen } from '../stores/dialogs.ts';
import { meNow, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { zoneNow } from '../stores/view.ts';
import { numberOf } from '../words/cases.ts';
import { notificationWords as words } from '../words/notifications.ts';
import { dayAndTimeOf, duration } from '../words/time.ts';
import { warnOfExpiry } from './expiring-holds.ts';

const longest = 300;

/** Notifies people when others change their cases, and when their holds expire. */
export function notifyOfChanges(): () => void {
  const stopChanges = subscribeToChanges((change, before) => {
    const message = notificationOf(change, before);
    if (message) deliver(message);
  });
  const stopWarning = warnOfExpiry((item) => {
    notify(words.expiring.title, words.expiring.body(...nameAndPlace(item)), item.id);
    return true;
  });
  return () => {
    stopChanges();
    stopWarning();
  };
}

/** Whether I created the case or work for its surgeon. */
function concernsMe({ createdBy, surgeonId }: Case): boolean {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return false;
  return createdBy === session.me.id || (surgeonId !== null && session.site.surgeonIds.includes(surgeonId));
}

function nameAndPlace(item: Case): [what: string, where: string] {
  const where = isPlaced(item)
    ? words.where(nameOf(item.roomId), dayAndTimeOf(item.start, zoneNow()))
    : words.nowhere;
  return [numberOf(item), where];
}

/** `isOfHold`: an open hold form shows it too. */
type Message = { title: string; body: string; caseId: string; isOfHold?: true };

function notificationOf({ by, body }: Change, before: Case | undefined): Message | null {
  const me = meNow();
  if (body.type !== 'case' || me === null || by?.id === me) return null;
  const { case: item, cause } = body;
  const [what, where] = nameAndPlace(before ?? item);
  const whom = by?.name ?? words.somebody;
  const caseId = item.id;
  if (cause === 'taken_over' && body.from?.id === me) {
    return {
      title: words.takenOver.title,
      body: words.takenOver.body(what, where, whom),
      caseId,
      isOfHold: true,
    };
  }
  // For a day that is not shown, the board does not know the holder: the creator counts instead.
  if (cause === 'expired' && (before ? before.holder?.id : item.createdBy) === me) {
    return { title: words.expired.title, body: words.expired.body(what, where), caseId, isOfHold: true };
  }
  if (!concernsMe(item)) return null;
  const isMoved = isMove(body, before);
  if (isMoved && before && before.roomId === item.roomId && before.start === item.start) {
    return {
      title: words.resized.title,
      body: words.resized.body(what, duration(item.minutes), whom),
      caseId,
    };
  }
  if (isMoved) {
    return { title: words.moved.title, body: words.moved.body(what, nameAndPlace(item)[1], whom), caseId };
  }
  if (cause === 'bumped')
    return { title: words.bumped.title, body: words.bumped.body(what, where, whom), caseId };
  if (cause === 'cancelled') {
    return { title: words.cancelled.title, body: words.cancelled.body(what, where, whom), caseId };
  }
  if (cause === 'voided') {
    return { title: words.voided.title, body: words.voided.body(what, where, whom), caseId };
  }
  return null;
}

/** Also shows a toast that stays, because the notification may go unseen. */
function deliver({ title, body, caseId, isOfHold }: Message) {
  if (!isOfHold || !isHoldOpen(caseId)) toast(`${title}. ${body}`, { stays: true });
  notify(title, body, caseId);
}

function notify(title: string, body: string, caseId: string) {
  // The person sees the board.
  if (!document.hidden && document.hasFocus()) return;
  // Cut to the limit of the bridge. A system without notifications is not an error.
  shell.notify({ title, body: body.slice(0, longest), caseId }).catch(() => {});
}
