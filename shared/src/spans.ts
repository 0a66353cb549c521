/** A time range in milliseconds, half-open. */
export type Span = { readonly start: number; readonly end: number };

/** Merges overlapping ranges, in order. */
export function union(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (end <= start) continue;
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** Returns the parts of a range that these do not cover. */
export function without(whole: Span, taken: readonly Span[]): Span[] {
  const rest: Span[] = [];
  let from = whole.start;
  for (const { start, end } of union(taken)) {
    if (start > from && from < whole.end) rest.push({ start: from, end: Math.min(start, whole.end) });
    from = Math.max(from, end);
  }
  if (from < whole.end) rest.push({ start: from, end: whole.end });
  return rest;
}

/** The overlap in minutes. Neither list may overlap itself. */
export const commonMinutes = (some: readonly Span[], others: readonly Span[]): number =>
  some.reduce(
    (sum, a) =>
      others.reduce(
        (inner, b) => inner + Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start)),
        sum,
      ),
    0,
  ) / 60_000;
