import { dismiss, toast } from '../stores/toasts.ts';
import { announce } from '../stores/announcements.ts';
import { canUndo, undo } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { perform } from './perform.ts';
import type { Deed } from './perform.ts';

/** Tells what was done; with a step, it can be taken back from there and by the key, and is then no longer told. */
export function tellDone(text: string, step: Undo | null = null) {
  announce(text);
  if (!step) return toast(text);
  const id = crypto.randomUUID();
  const told: Undo = {
    ...step,
    run: () => {
      dismiss(id);
      return step.run();
    },
  };
  canUndo(told);
  toast(text, { id, undo: () => void undoOrSay(told) });
}

async function undoOrSay(step: Undo) {
  if (!(await undo(step))) toast(wordsOfOutcome.tooLateToUndo);
}

/** A step back: a command like any other, told when it is done and refused like any other. */
export const wayBack = <Reply>(
  { label, undone }: { label: string; undone: string },
  caseIds: readonly string[],
  compensation: () => Deed<Reply> & { overrideReason?: string | undefined },
): Undo => ({
  label,
  caseIds,
  run: () => {
    const { overrideReason, ...deed } = compensation();
    const done = (reply: Reply) => {
      deed.done(reply);
      tellDone(undone);
    };
    return perform({ ...deed, done }, overrideReason);
  },
});

/**
 * Tells what was done and cannot be taken back. The key then says so, instead of taking back something earlier
 * that the person is not thinking of.
 */
export function tellDoneForGood(text: string, caseId: string, why: string) {
  tellDone(text);
  canUndo({
    label: why,
    caseIds: [caseId],
    run: () => {
      tellDone(why);
      return Promise.resolve();
    },
  });
}
