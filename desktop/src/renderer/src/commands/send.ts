import type { Case, PlacedCase } from '@slate/shared/cases';
import type { RouteReply } from '@slate/shared/contract';
import type { FieldError, Problem } from '@slate/shared/errors';
import type { GivenReason } from '@slate/shared/reasons';
import { callerNow } from '../preview/judge.ts';
import { verdictOf } from '../preview/verdict.ts';
import { boardStore } from '../stores/board.ts';
import { openDialog } from '../stores/dialogs.ts';
import { forgetPatients } from '../stores/forget.ts';
import type { CommandName, PendingCase } from '../stores/intents.ts';
import type { Place } from '../stores/place.ts';
import { requestNow } from '../stores/queue.ts';
import { emailNow, sessionStore } from '../stores/session.ts';
import { dismiss, toast } from '../stores/toasts.ts';
import type { Undo } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { toastDone, toastNotSaved } from './outcome-toasts.ts';
import { post } from './post.ts';
import { toastQueued } from './take-back.ts';
import type { Answer, CommandInput } from './post.ts';

/** A command of a person: its input, and the handling of the reply. */
export type Request<Name extends CommandName> = {
  readonly command: Name;
  /** As shown to the person: "Move Total knee to OR 2 10:00". */
  readonly title: string;
  /** The case as it was when the command was given. Null: a new case, or no case. */
  readonly item: Case | null;
  readonly input: (overrideReason: GivenReason | undefined) => CommandInput<Name>;
  /** Drawn on the board until the board shows the result. */
  readonly pending?: readonly PendingCase[];
  /** The contents of the form. The same contents keep their idempotency key until they are answered. */
  readonly content?: object | undefined;
  /** The cases as they would be placed. If they need a reason, the person enters it before the command is sent. */
  readonly placed?: readonly PlacedCase[];
  /** Called just before sending, when no reason is missing. */
  readonly beforeSend?: () => void;
  /**
   * Returns the step that undoes it, if any, and keeps or removes the earlier steps of its cases. Also called when a queued
   * command is done, unlike `done`.
   */
  readonly undo?: (reply: RouteReply<Name>) => Undo | null;
  /** Shows the result. */
  readonly done: (reply: RouteReply<Name>, undo: Undo | null) => void;
  /** Called with the id of the request if the command goes into the queue. A form closes, or continues with the request. */
  readonly queued?: (id: string) => void;
  readonly remedies?: Remedies;
};

/** The ways to continue after a refusal. */
export type Remedies = {
  /** The requested time. */
  requested?: Place | null;
  /** Repeats the command with an alternative time. */
  retryAt?: ((place: Place) => void) | null;
  /** Repeats the command on the case as it is now. */
  repeat?: (() => void) | null;
  /** Shows errors at the fields of a form; returns false if the form does not have all of these fields. */
  showAtFields?: (errors: readonly FieldError[]) => boolean;
  /** Shows the refusal in the form; returns false to show it in a dialog. */
  refused?: (problem: Problem) => boolean;
};

/** After this time without a reply, a toast says so. */
const noticeAfterMs = 5_000;

/**
 * Sends a command and shows its outcome. If it needs a reason, a dialog asks for one and sends the command with it. The
 * next person never sees the outcome, and nothing of it stays in memory while the screen is locked.
 */
export async function send<Name extends CommandName>(
  request: Request<Name>,
  overrideReason?: GivenReason,
): Promise<void> {
  const { command, title, item, input, pending, content, beforeSend, undo, done, queued, remedies } = request;
  const cautionsOnBoard = overrideReason === undefined ? knownCautions(request.placed ?? []) : [];
  if (cautionsOnBoard.length > 0) return askForReason(request, cautionsOnBoard);
  beforeSend?.();
  const sender = emailNow();
  const toastId = crypto.randomUUID();
  const timer = setTimeout(() => {
    toast(wordsOfOutcome.unanswered(title), { id: toastId, stays: true, about: 'unanswered' });
  }, noticeAfterMs);
  const commandInput = input(overrideReason);
  const outcome = await post(command, commandInput, {
    title,
    item,
    cases: pending ?? [{ caseId: commandInput.params?.case ?? item?.id ?? null, place: null, title: null }],
    content,
  });
  clearTimeout(timer);
  dismiss(toastId);
  if (emailNow() !== sender) return;
  const cautions = cautionsOf(outcome);
  if (outcome.kind === 'done') done(outcome.reply, undo?.(outcome.reply) ?? null);
  else if (outcome.kind === 'queued') {
    // Its desk has been closed.
    if (!requestNow(outcome.id)) return;
    const undoOf = undo && ((reply: unknown) => undo(reply as RouteReply<Name>));
    toastQueued(outcome.id, request.placed ?? [], undoOf);
    queued?.(outcome.id);
  } else if (cautions !== null) askForReason(request, cautions);
  else {
    // The same command may succeed a moment later.
    const isRateLimited = outcome.kind === 'refused' && outcome.problem.code === 'rate_limited';
    const repeat = isRateLimited ? { repeat: () => void send(request, overrideReason) } : {};
    showRefusal(outcome, title, item, { ...remedies, ...repeat });
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
    submit: (reason) => void send(request, reason),
  });

/**
 * Returns the soft rules that the board shows as broken: the server would require a reason. Empty if something else may be
 * in the way, because the server must report that first.
 */
function knownCautions(placed: readonly PlacedCase[]): string[] {
  const { view, isStale } = boardStore.getState();
  if (!view || isStale) return [];
  const isPair = placed.length > 1;
  const isShown = ({ start }: PlacedCase) => view.board.range.start <= start && start < view.board.range.end;
  const verdicts = placed.map((item) => isShown(item) && verdictOf(view, item, callerNow()));
  const isClear = verdicts.every((verdict) => verdict && (isPair || verdict.obstacles.length === 0));
  return isClear ? [...new Set(verdicts.flatMap((verdict) => (verdict ? verdict.cautions : [])))] : [];
}

/** Returns the soft rules for which the server requires a reason; null if it refused for another cause. */
const cautionsOf = (outcome: Answer<unknown>) =>
  outcome.kind === 'refused' ? cautionsIn(outcome.problem) : null;

export function cautionsIn({ code, errors = [] }: Problem): string[] | null {
  if (code !== 'validation') return null;
  // Each of several moves may need a reason.
  return errors.length > 0 && errors.every(({ field }) => /^(moves\.\d+\.)?overrideReason$/.test(field))
    ? [...new Set(errors.map(({ reason }) => reason))]
    : null;
}

export function showRefusal(
  outcome: Exclude<Answer<unknown>, { kind: 'done' | 'queued' }>,
  title: string,
  caseBefore: Case | null = null,
  { requested = null, retryAt = null, repeat = null, showAtFields, refused }: Remedies = {},
) {
  if (outcome.kind === 'not_sent') return toast(wordsOfOutcome.notSent(title), { stays: true });
  if (outcome.kind === 'not_saved') return toastNotSaved(title, outcome.why);
  if (outcome.kind === 'unreachable') {
    return toast(wordsOfOutcome.unreachable(title), { stays: true, about: 'unanswered' });
  }
  const { errors = [] } = outcome.problem;
  if (errors.length > 0 && showAtFields?.(errors)) return;
  if (refused?.(outcome.problem)) return;
  openDialog({ kind: 'refusal', problem: outcome.problem, title, caseBefore, requested, retryAt, repeat });
}

/** Returns the route parameters of a command on a case. */
export const caseParams = ({ id }: Pick<Case, 'id'>) => ({ params: { case: id } });

/** Returns the reason as in the body of a command. */
export const reasonIn = ({ text: reason, code }: GivenReason) => ({
  reason,
  ...(code !== null && { reasonCode: code }),
});
export const withReason = (given: GivenReason | undefined) =>
  given === undefined
    ? {}
    : { overrideReason: given.text, ...(given.code !== null && { overrideReasonCode: given.code }) };

/** The reason for which a case was placed against a soft rule. */
export const overrideOf = ({ overrideReason: text, overrideReasonCode: code }: Case): GivenReason | null =>
  text === null ? null : { text, code };

/** The command of an undo step. */
export type Compensation<Name extends CommandName> = Omit<Request<Name>, 'done'> & {
  readonly done?: (reply: RouteReply<Name>) => void;
};

/** Returns an undo step. It sends `compensation`, with the reason that the restored time had before. */
export const undoBy = <Name extends CommandName>(
  { label, undone }: { label: string; undone: string },
  caseIds: readonly string[],
  compensation: () => Compensation<Name>,
  overrideReason?: GivenReason | null,
): Undo => ({
  label,
  caseIds,
  run: () => {
    const request = compensation();
    return send(
      {
        ...request,
        done: (reply) => {
          request.done?.(reply);
          toastDone(undone);
        },
      },
      overrideReason ?? undefined,
    );
  },
});
