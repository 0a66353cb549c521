import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import { connectionStore, isCutOff } from '../stores/connection.ts';
import { sessionStore } from '../stores/session.ts';

/** The server remembers keys for three days. After a shift, a person should decide. */
const longestMs = 8 * 60 * 60_000;

/** Replies that leave open whether it was done; the command may be sent again under the same key. */
const undecided: readonly string[] = ['in_progress', 'unavailable'];

export const isAnswer = (outcome: Outcome<unknown>) =>
  outcome.kind === 'done' || (outcome.kind === 'refused' && !undecided.includes(outcome.problem.code));

type Waiting = {
  /** How long to wait before the next attempt; null: it is answered. */
  readonly retry: () => Promise<number | null>;
  readonly isOver: () => boolean;
  readonly giveUp: () => void;
};
/** In the order they were given: the first is sent again until it is answered, then the next. */
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
 * Sends an unanswered command again and again until it is answered. `unreachable` if it may not be repeated any more, or
 * after too long.
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

/** Sends again at once when the server is back. Gives up the commands of a person who has left or locked the screen. */
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
