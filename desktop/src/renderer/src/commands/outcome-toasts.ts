import type { Case } from '@slate/shared/cases';
import type { RouteReply } from '@slate/shared/contract';
import { announce, announceNow } from '../stores/announcements.ts';
import { caseName, nameOf } from '../stores/board.ts';
import { meNow } from '../stores/session.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import type { Toast } from '../stores/toasts.ts';
import { addUndo, addUndoOfRequest, forgetUndoOf, undo } from '../stores/undo.ts';
import type { Undo, UndoOf } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { rangeOf } from '../words/time.ts';

/** Shows and announces an outcome. The toast offers the undo step, if the command can be undone, and closes when it is used. */
export function toastDone(text: string, step: Undo | null = null, id: string = crypto.randomUUID()) {
  const stepOfToast = step && closingToast(step, id);
  if (stepOfToast) addUndo(stepOfToast);
  toastWithUndo(text, stepOfToast, id);
}

/** The same for a request of the queue. `step` takes the request back; `undoOf` returns the step that undoes its result. */
export function toastRequested(
  id: string,
  text: string,
  { step, undoOf, goTo }: { step: Undo; undoOf: UndoOf | null; goTo: Toast['goTo'] },
) {
  const stepOfToast = closingToast(step, id);
  addUndoOfRequest(id, stepOfToast, undoOf);
  toastWithUndo(text, stepOfToast, id, goTo);
}

/** Returns the step with the effect that its toast closes. */
const closingToast = (step: Undo, toastId: string): Undo => ({
  ...step,
  run: () => {
    dismiss(toastId);
    return step.run();
  },
});

function toastWithUndo(text: string, step: Undo | null, id: string, goTo: Toast['goTo'] = null) {
  announce(text);
  toast(text, { id, goTo, undo: step && !step.isFinal ? () => void undoFromToast(step) : null });
}

async function undoFromToast(step: Undo) {
  if (!(await undo(step))) toast(wordsOfOutcome.tooLateToUndo);
}

/** The step of a command that cannot be undone: the undo key says so, and undoes nothing earlier. */
export const finalStep = (caseId: string, why: string): Undo => ({
  label: why,
  caseIds: [caseId],
  isFinal: true,
  run: () => {
    toastDone(why);
    return Promise.resolve();
  },
});

/** The step of a booking. The earlier steps of the case are removed. */
export function stepOfBooking(item: Case): Undo {
  forgetUndoOf(item.id);
  return finalStep(item.id, wordsOfOutcome.cannotUndo.booked(caseName(item)));
}

/** Says that a command could not be saved. Not while the screen is locked: somebody else may read it. */
export function toastNotSaved(title: string, why: string): void {
  if (meNow() === null) return;
  const text = wordsOfOutcome.notSaved(title, why);
  announceNow(text);
  toast(text, { stays: true });
}

/** Shows which resources the case uses while others have claimed them. Somebody must act, so the toast stays. */
export function toastTaken(name: string, taken: RouteReply<'recordMilestone'>['taken']): void {
  if (taken.length === 0) return;
  const lines = taken.map(({ resourceId, start, end, title, reason }) =>
    wordsOfOutcome.takenBy(
      resourceId === null ? wordsOfOutcome.thePatient : nameOf(resourceId),
      title ?? reason ?? wordsOfOutcome.somebodyElse,
      rangeOf(start, end, zoneNow()),
    ),
  );
  const text = wordsOfOutcome.taken(name, [...new Set(lines)]);
  announceNow(text);
  toast(text, { stays: true });
}
