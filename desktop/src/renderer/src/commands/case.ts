import type { Case } from '@slate/shared/cases';
import { caseName, caseNow } from '../stores/board.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetUndoOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { toastFinal } from './outcome-toasts.ts';
import { keepUndo } from './hold.ts';
import { on, send } from './send.ts';

const { titles, noWayBack } = wordsOfOutcome;

/** Confirms a booked case, usually on the evening before. */
export const confirmCase = (item: Case): Promise<void> =>
  send({
    command: 'confirmCase',
    title: titles.confirm(caseName(item)),
    item,
    input: () => ({ ...on(item), body: { to: 'confirmed' as const } }),
    done: ({ case: after }) => {
      keepUndo(item, after);
      const name = caseName(after);
      toastFinal(wordsOfOutcome.confirmed(name), item.id, noWayBack.confirmed(name));
    },
  });

/** Cannot be undone, so it asks for a reason first. */
export const cancelCase = (item: Case, reason?: string): Promise<void> =>
  endCase('cancel', 'cancelCase', wordsOfOutcome.cancelled, noWayBack.cancelled, item, reason);

/** For a case entered in error. */
export const voidCase = (item: Case, reason?: string): Promise<void> =>
  endCase('void', 'voidCase', wordsOfOutcome.voided, noWayBack.voided, item, reason);

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
    const give = (given: string) => void endCase(kind, command, done, why, item, given);
    openDialog({ kind: 'reason', for: kind, title, caseId: item.id, cautions: [], placed: [], give });
    return Promise.resolve();
  }
  return send({
    command,
    title,
    item,
    input: () => ({ ...on(item), body: { version: item.version, reason } }),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      toastFinal(done(caseName(after)), item.id, why(caseName(after)));
    },
    remedies: { again: () => void endCase(kind, command, done, why, caseNow(item.id) ?? item, reason) },
  });
}
