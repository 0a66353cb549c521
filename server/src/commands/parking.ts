import { LRUCache } from 'lru-cache';

const firstMs = 1_000;
const longestMs = 60_000;

/** Runs work for many items. A failing item is skipped for a while; the others go on. */
export type Parking = {
  /** Returns the result, or undefined if the work fails or the item is skipped. */
  attempt<Result>(id: string, work: () => Promise<Result>): Promise<Result | undefined>;
  /** The ids of skipped items. */
  parked(): string[];
};

/** `failed` is called for each failure. The default rethrows, which stops the work on the other items as well. */
export function createParking(
  onFailure: (id: string, error: unknown) => void = (_, error) => {
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
        // Double the pause each time, up to a minute.
        const waitMs = Math.min((failures.peek(id)?.waitMs ?? firstMs / 2) * 2, longestMs);
        failures.set(id, { until: clock() + waitMs, waitMs });
        onFailure(id, error);
        return undefined;
      }
    },
  };
}
