import { Refusal } from '../domain/refusal.ts';

/** Runs the work when it is the caller's turn, or refuses when it does not come in time. */
export type InTurn = <Result>(caller: string, work: () => Promise<Result>) => Promise<Result>;

type Queue = { running: number; readonly waiting: Set<() => void> };

/**
 * Lets so many works of one caller run at a time. The others wait, though not for long: what is left of the three
 * seconds in which everything is answered belongs to the database.
 */
export function createTurns({ atOnce = 2, patienceMs = 250 } = {}): InTurn {
  const queues = new Map<string, Queue>();

  return async function inTurn(caller, work) {
    const queue = queues.get(caller) ?? { running: 0, waiting: new Set() };
    queues.set(caller, queue);
    if (queue.running < atOnce) queue.running++;
    else await turnIn(queue, patienceMs);
    try {
      return await work();
    } finally {
      const [next] = queue.waiting;
      // Who waits takes over the turn, so that nobody who comes later gets before them.
      if (next) next();
      else if (--queue.running === 0) queues.delete(caller);
    }
  };
}

const turnIn = ({ waiting }: Queue, patienceMs: number) =>
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
    }, patienceMs);
    waiting.add(go);
  });
