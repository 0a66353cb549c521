import { announce } from '../stores/announcements.ts';
import type { CommandName } from '../stores/intents.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import { canUndo, undo } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { send } from './send.ts';
import type { Request } from './send.ts';

/** Toasts and announces what was done. With an undo step, the toast offers it and goes when it is used. */
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
  canUndo(offered);
  toast(text, { id, undo: () => void undoFromToast(offered) });
}

async function undoFromToast(step: Undo) {
  if (!(await undo(step))) toast(wordsOfOutcome.tooLateToUndo);
}

/** For commands that cannot be undone: the undo key then says so, instead of undoing an earlier command. */
export function toastFinal(text: string, caseId: string, why: string) {
  toastDone(text);
  canUndo({
    label: why,
    caseIds: [caseId],
    run: () => {
      toastDone(why);
      return Promise.resolve();
    },
  });
}

/** An undo step: another command, made when the step is used, with the reason that its time needed before. */
export const undoBy = <Name extends CommandName>(
  { label, undone }: { label: string; undone: string },
  caseIds: readonly string[],
  compensation: () => Request<Name>,
  overrideReason?: string | null,
): Undo => ({
  label,
  caseIds,
  run: () => {
    const request = compensation();
    return send(
      {
        ...request,
        done: (reply) => {
          request.done(reply);
          toastDone(undone);
        },
      },
      overrideReason ?? undefined,
    );
  },
});
