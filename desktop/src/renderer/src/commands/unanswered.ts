import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import { connectionStore, isCutOff } from '../stores/connection.ts';
import { sessionStore } from '../stores/session.ts';

/** The server remembers keys for three days. What is older than a shift is for a person to decide. */
const longestMs = 8 * 60 * 60_000;

/** Neither says whether it was done; both may be asked again under the same key. */
const undecided: readonly string[] = ['in_progress', 'unavailable'];

export const isAnswer = (outcome: Outcome<unknown>) =>
  outcome.kind === 'done' || (outcome.kind === 'refused' && !undecided.includes(outcome.problem.code));

type Waiting = {
  /** How long to wait before the next time; null: it has its answer. */
  readonly askAgain: () => Promise<number | null>;
  readonly isOver: () => boolean;
  readonly giveUp: () => void;
};
/** In the order in which they were given: the first is asked for until it has an answer, then the next. */
let queue: readonly Waiting[] = [];
let isAsking = false;
const again = createRetry(() => void askFirst());

async function askFirst() {
  dropOver();
  const [first] = queue;
  if (!first || isAsking || isCutOff()) return;
  isAsking = true;
  const waitMs = await first.askAgain();
  isAsking = false;
  if (waitMs === null) {
    queue = queue.filter((each) => each !== first);
    again.succeeded();
    void askFirst();
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
 * Asks for a command that had no answer again and again, until it has one. `unreachable` when nobody may ask any more,
 * or for too long.
 */
export function untilAnswered<Reply>(
  ask: () => Promise<Outcome<Reply>>,
  mayRepeat: () => boolean,
): Promise<Outcome<Reply>> {
  const since = performance.now();
  return new Promise((resolve) => {
    const waiting: Waiting = {
      async askAgain() {
        const outcome = await ask();
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

/** Asks at once when the server is back, and nothing more for somebody who has locked the screen or left. */
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
