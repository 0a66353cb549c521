// Searching compares times millions of times: inside it they are whole minutes since 1970.

/** Half-open, like every range here. */
export type Range = { readonly start: number; readonly end: number };

export const minuteOf = (instant: string) => Math.floor(Date.parse(instant) / 60_000);
export const instantAt = (minute: number) => new Date(minute * 60_000).toISOString();

/** Starts at which something fits: every fifth minute from the first to the last, both included. */
export type Starts = { readonly first: number; readonly last: number };

/**
 * Starts are offered every 5 minutes, counted from local midnight. Every offset from UTC that is in use since
 * 2000 is a multiple of 15 minutes, so these are simply the multiples of 5, also when the clocks change.
 */
export const step = 5;
export const snapUp = (minute: number) => Math.ceil(minute / step) * step;
export const snapDown = (minute: number) => Math.floor(minute / step) * step;

/** What two lists have in common, each in order and without overlap; what is said of either holds of it. */
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

/** Among ranges in order that do not overlap: where the first one is that ends after the minute. */
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
