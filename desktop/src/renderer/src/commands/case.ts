import type { Case } from '@slate/shared/cases';
import type { GivenReason } from '@slate/shared/reasons';
import { caseName, caseNow } from '../stores/board.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetUndoOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import { keepEarlierUndo } from './hold.ts';
import { caseParams, reasonIn, send } from './send.ts';

const { titles, cannotUndo } = wordsOfOutcome;

/** Confirms a booked case, usually on the evening before. */
export const confirmCase = (item: Case): Promise<void> =>
  send({
    command: 'confirmCase',
    title: titles.confirm(caseName(item)),
    item,
    input: () => ({ ...caseParams(item), body: { to: 'confirmed' as const } }),
    undo: ({ case: after }) => {
      keepEarlierUndo(item, after);
      return finalStep(item.id, cannotUndo.confirmed(caseName(after)));
    },
    done: ({ case: after }, undo) => toastDone(wordsOfOutcome.confirmed(caseName(after)), undo),
  });

/** Cancels a case. Asks for a reason first, because it cannot be undone. */
export const cancelCase = (item: Case, reason?: GivenReason): Promise<void> =>
  endCase('cancel', 'cancelCase', wordsOfOutcome.cancelled, cannotUndo.cancelled, item, reason);

/** Voids a case that was entered in error. */
export const voidCase = (item: Case, reason?: GivenReason): Promise<void> =>
  endCase('void', 'voidCase', wordsOfOutcome.voided, cannotUndo.voided, item, reason);

function endCase(
  kind: 'cancel' | 'void',
  command: 'cancelCase' | 'voidCase',
  done: (what: string) => string,
  why: (what: string) => string,
  item: Case,
  reason: GivenReason | undefined,
): Promise<void> {
  const title = titles[kind](caseName(item));
  if (reason === undefined) {
    const submit = (entered: GivenReason) => void endCase(kind, command, done, why, item, entered);
    openDialog({ kind: 'reason', for: kind, title, caseId: item.id, cautions: [], placed: [], submit });
    return Promise.resolve();
  }
  return send({
    command,
    title,
    item,
    input: () => ({ ...caseParams(item), body: { version: item.version, ...reasonIn(reason) } }),
    undo: ({ case: after }) => {
      forgetUndoOf(item.id);
      return finalStep(item.id, why(caseName(after)));
    },
    done: ({ case: after }, undo) => toastDone(done(caseName(after)), undo),
    remedies: { repeat: () => void endCase(kind, command, done, why, caseNow(item.id) ?? item, reason) },
  });
}
