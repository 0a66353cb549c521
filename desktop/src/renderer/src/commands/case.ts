import type { Case } from '@slate/shared/cases';
import { caseName, caseNow } from '../stores/board.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetUndoOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { toastFinal } from './outcome-toasts.ts';
import { keepEarlierUndo } from './hold.ts';
import { caseParams, send } from './send.ts';

const { titles, cannotUndo } = wordsOfOutcome;

/** Confirms a booked case, usually on the evening before. */
export const confirmCase = (item: Case): Promise<void> =>
  send({
    command: 'confirmCase',
    title: titles.confirm(caseName(item)),
    item,
    input: () => ({ ...caseParams(item), body: { to: 'confirmed' as const } }),
    done: ({ case: after }) => {
      keepEarlierUndo(item, after);
      const name = caseName(after);
      toastFinal(wordsOfOutcome.confirmed(name), item.id, cannotUndo.confirmed(name));
    },
  });

/** Cancels a case. Asks for a reason first, because it cannot be undone. */
export const cancelCase = (item: Case, reason?: string): Promise<void> =>
  endCase('cancel', 'cancelCase', wordsOfOutcome.cancelled, cannotUndo.cancelled, item, reason);

/** Voids a case that was entered in error. */
export const voidCase = (item: Case, reason?: string): Promise<void> =>
  endCase('void', 'voidCase', wordsOfOutcome.voided, cannotUndo.voided, item, reason);

function endCase(
  kind: 'cancel' | 'void',
  command: 'cancelCase' | 'voidCase',
  done: (what: string) => string,
  why: (what: string) => string,
  item: Case,
  reason: string | undefined,
): Promise<void> {
  const title = titles[kind](caseName(item));
  if (reason === undefined) {
    const submit = (entered: string) => void endCase(kind, command, done, why, item, entered);
    openDialog({ kind: 'reason', for: kind, title, caseId: item.id, cautions: [], placed: [], submit });
    return Promise.resolve();
  }
  return send({
    command,
    title,
    item,
    input: () => ({ ...caseParams(item), body: { version: item.version, reason } }),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      toastFinal(done(caseName(after)), item.id, why(caseName(after)));
    },
    remedies: { repeat: () => void endCase(kind, command, done, why, caseNow(item.id) ?? item, reason) },
  });
}
