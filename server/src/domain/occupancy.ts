/** A claim in milliseconds. `by`: whose it is, for a sentence. */
export type Taken = { start: number; end: number; quantity: number; by: string };

const dayMs = 86_400_000;

/** The claims on resources, in memory: to check thousands of cases against each other and against what is booked. */
export function createOccupancy() {
  const byDay = new Map<string, Taken[]>();
  const daysOf = ({ start, end }: { start: number; end: number }) => {
    const first = Math.floor(start / dayMs);
    return Array.from({ length: Math.floor((end - 1) / dayMs) - first + 1 }, (_, index) => first + index);
  };
  return {
    add(resourceId: string, taken: Taken) {
      for (const day of daysOf(taken)) {
        const key = `${resourceId} ${day}`;
        const list = byDay.get(key);
        if (list) list.push(taken);
        else byDay.set(key, [taken]);
      }
    },
    /** The claims in the way of a claim; empty: it fits. */
    inTheWay(resourceId: string, capacity: number, { start, end, quantity }: Omit<Taken, 'by'>): Taken[] {
      const found = new Set<Taken>();
      for (const day of daysOf({ start, end })) {
        for (const taken of byDay.get(`${resourceId} ${day}`) ?? []) {
          if (taken.start < end && start < taken.end) found.add(taken);
        }
      }
      const overlapping = [...found];
      // The load rises only where a claim begins.
      const moments = [start, ...overlapping.map((taken) => taken.start).filter((at) => at > start)];
      const loadAt = (at: number) =>
        overlapping.reduce(
          (sum, taken) => sum + (taken.start <= at && at < taken.end ? taken.quantity : 0),
          0,
        );
      return moments.some((at) => loadAt(at) + quantity > capacity) ? overlapping : [];
    },
  };
}
export type Occupancy = ReturnType<typeof createOccupancy>;
