import { firstEndingAfter } from './minutes.ts';
import type { Range } from './minutes.ts';

/** So much of a resource in use. */
export type Span = Range & { readonly quantity: number };

/**
 * How much of one resource is in use when: its claims swept once, then asked as often as needed. It previews
 * what the database would say; only the database decides.
 */
export class Load {
  readonly #capacity: number;
  /** In order, touching, without overlap, and from the beginning to the end of time. */
  readonly #steps: readonly Span[];

  constructor(capacity: number, claims: Iterable<Span>) {
    this.#capacity = capacity;
    this.#steps = sweep([...claims]);
  }

  /** The most that is in use at any instant of the range. */
  peak({ start, end }: Range): number {
    let peak = 0;
    for (let at = firstEndingAfter(this.#steps, start); at < this.#steps.length; at++) {
      const step = this.#steps[at] as Span;
      if (step.start >= end) break;
      peak = Math.max(peak, step.quantity);
    }
    return peak;
  }

  fits(range: Range, quantity: number): boolean {
    return this.peak(range) + quantity <= this.#capacity;
  }

  /** The longest ranges throughout which so much is free, in order; the outermost may have no end. */
  gaps(quantity: number): Range[] {
    const gaps: { start: number; end: number }[] = [];
    for (const step of this.#steps) {
      if (step.quantity + quantity > this.#capacity) continue;
      const last = gaps.at(-1);
      if (last?.end === step.start) last.end = step.end;
      else gaps.push({ start: step.start, end: step.end });
    }
    return gaps;
  }
}

function sweep(claims: readonly Span[]): Span[] {
  const byStart = claims.toSorted((a, b) => a.start - b.start);
  const byEnd = claims.toSorted((a, b) => a.end - b.end);
  const steps: Span[] = [];
  let start = -Infinity;
  let quantity = 0;
  let begun = 0;
  let ended = 0;
  while (ended < byEnd.length) {
    const at = Math.min(byStart[begun]?.start ?? Infinity, (byEnd[ended] as Span).end);
    if (at > start) steps.push({ start, end: at, quantity });
    start = at;
    for (; byEnd[ended]?.end === at; ended++) quantity -= (byEnd[ended] as Span).quantity;
    for (; byStart[begun]?.start === at; begun++) quantity += (byStart[begun] as Span).quantity;
  }
  steps.push({ start, end: Infinity, quantity });
  return steps;
}
