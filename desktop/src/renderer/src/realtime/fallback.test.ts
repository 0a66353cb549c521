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
const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** The largest number of times within 100 ms. */
function peak(times: readonly number[]): number {
  const groups = Map.groupBy(times, (time) => Math.floor(time / 100));
  return Math.max(...[...groups.values()].map((group) => group.length));
}

test('the fallback sends no request if the socket reconnects soon', async () => {
  const fallback = open();
  fallback.connected();
  fallback.disconnected();
  fallback.disconnected();
  await advance(2_000);
  fallback.connected();
  await advance(60_000);
  expect(tryServer).not.toHaveBeenCalled();
});

test('NW4 the fallback tries the server after three failures, one request at a time', async () => {
  const fallback = open();
  const trial = Promise.withResolvers<ServerTrial>();
  tryServer.mockReturnValueOnce(trial.promise);
  for (let failure = 0; failure < 10; failure++) fallback.disconnected();
  expect(tryServer).toHaveBeenCalledOnce();
  trial.resolve(silent);
  await advance(0);
  expect(fallback.unreachable.mock.calls).toEqual([['timeout']]);
  fallback.connected();
  fallback.ask();
  expect(tryServer).toHaveBeenCalledOnce();
});

test('NW5 the socket gets another attempt before the fallback polls', async () => {
  tryServer.mockResolvedValue(reachable);
  const fallback = open();
  for (let failure = 0; failure < 3; failure++) fallback.disconnected();
  await advance(0);
  expect(fallback.reachable).toHaveBeenCalledOnce();
  await advance(1_000);
  fallback.connected();
  await advance(60_000);
  expect(fallback.poll).not.toHaveBeenCalled();
  fallback.socketWorks();
  // The socket connects and is cut immediately: now the fallback polls.
  for (let failure = 0; failure < 3; failure++) fallback.disconnected();
  await advance(0);
  fallback.connected();
  fallback.disconnected();
  await advance(0);
  expect(fallback.poll).toHaveBeenCalledOnce();
  expect(fallback.isPolling()).toBe(true);
});

test('NW5 the fallback polls every 2 to 6 s, later if the server asks for it, until the socket works', async () => {
  tryServer.mockResolvedValue(reachable);
  const fallback = open();
  for (let failure = 0; failure < 3; failure++) fallback.disconnected();
  await advance(600_000);
  const count = fallback.poll.mock.calls.length;
  expect(count).toBeGreaterThan(600 / 6);
  expect(count).toBeLessThan(600 / 2);
  fallback.poll.mockResolvedValue(30_000);
  await advance(6_000);
  fallback.poll.mockClear();
  await advance(29_000 - 6_000);
  expect(fallback.poll).not.toHaveBeenCalled();
  fallback.connected();
  fallback.socketWorks();
  await advance(600_000);
  expect(fallback.poll).not.toHaveBeenCalled();
  expect(fallback.isPolling()).toBe(false);
});

test('NW8 a thousand consoles that lose a server try and poll it spread over time', async () => {
  const trialTimes: number[] = [];
  tryServer.mockImplementation(() => {
    trialTimes.push(Date.now());
    return Promise.resolve(reachable);
  });
  const consoles = Array.from({ length: 1_000 }, open);
  for (const each of consoles) each.disconnected();
  await advance(3_000);
  expect(trialTimes).toHaveLength(1_000);
  expect(peak(trialTimes)).toBeLessThan(250);
  const pollTimes: number[] = [];
  for (const each of consoles)
    each.poll.mockImplementation(() => {
      each.polled();
      pollTimes.push(Date.now());
      return Promise.resolve(0);
    });
  await advance(20_000);
  // After the first round the polls come evenly: a thousand in 4 s are 25 in 100 ms.
  expect(peak(pollTimes.slice(-3_000))).toBeLessThan(60);
});
