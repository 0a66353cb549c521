import type { Axis } from '../../board/geometry.ts';

export type Bounds = { left: number; top: number; right: number; bottom: number };
type Size = { width: number; height: number };

const gap = 5;
const margin = 6;

/**
 * Where the label of a ghost stands: along a lane above it, or below it when there is no room; along a column to
 * its right, or to its left. Always wholly within what is seen, also where its ghost is not.
 */
export function labelPlace(axis: Axis, ghost: Bounds, seen: Bounds, { width, height }: Size) {
  const first = { left: seen.left + margin, top: seen.top + margin };
  const last = {
    left: Math.max(first.left, seen.right - width - margin),
    top: Math.max(first.top, seen.bottom - height - margin),
  };
  const [above, below] = [ghost.top - gap - height, ghost.bottom + gap];
  const [before, after] = [ghost.left - gap - width, ghost.right + gap];
  const wanted =
    axis === 'x'
      ? { left: ghost.left, top: above >= first.top || below > last.top ? above : below }
      : { left: after <= last.left || before < first.left ? after : before, top: ghost.top };
  const within = (at: number, least: number, most: number) => Math.max(least, Math.min(at, most));
  return {
    left: within(wanted.left, first.left, last.left),
    top: within(wanted.top, first.top, last.top),
  };
}
