import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seed draws the same numbers on every machine (sfc32). */
export class Random {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (offset) => digest.readUInt32LE(offset));
  }

  /** From 0 up to, but never, 1. */
  next(): number {
    const [a = 0, b = 0, c = 0, counter = 0] = this.#state;
    const drawn = (a + b + counter) >>> 0;
    this.#state.set([b ^ (b >>> 9), c + (c << 3), ((c << 21) | (c >>> 11)) + drawn, counter + 1]);
    return drawn / 2 ** 32;
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
    let left = this.next() * items.reduce((sum, item) => sum + weight(item), 0);
    const picked = items.find((item) => (left -= weight(item)) < 0) ?? items.at(-1);
    if (picked === undefined) throw new Error('There is nothing to pick from.');
    return picked;
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    return items
      .map((item) => ({ item, key: this.next() }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ item }) => item);
  }
}

/**
 * Says yes for this share of the calls, evenly spread: on a few hundred cases a plain draw would often miss
 * the share it was asked for.
 */
export function quota(share: number, random: Random): () => boolean {
  let due = random.next();
  return () => {
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
}
