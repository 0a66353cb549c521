// The search compares times millions of times, so it uses whole minutes since 1970.

/** Half-open, like every range. */
export type Range = { readonly start: number; readonly end: number };

export const minuteOf = (instant: string) => Math.floor(Date.parse(instant) / 60_000);
export const instantAt = (minute: number) => new Date(minute * 60_000).toISOString();

/** Start times that fit: every fifth minute from the first to the last, both included. */
export type Starts = { readonly first: number; readonly last: number };

/**
 * Openings start every 5 minutes from local midnight. All UTC offsets used since 2000 are multiples of 15 minutes, so
 * these are the multiples of 5, even when the clocks change.
 */
export const step = 5;
export const snapUp = (minute: number) => Math.ceil(minute / step) * step;
export const snapDown = (minute: number) => Math.floor(minute / step) * step;

/** The intersections of two sorted lists without overlaps. Each has the properties of both its sources. */
export function intersect<One extends Starts, Other extends Starts>(
  some: readonly One[],
  others: readonly Other[],
): (One & Other)[] {
  const both: (One & Other)[] = [];
  let at = 0;
  for (const one of some) {
    while (at < others.length && (others[at] as Other).last < one.first) at++;
    for (let next = at; next < others.length; next++) {
      const other = others[next] as Other;
      if (other.first > one.last) break;
      const first = Math.max(one.first, other.first);
      both.push({ ...one, ...other, first, last: Math.min(one.last, other.last) });
    }
  }
  return both;
}

/** The index of the first range that ends after the minute. The ranges are sorted and do not overlap. */
export function firstEndingAfter(ranges: readonly Range[], minute: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as Range).end > minute) high = middle;
    else low = middle + 1;
  }
  return low;
}
