import { afterEach } from 'vitest';

/** Returns the same numbers from 0 to 1 for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Random numbers for the tests of a file. A failed test prints the seed, and `SEED` repeats it. */
export function seedTests(): { seed: number; random: () => number } {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.error(`SEED=${seed}`);
  });
  return { seed, random: seededRandom(seed) };
}
