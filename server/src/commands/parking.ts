import { LRUCache } from 'lru-cache';

const firstMs = 1_000;
const longestMs = 60_000;

/** Work on many things, each by itself: what fails is left alone for a while, and the rest goes on. */
export type Parking = {
  /** Answers what the work answers; nothing when it fails, or failed just now. */
  attempt<Result>(id: string, work: () => Promise<Result>): Promise<Result | undefined>;
  /** What is left alone at the moment. */
  parked(): string[];
};

/** `failed` hears of each failure; by default it ends the work on the rest, too. */
export function createParking(
  failed: (id: string, error: unknown) => void = (_, error) => {
    throw error;
  },
  clock = () => performance.now(),
): Parking {
  const failures = new LRUCache<string, { until: number; waitMs: number }>({ max: 10_000 });
  const isParked = (id: string) => (failures.peek(id)?.until ?? 0) > clock();
  return {
    parked: () => [...failures.keys()].filter(isParked),
    async attempt(id, work) {
      if (isParked(id)) return undefined;
      try {
        const result = await work();
        failures.delete(id);
        return result;
      } catch (error) {
        // Twice as long each time: it may be an hour until somebody has mended it.
        const waitMs = Math.min((failures.peek(id)?.waitMs ?? firstMs / 2) * 2, longestMs);
        failures.set(id, { until: clock() + waitMs, waitMs });
        failed(id, error);
        return undefined;
      }
    },
  };
}
