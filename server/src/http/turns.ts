import { Refusal } from '../domain/refusal.ts';

/** Runs the work when it is the caller's turn, or refuses when the turn does not come in time. */
export type InTurn = <Result>(caller: string, work: () => Promise<Result>) => Promise<Result>;

type Queue = { running: number; readonly waiting: Set<() => void> };

/**
 * Limits concurrent work per caller. The others wait, but not for long: the database needs most of the three seconds
 * in which every request is answered.
 */
export function createTurns({ atOnce = 2, maxWaitMs = 250 } = {}): InTurn {
  const queues = new Map<string, Queue>();

  return async function inTurn(caller, work) {
    const queue = queues.get(caller) ?? { running: 0, waiting: new Set() };
    queues.set(caller, queue);
    if (queue.running < atOnce) queue.running++;
    else await turnIn(queue, maxWaitMs);
    try {
      return await work();
    } finally {
      const [next] = queue.waiting;
      // Hand the turn over directly, so that a newcomer cannot take it.
      if (next) next();
      else if (--queue.running === 0) queues.delete(caller);
    }
  };
}

const turnIn = ({ waiting }: Queue, maxWaitMs: number) =>
  new Promise<void>((resolve, reject) => {
    const go = () => {
      clearTimeout(timer);
      waiting.delete(go);
      resolve();
    };
    const timer = setTimeout(() => {
      waiting.delete(go);
      reject(
        new Refusal(
          'rate_limited',
          'Your earlier requests are still being answered. Try again in a moment.',
          {
            retryAfter: 1,
          },
        ),
      );
    }, maxWaitMs);
    waiting.add(go);
  });
