import { createHash } from 'node:crypto';

/** The same name always gives the same UUID (version 8). */
export function idOf(...name: string[]): string {
  const hex = createHash('sha256')
    .update(['slate demo', ...name].join('\n'))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A repeatable random generator: the same seed draws the same numbers on every machine (sfc32). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset));
  }

  /** In [0, 1). */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const value = (a + b + counter) >>> 0;
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + value, counter + 1]);
    return value / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  pick<Item>(items: readonly Item[], weight: (item: Item) => number = () => 1): Item {
    let remaining = this.next() * items.reduce((sum, item) => sum + weight(item), 0);
    const picked = items.find((item) => (remaining -= weight(item)) < 0) ?? items.at(-1);
    if (picked === undefined) throw new Error('Nothing to pick from.');
    return picked;
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, key: this.next() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}

/** Returns true for this share of the calls, evenly spread: independent draws would often miss it on a few hundred cases. */
export function quota(share: number, random: Random): () => boolean {
  let due = random.next();
  return () => {
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}

/** A distribution of durations with a lower bound and a long tail. */
export type Duration = { mean: number; sd: number; least: number };

/** Turns a standard normal draw into one of the three-parameter lognormal with this mean, deviation and lower bound. */
export function lognormal({ mean, sd, least }: Duration, normal: number): number {
  const excess = mean - least;
  const variance = Math.log1p((sd / excess) ** 2);
  return least + excess * Math.exp(Math.sqrt(variance) * normal - variance / 2);
}
