import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { Refusal } from './domain/refusal.ts';
import { charge, createLimits, createTokenBuckets, failClosed, failOpen } from './limits.ts';

const atClock = (rate: { tokens: number; seconds: number }, callers?: number) => {
  const clock = { ms: 0 };
  const take = createTokenBuckets(rate, callers, () => clock.ms);
  return { clock, take };
};

test('a bucket allows a burst of its size, then returns the time to wait', async () => {
  const { take } = atClock({ tokens: 5, seconds: 10 });
  expect(await Promise.all([1, 2, 3, 4, 5].map(() => take('a')))).toEqual([0, 0, 0, 0, 0]);
  expect(await take('a')).toBe(2);
});

test('a bucket allows one request after the wait it returned', async () => {
  const { clock, take } = atClock({ tokens: 5, seconds: 10 });
  for (let n = 0; n < 5; n++) await take('a');
  clock.ms += (await take('a')) * 1000;
  expect(await take('a')).toBe(0);
  expect(await take('a')).toBeGreaterThan(0);
});

test('LI1 a request that costs more waits longer, and one that costs more than the size takes the whole bucket', async () => {
  const { clock, take } = atClock({ tokens: 5, seconds: 10 });
  expect([await take('a', 3), await take('a', 3), await take('a', 2)]).toEqual([0, 2, 0]);
  expect(await take('a', 100)).toBe(10);
  clock.ms = 10_000;
  expect([await take('a', 100), await take('a')]).toEqual([0, 2]);
});

test('a request that comes too early takes nothing', async () => {
  const { clock, take } = atClock({ tokens: 1, seconds: 10 });
  await take('a');
  for (; clock.ms < 9_999; clock.ms += 101) expect(await take('a')).toBeGreaterThan(0);
  clock.ms = 10_000;
  expect(await take('a')).toBe(0);
});

test('a bucket refills up to its size and no further', async () => {
  const { clock, take } = atClock({ tokens: 3, seconds: 1 });
  clock.ms = 1e9;
  const waits = await Promise.all([1, 2, 3, 4].map(() => take('a')));
  expect(waits.map((wait) => wait === 0)).toEqual([true, true, true, false]);
});

test('each caller has a bucket of its own', async () => {
  const { take } = atClock({ tokens: 1, seconds: 60 });
  expect(await take('a')).toBe(0);
  expect(await take('a')).toBeGreaterThan(0);
  expect(await take('b')).toBe(0);
});

test('the buckets of the callers seen least recently are forgotten', async () => {
  const { take } = atClock({ tokens: 1, seconds: 60 }, 100);
  for (let n = 0; n < 10_000; n++) await take(`caller ${n}`);
  expect(await take('caller 9999')).toBeGreaterThan(0);
  expect(await take('caller 0')).toBe(0);
});

test('LI1 charging refuses with the time to wait, in whole seconds', async () => {
  const { take } = atClock({ tokens: 2, seconds: 5 });
  await charge(take, 'a');
  await charge(take, 'a');
  await expect(charge(take, 'a')).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'Too many requests. Wait 3 s, then try again.',
    parts: { retryAfter: 3 },
  });
});

describe('LI10 a limit that cannot be checked', () => {
  const down = () => Promise.reject(new Error('no answer'));

  test('allows the request and reports it', async () => {
    const reported: unknown[] = [];
    const take = failOpen(down, (error) => reported.push(error));
    await charge(take, 'a', 5);
    expect(reported).toEqual([new Error('no answer')]);
  });

  test('refuses a request for an account as unavailable, and reports it', async () => {
    const reported: unknown[] = [];
    const take = failClosed(down, (error) => reported.push(error));
    const refusal: unknown = await charge(take, 'a').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'unavailable', parts: { retryAfter: 60 } });
    expect(reported).toEqual([new Error('no answer')]);
  });

  test('refuses requests for an account, and nothing else', async () => {
    const config = readConfig({
      DATABASE_URL: 'postgres://slate_app@localhost/slate',
      SLATE_SECRET: 's'.repeat(32),
    });
    const limits = createLimits(
      config,
      () => down,
      () => {},
    );
    const taken = Object.entries(limits).map(async ([name, take]) =>
      take('a').then(
        () => [],
        () => [name],
      ),
    );
    expect((await Promise.all(taken)).flat()).toEqual(['register']);
  });
});

test('LI10 a limit that can be checked has the same result with both fallbacks', async () => {
  const unexpected = () => expect.unreachable();
  for (const wrap of [failOpen, failClosed]) {
    const take = wrap(atClock({ tokens: 1, seconds: 60 }).take, unexpected);
    expect([await take('a'), await take('a')]).toEqual([0, 60]);
  }
});

const burstsOfCalls = fc.array(fc.record({ pause: fc.nat(5_000), calls: fc.integer({ min: 1, max: 20 }) }), {
  maxLength: 60,
});

test('a bucket allows in any window at most its size plus the refill', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      burstsOfCalls,
      async (tokens, seconds, bursts) => {
        const { clock, take } = atClock({ tokens, seconds });
        const taken: number[] = [];
        for (const { pause, calls } of bursts) {
          clock.ms += pause;
          for (let call = 0; call < calls; call++) if ((await take('a')) === 0) taken.push(clock.ms);
        }
        for (const [first, from] of taken.entries()) {
          for (const [last, to] of taken.entries()) {
            if (last < first) continue;
            const refill = ((to - from) / 1000) * (tokens / seconds);
            expect(last - first + 1).toBeLessThanOrEqual(tokens + refill + 1e-6);
          }
        }
      },
    ),
  );
});

test('a wait is never longer than one token takes to refill', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 60 }),
      burstsOfCalls,
      async (tokens, seconds, bursts) => {
        const { clock, take } = atClock({ tokens, seconds });
        for (const { pause, calls } of bursts) {
          clock.ms += pause;
          for (let call = 0; call < calls; call++) {
            const wait = await take('a');
            expect(wait).toBeGreaterThanOrEqual(0);
            expect(wait).toBeLessThanOrEqual(seconds / tokens + 1e-6);
          }
        }
      },
    ),
  );
});
