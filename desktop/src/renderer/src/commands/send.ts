import type { Case, PlacedCase } from '@slate/shared/cases';
import type { RouteReply } from '@slate/shared/contract';
import type { FieldError } from '@slate/shared/errors';
import { askerNow } from '../preview/judge.ts';
import { verdictOf } from '../preview/verdict.ts';
import { boardStore } from '../stores/board.ts';
import { isCutOff } from '../stores/connection.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetPatients } from '../stores/forget.ts';
import type { CommandName, PendingCase } from '../stores/intents.ts';
import type { Place } from '../stores/place.ts';
import { personNow, sessionStore } from '../stores/session.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { post } from './post.ts';
import type { Answer, CommandInput } from './post.ts';

/** A command as a person gives it: what is sent, and what happens with the answer. */
export type Request<Name extends CommandName> = {
  readonly command: Name;
  /** In the person's words: "Move Total knee to OR 2 10:00". */
  readonly title: string;
  /** The case as it was when the command was given. */
  readonly item: Case | null;
  readonly input: (overrideReason: string | undefined) => CommandInput<Name>;
  /** Drawn on the board until it shows the result. Without it, nothing of the case is drawn. */
  readonly pending?: readonly PendingCase[];
  /** The contents of the form: sent again before they are answered, they keep their key. */
  readonly content?: object | undefined;
  /** The cases as they would be placed. A reason that they are known to need is asked for before sending. */
  readonly placed?: readonly PlacedCase[];
  /** Called when nothing is asked any more. */
  readonly sending?: () => void;
  readonly done: (reply: RouteReply<Name>) => void;
  readonly remedies?: Remedies;
};

/** What a person can do about a refusal. */
export type Remedies = {
  /** The time that was asked for. */
  asked?: Place | null;
  /** Repeats the command with an alternative time. */
  retry?: ((place: Place) => void) | null;
  /** Repeats the command on the case as it is now. */
  again?: (() => void) | null;
  /** Shows errors at the fields of a form. False: it does not have all of the fields. */
  atFields?: (errors: readonly FieldError[]) => boolean;
};

/** After this time without an answer, a toast says so. */
const patienceMs = 5_000;

/**
 * Sends a command and shows its outcome. If it needs a reason, the person is asked and it is sent with the reason. The
 * next person never sees the outcome, and while the screen is locked nothing of it stays in memory.
 */
export async function send<Name extends CommandName>(
  request: Request<Name>,
  overrideReason?: string,
): Promise<void> {
  const { command, title, item, input, pending, content, sending, done, remedies } = request;
  const known = overrideReason === undefined ? knownCautions(request.placed ?? []) : [];
  if (known.length > 0) return askForReason(request, known);
  sending?.();
  const by = personNow();
  const waiting = crypto.randomUUID();
  const timer = setTimeout(() => {
    toast(wordsOfOutcome.unanswered(title), { id: waiting, stays: true, about: 'unanswered' });
  }, patienceMs);
  const asked = input(overrideReason);
  const outcome = await post(command, asked, {
    cases: pending ?? [{ caseId: asked.params?.case ?? item?.id ?? null, place: null, title: null }],
    content,
  });
  clearTimeout(timer);
  dismiss(waiting);
  if (personNow() !== by) return;
  const cautions = cautionsOf(outcome);
  if (outcome.kind === 'done') done(outcome.reply);
  else if (cautions !== null) askForReason(request, cautions);
  else {
    // Too many commands: the same one may succeed a moment later.
    const isOnlyLater = outcome.kind === 'refused' && outcome.problem.code === 'rate_limited';
    const again = isOnlyLater ? { again: () => void send(request, overrideReason) } : {};
    showRefusal(outcome, title, item, { ...remedies, ...again });
  }
  if (sessionStore.getState().status === 'locked') forgetPatients();
}

const askForReason = <Name extends CommandName>(request: Request<Name>, cautions: readonly string[]) =>
  openDialog({
    kind: 'reason',
    for: 'override',
    title: request.title,
    caseId: request.item?.id ?? null,
    cautions,
    placed: request.placed ?? [],
    give: (reason) => void send(request, reason),
  });

/**
 * The rules for which the server would ask a reason, as far as the board tells. None if anything else may be against it:
 * the server must say that first.
 */
function knownCautions(placed: readonly PlacedCase[]): string[] {
  const { view, isStale } = boardStore.getState();
  if (!view || isStale || isCutOff()) return [];
  const isPair = placed.length > 1;
  const isShown = ({ start }: PlacedCase) => view.board.range.start <= start && start < view.board.range.end;
  const verdicts = placed.map((item) => isShown(item) && verdictOf(view, item, askerNow()));
  const isClear = verdicts.every((verdict) => verdict && (isPair || verdict.obstacles.length === 0));
  return isClear ? [...new Set(verdicts.flatMap((verdict) => (verdict ? verdict.cautions : [])))] : [];
}

/** The rules for which the server asks a reason; null if it refused the command for anything else. */
function cautionsOf(outcome: Answer<unknown>): string[] | null {
  if (outcome.kind !== 'refused' || outcome.problem.code !== 'validation') return null;
  const { errors = [] } = outcome.problem;
  // Each of several moves may need a reason.
  return errors.length > 0 && errors.every(({ field }) => /^(moves\.\d+\.)?overrideReason$/.test(field))
    ? [...new Set(errors.map(({ reason }) => reason))]
    : null;
}

export function showRefusal(
  outcome: Exclude<Answer<unknown>, { kind: 'done' }>,
  title: string,
  seen: Case | null = null,
  { asked = null, retry = null, again = null, atFields }: Remedies = {},
) {
  if (outcome.kind === 'not_sent') return toast(wordsOfOutcome.notSent(title), { stays: true });
  if (outcome.kind === 'unreachable') {
    return toast(wordsOfOutcome.unreachable(title), { stays: true, about: 'unanswered' });
  }
  const { errors = [] } = outcome.problem;
  if (errors.length > 0 && atFields?.(errors)) return;
  openDialog({ kind: 'refusal', problem: outcome.problem, title, seen, asked, retry, again });
}

/** The parameters of a command on a case. */
export const on = ({ id }: Pick<Case, 'id'>) => ({ params: { case: id } });

export const withReason = (overrideReason: string | undefined) =>
  overrideReason === undefined ? {} : { overrideReason };
