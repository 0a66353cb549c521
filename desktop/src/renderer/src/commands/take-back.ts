import type { PlacedCase } from '@slate/shared/cases';
import type { QueuedRequest } from '@slate/shared/queue';
import { callerNow } from '../preview/judge.ts';
import { verdictOf } from '../preview/verdict.ts';
import { boardStore, nameOf } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { boardAsOf } from '../stores/cut-off.ts';
import { isCutOff } from '../stores/connection.ts';
import { appendToQueue, isUnanswered, queueStore, requestNow, whyNotTakenBack } from '../stores/queue.ts';
import { meNow } from '../stores/session.ts';
import { addUndoOfRequest } from '../stores/undo.ts';
import type { Undo, UndoOf } from '../stores/undo.ts';
import { isDayShown, showDayOf, zoneNow } from '../stores/view.ts';
import { obstacleWords } from '../words/placing.ts';
import { queueWords as words } from '../words/queue.ts';
import { dayOf, timeOf } from '../words/time.ts';
import { toastDone, toastNotSaved, toastRequested } from './outcome-toasts.ts';

/**
 * Says that a command waits in the queue, and what the board of this desk says about it. Undo takes it back. The toast has
 * the id of the request, and closes when that is answered.
 */
export function toastQueued(id: string, placed: readonly PlacedCase[], undoOf: UndoOf | null = null) {
  const requested = requestNow(id);
  if (!requested || !isUnanswered(requested)) return;
  const { title, wasSent } = requested.request;
  const obstacle = knownObstacle(placed);
  const isHeldUp = !isCutOff() && queueStore.getState().trouble !== null;
  const text = (wasSent ? words.unanswered : isHeldUp ? words.requestedBehind : words.requested)(title);
  const asOf = timeOf(boardAsOf() ?? serverInstant(), zoneNow());
  const step = takeBackStep(requested.request);
  // The board stays where it is: this desk may not have saved the other day.
  const start = placed.map((item) => item.start).find((at) => !isDayShown(at));
  const goTo =
    start === undefined ? null : { label: words.goTo(dayOf(start, zoneNow())), run: () => showDayOf(start) };
  toastRequested(id, obstacle === null ? text : words.probablyRefused(text, obstacle, asOf), {
    step,
    undoOf,
    goTo,
  });
}

/** Offers undo for a request that is sent again, without a toast. */
export function offerUndo(id: string, undoOf: UndoOf | null) {
  const requested = requestNow(id);
  if (requested && isUnanswered(requested)) addUndoOfRequest(id, takeBackStep(requested.request), undoOf);
}

const takeBackStep = ({ id, title, cases }: QueuedRequest): Undo => ({
  label: words.takeBack(title),
  caseIds: cases.flatMap(({ caseId }) => caseId ?? []),
  run: () => takeBack(id),
});

/** The obstacle that the board of this desk shows for these places; null: none. */
export function knownObstacle(placed: readonly PlacedCase[]): string | null {
  const { view } = boardStore.getState();
  // If several cases move at once, one may make room for another.
  if (!view || placed.length !== 1) return null;
  const [obstacle] = placed.flatMap((item) => verdictOf(view, item, callerNow()).obstacles);
  return obstacle ? obstacleWords(obstacle, nameOf, zoneNow(), meNow()) : null;
}

/** Removes a request that was not sent, or says why it cannot be removed. */
export async function takeBack(id: string): Promise<void> {
  const requested = requestNow(id);
  if (!requested) return;
  const { title } = requested.request;
  try {
    // Checked when all earlier records are saved: by then it may have been sent.
    const removed = await appendToQueue(() => {
      const now = requestNow(id);
      return now && whyNotTakenBack(now) === null ? [{ type: 'closed', id, how: 'removed' }] : [];
    });
    const why = whyNotTakenBack(requestNow(id) ?? requested);
    toastDone(removed > 0 || why === null ? words.takenBack(title) : words.notTakenBack[why](title));
  } catch (error) {
    toastNotSaved(words.takeBack(title), (error as Error).message);
  }
}
