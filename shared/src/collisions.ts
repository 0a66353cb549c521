import type { CaseState } from './case-state.ts';
import { isInRoom } from './case-state.ts';
import type { PlacedCase } from './cases.ts';
import { delayOf, expectedAt } from './reality.ts';
import { overlaps } from './time.ts';

/** A case that runs at another time than planned occupies a resource that another case needs, in any room. */
export type Collision = {
  readonly running: PlacedCase;
  readonly waiting: PlacedCase;
  /** The resource that both need. */
  readonly resourceId: string;
  /** When the resource is expected to be free. */
  readonly until: string;
};

const waits: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];

/** Whether the pool has too little for both. */
export type IsShort = (resourceId: string, running: PlacedCase, waiting: PlacedCase) => boolean;

/** The collisions at a moment, sorted by the planned start of the waiting case. */
export function collisionsOf(cases: readonly PlacedCase[], now: string, isShort: IsShort): Collision[] {
  const keeping = cases
    .filter((item) => isInRoom(item.state) || delayOf(item, now) > 0)
    .map((running) => ({ running, expected: expectedAt(running, now) }))
    .filter(({ running, expected }) => expected.start < running.start || expected.end > running.end);
  // Indexed by resource, because most cases need nothing that is occupied.
  const keptBy = Map.groupBy(
    keeping.flatMap((kept) => needsOf(kept.running).map((resourceId) => ({ ...kept, resourceId }))),
    ({ resourceId }) => resourceId,
  );
  const found = cases
    .filter(({ state }) => waits.includes(state))
    .flatMap((waiting) => {
      const named = new Set<string>();
      return needsOf(waiting).flatMap((resourceId) =>
        (keptBy.get(resourceId) ?? []).flatMap(({ running, expected }) => {
          if (running.id === waiting.id || named.has(running.id)) return [];
          if (!overlaps(expected, waiting) || !isFirst(running, waiting)) return [];
          if (resourceId !== waiting.roomId && !isShort(resourceId, running, waiting)) return [];
          named.add(running.id);
          return [{ running, waiting, resourceId, until: expected.end }];
        }),
      );
    });
  return found.toSorted((a, b) => (a.waiting.start < b.waiting.start ? -1 : 1));
}

/** A case that has begun comes first; otherwise the one with the earlier planned start. */
const isFirst = (running: PlacedCase, waiting: PlacedCase) =>
  isInRoom(running.state) || running.start < waiting.start;

/** The resources of a case, the room first. */
const needsOf = ({ roomId, surgeonId, equipment }: PlacedCase): string[] => [
  roomId,
  ...(surgeonId === null ? [] : [surgeonId]),
  ...equipment.map(({ resourceId }) => resourceId),
];
