import type { RouteReply } from '@slate/shared/contract';
import { announce, announceNow } from '../stores/announcements.ts';
import { nameOf } from '../stores/board.ts';
import { meNow } from '../stores/session.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import { addUndo, undo } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { zoneNow } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { rangeOf } from '../words/time.ts';

/** Shows and announces an outcome. The toast offers the undo step, if there is one, and closes when it is used. */
export function toastDone(text: string, step: Undo | null = null, id: string = crypto.randomUUID()) {
  announce(text);
  if (!step) return toast(text, { id });
  const offered: Undo = {
    ...step,
    run: () => {
      dismiss(id);
      return step.run();
    },
  };
  addUndo(offered);
  toast(text, { id, undo: () => void undoFromToast(offered) });
}

async function undoFromToast(step: Undo) {
  if (!(await undo(step))) toast(wordsOfOutcome.tooLateToUndo);
}

/** Like `toastDone`, for a command that cannot be undone: the undo key says so instead of undoing an earlier command. */
export function toastFinal(text: string, caseId: string, why: string) {
  toastDone(text);
  addUndo({
    label: why,
    caseIds: [caseId],
    run: () => {
      toastDone(why);
      return Promise.resolve();
    },
  });
}

/** Says that a request is not in the log. Nobody else is told: neither on a locked screen nor after it. */
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
