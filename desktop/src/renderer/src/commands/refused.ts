import type { Case } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import { openDialog } from '../stores/dialogs.ts';
import type { Answer } from './command.ts';
import type { Place } from '../stores/place.ts';
import { toast } from '../stores/toasts.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';

export type NotDone = Exclude<Answer<unknown>, { kind: 'done' }>;

/** What the person can do about it, beside reading it. */
export type Remedies = {
  /** The case as it was seen when the command was given. */
  seen?: Case | null;
  /** Where it was wanted. */
  asked?: Place | null;
  /** Takes an alternative. */
  retry?: ((place: Place) => void) | null;
  /** The same once more, on the case as it now is. */
  again?: (() => void) | null;
  /** Takes what is wrong with single fields to a form that has them. False: it has not all of them. */
  atFields?: (errors: readonly FieldError[]) => boolean;
};

/** Tells what became of a command that was not done. */
export function tellRefused(
  outcome: NotDone,
  title: string,
  { seen = null, asked = null, retry = null, again = null, atFields }: Remedies = {},
) {
  if (outcome.kind === 'not_sent') return toast(wordsOfOutcome.notSent(title), { stays: true });
  if (outcome.kind === 'unreachable') {
    return toast(wordsOfOutcome.unreachable(title), { stays: true, about: 'unanswered' });
  }
  const { errors = [] } = outcome.problem;
  if (errors.length > 0 && atFields?.(errors)) return;
  openDialog({ kind: 'refusal', problem: outcome.problem, title, seen, asked, retry, again });
}
