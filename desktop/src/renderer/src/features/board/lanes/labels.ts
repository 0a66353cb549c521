import type { TimeRange } from '@slate/shared/time';
import type { Axis } from '../../../board/geometry.ts';
import { spanOf } from '../../../board/scale.ts';
import type { Scale } from '../../../board/scale.ts';
import { fit, widthOf } from '../../../ui/fit-text.ts';

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

/** How a label is written, as the style has it, and the air around it. */
const type = { size: 10.5, weight: 400 };
const air = 8;
/** How much of a column a line of text takes. */
const line = 16;

/** How much of the axis a label needs. */
export const needed = (label: string, axis: Axis) => (axis === 'x' ? widthOf(label, type) + air : line);

/** What of a label can be read: along a lane it is where it has room, in a column it is cut. */
export const legible = (label: string, axis: Axis, breadth: number) =>
  axis === 'x' ? label : fit(label, breadth - air, type);

/**
 * Where in a stretch of time a label can be read: in the first gap that is long enough, and nowhere when
 * something stands over all of it. In pixels from the beginning of the stretch.
 */
export function labelSpot(
  scale: Scale,
  within: TimeRange,
  taken: readonly TimeRange[],
  length: number,
): number | null {
  const { at, length: all } = spanOf(scale, within.start, within.end);
  let free = at;
  for (const { start, end } of taken.toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    const other = spanOf(scale, start, end);
    if (other.at - free >= length) break;
    free = Math.max(free, other.at + other.length);
  }
  return free + length <= at + all ? free - at : null;
}
