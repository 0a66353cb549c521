import type { Case } from '@slate/shared/cases';
import { caseName, caseNow } from '../stores/board.ts';
import { command, on } from './command.ts';
import type { CommandName } from '../stores/intents.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetUndoOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { goesOn } from './hold.ts';
import { perform } from './perform.ts';
import { tellDoneForGood } from './tell.ts';

const { deed, noWayBack } = wordsOfOutcome;

/** The evening before: says of a booked case that it stands. */
export const confirmCase = (item: Case): Promise<void> =>
  perform({
    title: deed.confirm(caseName(item)),
    item,
    send: () => command('confirmCase', { ...on(item), body: { to: 'confirmed' } }, { title: item.title }),
    done: ({ case: after }) => {
      goesOn(item, after);
      const name = caseName(after);
      tellDoneForGood(wordsOfOutcome.confirmed(name), item.id, noWayBack.confirmed(name));
    },
  });

/** There is no way back from it: it asks for its reason before anything is done. */
export const cancelCase = (item: Case, reason?: string): Promise<void> =>
  endCase('cancel', 'cancelCase', wordsOfOutcome.cancelled, noWayBack.cancelled, item, reason);

/** Entered in error. */
export const voidCase = (item: Case, reason?: string): Promise<void> =>
  endCase('void', 'voidCase', wordsOfOutcome.voided, noWayBack.voided, item, reason);

function endCase(
  kind: 'cancel' | 'void',
  name: Extract<CommandName, 'cancelCase' | 'voidCase'>,
  told: (what: string) => string,
  why: (what: string) => string,
  item: Case,
  reason: string | undefined,
): Promise<void> {
  const title = deed[kind](caseName(item));
  if (reason === undefined) {
    const give = (given: string) => void endCase(kind, name, told, why, item, given);
    openDialog({ kind: 'reason', for: kind, title, caseId: item.id, cautions: [], placed: [], give });
    return Promise.resolve();
  }
  return perform({
    title,
    item,
    send: () =>
      command(name, { ...on(item), body: { version: item.version, reason } }, { title: item.title }),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      tellDoneForGood(told(caseName(after)), item.id, why(caseName(after)));
    },
    remedies: { again: () => void endCase(kind, name, told, why, caseNow(item.id) ?? item, reason) },
  });
}
