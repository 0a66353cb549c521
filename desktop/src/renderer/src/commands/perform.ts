import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Answer } from './command.ts';
import { openDialog } from '../stores/dialogs.ts';
import { personNow, sessionStore } from '../stores/session.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { foreseen } from './foreseen.ts';
import { forgetPatients } from '../stores/forget.ts';
import { tellRefused } from './refused.ts';
import type { NotDone, Remedies } from './refused.ts';

export type Deed<Reply> = {
  /** As the person would name it. */
  readonly title: string;
  readonly item: Case | null;
  readonly send: (overrideReason: string | undefined) => Promise<Answer<Reply>>;
  readonly done: (reply: Reply) => void;
  readonly remedies?: Remedies;
  /** What it places, as it would stand: a reason that is known to be needed is asked for before it is sent. */
  readonly placed?: readonly PlacedCase[];
};

/** How long an answer may take before the person is told that there is none. */
const patienceMs = 5_000;

/** What only a reason allows: the rules that speak against it. Null: it was refused for something else. */
export function cautionsOf(outcome: NotDone): string[] | null {
  if (outcome.kind !== 'refused' || outcome.problem.code !== 'validation') return null;
  const { errors = [] } = outcome.problem;
  // Of several moves, each has a reason of its own.
  return errors.length > 0 && errors.every(({ field }) => /^(moves\.\d+\.)?overrideReason$/.test(field))
    ? [...new Set(errors.map(({ reason }) => reason))]
    : null;
}

/**
 * Does a command and tells what became of it; what only a reason allows is asked for and sent again. Whoever has come
 * since is told nothing of it; over a lock no more of it is kept than if the answer had come just before.
 */
export async function perform<Reply>(deed: Deed<Reply>, overrideReason?: string): Promise<void> {
  const known = overrideReason === undefined ? foreseen(deed.placed ?? []) : [];
  if (known.length > 0) return askWhy(deed, known);
  const by = personNow();
  const waiting = crypto.randomUUID();
  const timer = setTimeout(() => {
    toast(wordsOfOutcome.unanswered(deed.title), { id: waiting, stays: true, about: 'unanswered' });
  }, patienceMs);
  const outcome = await deed.send(overrideReason);
  clearTimeout(timer);
  dismiss(waiting);
  if (personNow() !== by) return;
  tellOutcome(deed, overrideReason, outcome);
  if (sessionStore.getState().status === 'locked') forgetPatients();
}

function tellOutcome<Reply>(
  deed: Deed<Reply>,
  overrideReason: string | undefined,
  outcome: Answer<Reply>,
): void {
  const { title, item, done, remedies } = deed;
  if (outcome.kind === 'done') return done(outcome.reply);
  const cautions = cautionsOf(outcome);
  if (cautions === null) {
    // Refused for nothing that the command says: the same may be done a moment later.
    const isOnlyLater = outcome.kind === 'refused' && outcome.problem.code === 'rate_limited';
    const once = isOnlyLater ? { again: () => void perform(deed, overrideReason) } : {};
    return tellRefused(outcome, title, { seen: item, ...remedies, ...once });
  }
  askWhy(deed, cautions);
}

const askWhy = <Reply>(deed: Deed<Reply>, cautions: readonly string[]) =>
  openDialog({
    kind: 'reason',
    for: 'override',
    title: deed.title,
    caseId: deed.item?.id ?? null,
    cautions,
    placed: deed.placed ?? [],
    give: (reason) => void perform(deed, reason),
  });

export const withReason = (overrideReason: string | undefined) =>
  overrideReason === undefined ? {} : { overrideReason };
