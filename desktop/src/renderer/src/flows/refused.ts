import type { Outcome } from '../api/client.ts';
import { openDialog } from '../stores/dialogs.ts';
import type { Place } from '../stores/commands.ts';
import { toast } from '../stores/toasts.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';

/** Tells what became of a command that was not done. `retry` takes an alternative. */
export function tellRefused(
  outcome: Exclude<Outcome<unknown>, { kind: 'done' }>,
  title: string,
  retry: ((place: Place) => void) | null = null,
) {
  if (outcome.kind === 'unreachable') return toast(wordsOfOutcome.unreachable(title), { stays: true });
  openDialog({ kind: 'refusal', problem: outcome.problem, title, retry });
}
