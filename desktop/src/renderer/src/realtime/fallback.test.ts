import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServerTrial } from '../../../bridge.ts';

const tryServer = vi.fn<() => Promise<ServerTrial>>();
vi.mock('../shell/shell.ts', () => ({ shell: { tryServer } }));
const { createFallback } = await import('./fallback.ts');

const reachable: ServerTrial = { result: 'ok', address: '' };
const silent: ServerTrial = { result: 'failed', why: 'timeout', detail: '' };

beforeEach(() => {
  vi.useFakeTimers();
  tryServer.mockReset().mockResolvedValue(silent);
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const handlers = {
    reachable: vi.fn<() => void>(),
    poll: vi.fn<() => Promise<number | null>>(() => {
      fallback.polled();
      return Promise.resolve(0);
    }),
    unanswered: vi.fn<() => void>(),
    unreachable: vi.fn<(why: string) => void>(),
    outdated: vi.fn<(server: number) => void>(),
  };
  const fallback = createFallback(handlers);
  return { ...fallback, ...handlers };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The most that happen within 100 ms. */
function densest(times: readonly number[]): number {
  const counts = Map.groupBy(times, (time) => Math.floor(time / 100));
  return Math.max(...[...counts.values()].map((within) => within.length));
}

test('a loss that a reconnection ends asks nothing', async () => {
  const one = open();
  one.connected();
  one.disconnected();
  one.disconnected();
  await pass(2_000);
  one.connected();
  await pass(60_000);
  expect(tryServer).not.toHaveBeenCalled();
});

test('NW4 after some failures it asks why, once at a time, and never while the socket is connected', async () => {
  const one = open();
  const asked = Promise.withResolvers<ServerTrial>();
  tryServer.mockReturnValueOnce(asked.promise);
  for (let failure = 0; failure < 10; failure++) one.disconnected();
  expect(tryServer).toHaveBeenCalledOnce();
  asked.resolve(silent);
  await pass(0);
  expect(one.unreachable.mock.calls).toEqual([['timeout']]);
  one.connected();
  one.ask();
  expect(tryServer).toHaveBeenCalledOnce();
});

test('NW5 if Slate answers, the socket gets another chance before anything is polled', async () => {
  tryServer.mockResolvedValue(reachable);
  const one = open();
  for (let failure = 0; failure < 3; failure++) one.disconnected();
  await pass(0);
  expect(one.reachable).toHaveBeenCalledOnce();
  await pass(1_000);
  one.connected();
  await pass(60_000);
  expect(one.poll).not.toHaveBeenCalled();
  one.socketWorks();
  // It connects and is cut again at once: now the changes are polled.
  for (let failure = 0; failure < 3; failure++) one.disconnected();
  await pass(0);
  one.connected();
  one.disconnected();
  await pass(0);
  expect(one.poll).toHaveBeenCalledOnce();
  expect(one.isPolling()).toBe(true);
});

test('NW5 polls come every 2 to 6 s, later if the server says so, and end when the socket works', async () => {
  tryServer.mockResolvedValue(reachable);
  const one = open();
  for (let failure = 0; failure < 3; failure++) one.disconnected();
  await pass(600_000);
  const count = one.poll.mock.calls.length;
  expect(count).toBeGreaterThan(600 / 6);
  expect(count).toBeLessThan(600 / 2);
  one.poll.mockResolvedValue(30_000);
  await pass(6_000);
  one.poll.mockClear();
  await pass(29_000 - 6_000);
  expect(one.poll).not.toHaveBeenCalled();
  one.connected();
  one.socketWorks();
  await pass(600_000);
  expect(one.poll).not.toHaveBeenCalled();
  expect(one.isPolling()).toBe(false);
});

test('NW8 a thousand consoles that lose a server, or find it behind such a proxy, come spread over time', async () => {
  const asked: number[] = [];
  tryServer.mockImplementation(() => {
    asked.push(Date.now());
    return Promise.resolve(reachable);
  });
  const consoles = Array.from({ length: 1_000 }, open);
  for (const each of consoles) each.disconnected();
  await pass(3_000);
  expect(asked).toHaveLength(1_000);
  expect(densest(asked)).toBeLessThan(250);
  const polled: number[] = [];
  for (const each of consoles)
    each.poll.mockImplementation(() => {
      each.polled();
      polled.push(Date.now());
      return Promise.resolve(0);
    });
  await pass(20_000);
  // After the first round they come evenly: a thousand in 4 s are 25 in 100 ms.
  expect(densest(polled.slice(-3_000))).toBeLessThan(60);
});
