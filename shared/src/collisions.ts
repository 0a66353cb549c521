import type { CaseState } from './case-state.ts';
import { isInRoom } from './case-state.ts';
import type { PlacedCase } from './cases.ts';
import { delayOf, expectedAt } from './reality.ts';
import { overlaps } from './time.ts';

/** A case that is elsewhere than planned, or later, keeps what another needs, in whichever room. */
export type Collision = {
  readonly running: PlacedCase;
  readonly waiting: PlacedCase;
  /** What both need. */
  readonly resourceId: string;
  /** When it is expected to be free. */
  readonly until: string;
};

const waits: readonly CaseState[] = ['held', 'scheduled', 'confirmed', 'in_holding'];

/** Whether there is not enough of a pool for both. */
export type IsShort = (resourceId: string, running: PlacedCase, waiting: PlacedCase) => boolean;

/** What collides at a moment, by the planned start of the case that waits. */
export function collisionsOf(cases: readonly PlacedCase[], now: string, isShort: IsShort): Collision[] {
  const keeping = cases
    .filter((item) => isInRoom(item.state) || delayOf(item, now) > 0)
    .map((running) => ({ running, expected: expectedAt(running, now) }))
    .filter(({ running, expected }) => expected.start < running.start || expected.end > running.end);
  // Looked up by what is needed: most cases need nothing that is kept.
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

/** Who has begun goes on; of two that have not, the one that was planned first. */
const isFirst = (running: PlacedCase, waiting: PlacedCase) =>
  isInRoom(running.state) || running.start < waiting.start;

/** What a case keeps from others, the room before all else. */
const needsOf = ({ roomId, surgeonId, equipment }: PlacedCase): string[] => [
  roomId,
  ...(surgeonId === null ? [] : [surgeonId]),
  ...equipment.map(({ resourceId }) => resourceId),
];
