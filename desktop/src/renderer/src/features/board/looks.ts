import type { Lane } from '../../stores/board.ts';
import { lookOf } from '../../ui/case-look.ts';
import type { Look } from '../../ui/case-look.ts';
import { layOut } from '../../board/lane-layout.ts';

const known = new WeakMap<Lane, readonly Look[]>();

/** How the cases of a room look at a moment, as they are laid out: the same list for as long as they look the same. */
export function looksOf(lane: Lane, blocked: readonly string[], now: number): readonly Look[] {
  const looks = layOut(lane).cases.map(({ item }) =>
    blocked.includes(item.id) ? 'conflict' : lookOf(item, now),
  );
  const before = known.get(lane);
  if (before && looks.every((look, nth) => look === before[nth])) return before;
  known.set(lane, looks);
  return looks;
}
