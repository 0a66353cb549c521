import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import { shell } from '../shell/shell.ts';
import { boardStore, nameOf } from '../stores/board.ts';
import { serverNow } from '../stores/clock.ts';
import { isHoldOpen } from '../stores/dialogs.ts';
import { onNews } from '../stores/news.ts';
import { meNow, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { zoneNow } from '../stores/view.ts';
import { numberOf } from '../words/cases.ts';
import { noticeWords as words } from '../words/notices.ts';
import { dayAndTimeOf, duration } from '../words/time.ts';

/** How long before its end a hold is spoken of. */
const expiringMs = 30_000;
const longest = 300;

/** Tells the person what others and the clock do to what is theirs. */
export function tellWhatConcernsMe(): () => void {
  const warned = new Set<string>();
  const stopNews = onNews((change, before) => {
    const said = noticeOf(change, before);
    if (said) tell(said);
  });
  const timer = setInterval(() => {
    const { view } = boardStore.getState();
    const me = meNow();
    if (!view || me === null) return;
    for (const item of view.board.cases) {
      if (item.state !== 'held' || item.holder?.id !== me || item.expiresAt === null) continue;
      const leftMs = Date.parse(item.expiresAt) - serverNow();
      // An extended hold may be spoken of again.
      const key = `${item.id} ${item.expiresAt}`;
      if (leftMs > expiringMs || leftMs <= 0 || warned.has(key)) continue;
      warned.add(key);
      notify(words.expiring.title, words.expiring.body(...whatAndWhere(item)), item.id);
    }
  }, 1_000);
  return () => {
    stopNews();
    clearInterval(timer);
  };
}

/** What I have placed, and the cases of surgeons for whom I work. */
function isMine({ createdBy, surgeonId }: Case): boolean {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return false;
  return createdBy === session.me.id || (surgeonId !== null && session.site.surgeonIds.includes(surgeonId));
}

function whatAndWhere(item: Case): [what: string, where: string] {
  const where = isPlaced(item)
    ? words.where(nameOf(item.roomId), dayAndTimeOf(item.start, zoneNow()))
    : words.nowhere;
  return [numberOf(item), where];
}

/** `isOfHold`: its form says it too. */
type Said = { title: string; body: string; caseId: string; isOfHold?: true };

function noticeOf({ by, body }: Change, before: Case | undefined): Said | null {
  const me = meNow();
  if (body.type !== 'case' || me === null || by?.id === me) return null;
  const { case: item, cause } = body;
  const was = before ?? item;
  const [what, where] = whatAndWhere(was);
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
  // Of a day that is not looked at the board does not know who held it.
  if (cause === 'expired' && (before ? before.holder?.id : item.createdBy) === me) {
    return { title: words.expired.title, body: words.expired.body(what, where), caseId, isOfHold: true };
  }
  if (!isMine(item)) return null;
  if (cause === 'moved' && before && before.roomId === item.roomId && before.start === item.start) {
    return {
      title: words.resized.title,
      body: words.resized.body(what, duration(item.minutes), whom),
      caseId,
    };
  }
  if (cause === 'moved') {
    return { title: words.moved.title, body: words.moved.body(what, whatAndWhere(item)[1], whom), caseId };
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

/** In its form, or on the board until it is sent away: the notification may have gone unseen. */
function tell({ title, body, caseId, isOfHold }: Said) {
  if (!isOfHold || !isHoldOpen(caseId)) toast(`${title}. ${body}`, { stays: true });
  notify(title, body, caseId);
}

function notify(title: string, body: string, caseId: string) {
  // Whoever looks at the board sees it there.
  if (!document.hidden && document.hasFocus()) return;
  // As much as the bridge takes; that the system shows none is no reason to stop.
  shell.notify({ title, body: body.slice(0, longest), caseId }).catch(() => {});
}
