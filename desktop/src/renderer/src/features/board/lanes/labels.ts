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
 * Places the label of a ghost: in lanes above it, or below it if there is no room; in columns to its right, or to its left.
 * The label stays inside the visible area, even if the ghost does not.
 */
export function ghostLabelPosition(axis: Axis, ghost: Bounds, visible: Bounds, { width, height }: Size) {
  const first = { left: visible.left + margin, top: visible.top + margin };
  const last = {
    left: Math.max(first.left, visible.right - width - margin),
    top: Math.max(first.top, visible.bottom - height - margin),
  };
  const [above, below] = [ghost.top - gap - height, ghost.bottom + gap];
  const [before, after] = [ghost.left - gap - width, ghost.right + gap];
  const ideal =
    axis === 'x'
      ? { left: ghost.left, top: above >= first.top || below > last.top ? above : below }
      : { left: after <= last.left || before < first.left ? after : before, top: ghost.top };
  const within = (at: number, least: number, most: number) => Math.max(least, Math.min(at, most));
  return {
    left: within(ideal.left, first.left, last.left),
    top: within(ideal.top, first.top, last.top),
  };
}

/** Font and padding of a label. Must match the style sheet. */
const type = { size: 10.5, weight: 400 };
const padding = 8;
/** The height of a line of text in a column. */
const line = 16;

/** Returns how much of the time axis a label needs. */
export const labelLength = (label: string, axis: Axis) =>
  axis === 'x' ? widthOf(label, type) + padding : line;

/** Returns the text of a label: complete in a lane, cut to the width of a column. */
export const visibleLabel = (label: string, axis: Axis, breadth: number) =>
  axis === 'x' ? label : fit(label, breadth - padding, type);

/**
 * Returns the offset of a label in a time range: the first gap that is long enough. In pixels from the start of the range;
 * null if no gap is long enough.
 */
export function labelOffset(
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
