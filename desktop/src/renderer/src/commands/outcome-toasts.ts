import { announce } from '../stores/announcements.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import { addUndo, undo } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';

/** Shows and announces an outcome. The toast offers the undo step, if there is one, and closes when it is used. */
export function toastDone(text: string, step: Undo | null = null) {
  announce(text);
  if (!step) return toast(text);
  const id = crypto.randomUUID();
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
