import { firstEndingAfter } from './minutes.ts';
import type { Range } from './minutes.ts';

/** A range in which `quantity` of a resource is in use. */
export type Span = Range & { readonly quantity: number };

/** The load on one resource over time. It predicts the answer of the database; only the database decides. */
export class Load {
  readonly #capacity: number;
  /** Sorted, adjacent, without overlap, from -Infinity to Infinity. */
  readonly #steps: readonly Span[];

  constructor(capacity: number, claims: Iterable<Span>) {
    this.#capacity = capacity;
    this.#steps = sweep([...claims]);
  }

  /** The highest quantity in use at any instant of the range. */
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

  /** The longest ranges in which the quantity is free throughout, sorted; the outermost may be infinite. */
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
