import type { TimeRange } from '@slate/shared/time';
import { spanOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** A letter of a label, on average; and the air around it. */
const letter = 5.6;
const air = 10;
/** How much of a column a line of text takes. */
const line = 16;

/** How much of the axis a label needs. */
export const needed = (label: string, axis: 'x' | 'y') => (axis === 'x' ? label.length * letter + air : line);

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
