import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import { connectionStore, isCutOff } from '../stores/connection.ts';
import { sessionStore } from '../stores/session.ts';

/** The server remembers keys for three days, but after a shift a person should decide. */
const longestMs = 8 * 60 * 60_000;

/** Replies that do not say whether the command was executed; it may be sent again with the same key. */
const undecided: readonly string[] = ['in_progress', 'unavailable'];

export const isAnswer = (outcome: Outcome<unknown>) =>
  outcome.kind === 'done' || (outcome.kind === 'refused' && !undecided.includes(outcome.problem.code));

type Waiting = {
  /** Sends it again; returns the pause before the next attempt, or null if it was answered. */
  readonly retry: () => Promise<number | null>;
  readonly isOver: () => boolean;
  readonly giveUp: () => void;
};
/** In the order they were given. The first is sent until it is answered, then the next. */
let queue: readonly Waiting[] = [];
let isSending = false;
const again = createRetry(() => void sendFirst());

async function sendFirst() {
  dropOver();
  const [first] = queue;
  if (!first || isSending || isCutOff()) return;
  isSending = true;
  const waitMs = await first.retry();
  isSending = false;
  if (waitMs === null) {
    queue = queue.filter((each) => each !== first);
    again.succeeded();
    void sendFirst();
    return;
  }
  again.later(waitMs);
}

function dropOver() {
  const over = queue.filter((each) => each.isOver());
  if (over.length === 0) return;
  queue = queue.filter((each) => !over.includes(each));
  for (const each of over) each.giveUp();
}

/**
 * Sends an unanswered command until it is answered. Resolves to `unreachable` if it may no longer be repeated, or after
 * too long.
 */
export function untilAnswered<Reply>(
  attempt: () => Promise<Outcome<Reply>>,
  mayRepeat: () => boolean,
): Promise<Outcome<Reply>> {
  const since = performance.now();
  return new Promise((resolve) => {
    const waiting: Waiting = {
      async retry() {
        const outcome = await attempt();
        if (!isAnswer(outcome))
          return outcome.kind === 'refused' ? (outcome.problem.retryAfter ?? 0) * 1000 : 0;
        resolve(outcome);
        return null;
      },
      isOver: () => !mayRepeat() || performance.now() - since > longestMs,
      giveUp: () => resolve({ kind: 'unreachable' }),
    };
    queue = [...queue, waiting];
    again.later();
  });
}

/** Sends again as soon as the server is back. Gives up the commands of a person who signed out or locked the screen. */
export function resendUnanswered(): () => void {
  let isBack = true;
  const stops = [
    connectionStore.subscribe(({ connection: { status } }) => {
      const wasBack = isBack;
      isBack = status === 'catching_up' || status === 'live';
      if (isBack && !wasBack && queue.length > 0) again.now();
    }),
    sessionStore.subscribe(dropOver),
  ];
  return () => stops.forEach((stop) => stop());
}
