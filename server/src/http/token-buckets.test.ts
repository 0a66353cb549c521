import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBuckets } from './token-buckets.ts';

const atClock = (rate: { tokens: number; seconds: number }, callers?: number) => {
  const clock = { ms: 0 };
  const take = createTokenBuckets(rate, callers, () => clock.ms);
  return { clock, take };
};

test('lets a burst of its size through, then says how long to wait', () => {
  const { take } = atClock({ tokens: 5, seconds: 10 });
  expect([1, 2, 3, 4, 5].map(() => take('a'))).toEqual([0, 0, 0, 0, 0]);
  expect(take('a')).toBe(2);
});

test('whoever waits as long as told gets through, once', () => {
  const { clock, take } = atClock({ tokens: 5, seconds: 10 });
  for (let n = 0; n < 5; n++) take('a');
  clock.ms += take('a') * 1000;
  expect(take('a')).toBe(0);
  expect(take('a')).toBeGreaterThan(0);
});

test('LI1 what costs more waits longer, and what costs more than all of it takes all of it', () => {
  const { clock, take } = atClock({ tokens: 5, seconds: 10 });
  expect([take('a', 3), take('a', 3), take('a', 2)]).toEqual([0, 2, 0]);
  expect(take('a', 100)).toBe(10);
  clock.ms = 10_000;
  expect([take('a', 100), take('a')]).toEqual([0, 2]);
});

test('asking too early costs nothing', () => {
  const { clock, take } = atClock({ tokens: 1, seconds: 10 });
  take('a');
  for (; clock.ms < 9_999; clock.ms += 101) expect(take('a')).toBeGreaterThan(0);
  clock.ms = 10_000;
  expect(take('a')).toBe(0);
});

test('fills up to its size and no further, however long nobody asks', () => {
  const { clock, take } = atClock({ tokens: 3, seconds: 1 });
  clock.ms = 1e9;
  expect([1, 2, 3, 4].map(() => take('a') === 0)).toEqual([true, true, true, false]);
});

test('one caller never pays for another', () => {
  const { take } = atClock({ tokens: 1, seconds: 60 });
  expect(take('a')).toBe(0);
  expect(take('a')).toBeGreaterThan(0);
  expect(take('b')).toBe(0);
});

test('remembers only so many callers: those not seen for longest begin anew', () => {
  const { take } = atClock({ tokens: 1, seconds: 60 }, 100);
  for (let n = 0; n < 10_000; n++) take(`caller ${n}`);
  expect(take('caller 9999')).toBeGreaterThan(0);
  expect(take('caller 0')).toBe(0);
});

const attempts = fc.array(fc.record({ pause: fc.nat(5_000), calls: fc.integer({ min: 1, max: 20 }) }), {
  maxLength: 60,
});

test('in any window at most its size and what flowed in meanwhile get through', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      attempts,
      (tokens, seconds, asked) => {
        const { clock, take } = atClock({ tokens, seconds });
        const taken: number[] = [];
        for (const { pause, calls } of asked) {
          clock.ms += pause;
          for (let call = 0; call < calls; call++) if (take('a') === 0) taken.push(clock.ms);
        }
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first) continue;
            const flowedIn = ((to - from) / 1000) * (tokens / seconds);
            expect(last - first + 1).toBeLessThanOrEqual(tokens + flowedIn + 1e-6);
          }
        }
      },
    ),
  );
});

test('never keeps anybody waiting for longer than one token takes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      attempts,
      (tokens, seconds, asked) => {
        const { clock, take } = atClock({ tokens, seconds });
        for (const { pause, calls } of asked) {
          clock.ms += pause;
          for (let call = 0; call < calls; call++) {
            const wait = take('a');
            expect(wait).toBeGreaterThanOrEqual(0);
            expect(wait).toBeLessThanOrEqual(seconds / tokens + 1e-6);
          }
        }
      },
    ),
  );
});
