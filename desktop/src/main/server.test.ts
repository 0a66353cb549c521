import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tryServer } from './server.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('NW4 a server that does not answer is given up after 5 s', async () => {
  const fetch = (_address: string, { signal }: RequestInit) =>
    new Promise<Response>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const trial = tryServer('https://slate.example.org', { fetch, mayReach: () => Promise.resolve(true) });
  await vi.advanceTimersByTimeAsync(5_000);
  await expect(trial).resolves.toMatchObject({ result: 'failed', why: 'timeout' });
});
