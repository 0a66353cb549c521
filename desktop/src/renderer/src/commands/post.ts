import type { Case } from '@slate/shared/cases';
import type { RouteReply } from '@slate/shared/contract';
import type { QueuedRequest } from '@slate/shared/queue';
import { call } from '../api/client.ts';
import type { Input, Outcome } from '../api/client.ts';
import { isCutOff } from '../stores/connection.ts';
import { cutOffReason } from '../stores/cut-off.ts';
import { deskNow } from '../stores/desk.ts';
import { addIntent, dropIntent, settleIntent } from '../stores/intents.ts';
import type { CommandName, PendingCase } from '../stores/intents.ts';
import { isQueueBusy, isWaiting, queueStore, requestNow } from '../stores/queue.ts';
import { meNow, needsNow, sessionStore } from '../stores/session.ts';
import { enqueue, showResult, untilAnswered } from './queue.ts';

/** The input of a command; the site is added here. */
export type CommandInput<Name extends CommandName> = Omit<Input<Name>, 'params'> & {
  params?: Record<string, string>;
};

/**
 * `not_sent`: nothing can be sent or queued. `not_saved`: it should be queued, but cannot be saved. `queued`: it is in the
 * log of this desk and waits there.
 */
export type Answer<Reply> =
  | Outcome<Reply>
  | { kind: 'not_sent' }
  | { kind: 'not_saved'; why: string }
  | { kind: 'queued'; id: string };

type About = {
  title?: string;
  cases?: readonly PendingCase[];
  /** The case as the person saw it. */
  item?: Case | null;
  /** The contents of the form. Sent again without an answer, they keep their key. */
  content?: object | undefined;
};

const keysOfContent = new WeakMap<object, string>();

/** Refusals after which the command may still be done; it may be sent again under the same key. */
const undecidedCodes: readonly string[] = ['in_progress', 'unavailable'];
const isAnswer = (outcome: Outcome<unknown>) =>
  outcome.kind === 'done' || (outcome.kind === 'refused' && !undecidedCodes.includes(outcome.problem.code));

/**
 * Sends one command to the server. It goes into the queue instead while the server is out of reach or wants a password first,
 * while it must wait behind others, and when it gets no answer: always under the same key, so the server does it once. Its
 * intent is in the store until the board shows the result. Only this function and the replay of the queue send commands.
 */
export async function post<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  { content, ...about }: About = {},
): Promise<Answer<RouteReply<Name>>> {
  if (sessionStore.getState().status !== 'signed_in' || cutOffReason() !== null) return { kind: 'not_sent' };
  const key = (content && keysOfContent.get(content)) ?? crypto.randomUUID();
  if (content) keysOfContent.set(content, key);
  const canSendNow = !isCutOff() && needsNow() === null && !mustWait(input);
  addIntent({ key, name, cases: about.cases ?? [], sentAt: performance.now(), isSettled: false });
  const answer = await answerTo(key, name, input, { ...about, canSendNow });
  if (content && answer.kind !== 'unreachable' && answer.kind !== 'queued') keysOfContent.delete(content);
  if (answer.kind === 'done') {
    settleIntent(key);
    void showResult(key, answer.reply);
  } else dropIntent(key);
  return answer;
}

/**
 * Whether a command must wait behind the queue. If the queue stands still although the server answers, only a command on a
 * case that others wait for does: nothing else would be sent for as long as that lasts.
 */
function mustWait({ params = {}, body }: { params?: Record<string, string>; body?: unknown }): boolean {
  const { queue, trouble } = queueStore.getState();
  if (trouble === null || trouble === 'sign_in' || trouble === 'retired') return isQueueBusy();
  const command = { params, body: body as QueuedRequest['body'], kind: 'claim', replaces: null } as const;
  return queue.dependenciesOf(command).length > 0;
}

async function answerTo<Name extends CommandName>(
  key: string,
  name: Name,
  { params = {}, ...input }: CommandInput<Name>,
  { title = '', cases = [], item = null, canSendNow }: Omit<About, 'content'> & { canSendNow: boolean },
): Promise<Answer<RouteReply<Name>>> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return { kind: 'not_sent' };
  const desk = deskNow();
  const requested = requestNow(key);
  if (!requested || !isWaiting(requested)) {
    if (canSendNow) {
      // Never sent in the name of the next person.
      const mayRepeat = () => meNow() === session.me.id;
      const request = { ...input, params: { site: session.site.id, ...params } } as unknown as Input<Name>;
      const outcome = await call(name, request, { key, mayRepeat });
      if (isAnswer(outcome) || !mayRepeat()) return outcome;
    }
    const { body } = input as { body?: unknown };
    try {
      await enqueue({ key, name, params, body, title, cases, item, wasSent: canSendNow });
    } catch (error) {
      return canSendNow ? { kind: 'unreachable' } : { kind: 'not_saved', why: (error as Error).message };
    }
  }
  // The outcome is shown later, so the screen does not wait for it.
  const isHalted = isCutOff() || needsNow() !== null || queueStore.getState().trouble !== null;
  if (desk && (isHalted || deskNow() !== desk)) return { kind: 'queued', id: key };
  const answer = await untilAnswered(key);
  return answer.kind === 'queued' ? { kind: 'queued', id: key } : answer;
}
