import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') });
  return () => vi.useRealTimers();
});
const timeAfter = (ms: number) => new Date(Date.parse('2026-11-21T15:00:00Z') + ms).toISOString();

test('follows the server’s time and runs on', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_500);
  expect(serverInstant()).toBe(timeAfter(1_500));
});

test('a slower message does not set it back', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_000);
  expect(syncClock(timeAfter(600))).toBe(400);
  expect(serverInstant()).toBe(timeAfter(1_000));
});

test('a faster message corrects it', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_000);
  expect(syncClock(timeAfter(1_300))).toBe(0);
  expect(serverInstant()).toBe(timeAfter(1_300));
});

test("changing the computer's own clock moves nothing", async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.setSystemTime(new Date('2030-01-01T00:00:00Z'));
  expect(serverInstant()).toBe(timeAfter(0));
});

test('the next message corrects it after a sleep in which it stopped', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  expect(syncClock(timeAfter(3_600_000))).toBe(0);
  expect(serverInstant()).toBe(timeAfter(3_600_000));
});

test('a server clock that was set back is followed after some messages', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  expect(syncClock(timeAfter(-60_000))).toBe(60_000);
  expect(serverInstant()).toBe(timeAfter(0));
  for (let count = 0; count < 5; count++) syncClock(timeAfter(-60_000));
  expect(serverInstant()).toBe(timeAfter(-60_000));
});

/** Sends a request to a server three hours ahead, whose answer takes this long. */
const request = async (upMs: number, workMs: number, downMs: number) => {
  const { syncClock } = await import('./clock.ts');
  const requestedAt = performance.now();
  vi.advanceTimersByTime(upMs);
  const at = serverTime();
  vi.advanceTimersByTime(workMs + downMs);
  return syncClock(at, requestedAt);
};
const heartbeat = async (downMs: number) => {
  const { syncClock } = await import('./clock.ts');
  const at = serverTime();
  vi.advanceTimersByTime(downMs);
  return syncClock(at);
};
const serverTime = () => new Date(Date.now() + 3 * 3_600_000).toISOString();

test('CK3 a countdown allows for the travel time of an answer', async () => {
  const { serverInstant } = await import('./clock.ts');
  expect(await request(800, 0, 800)).toBe(800);
  expect(serverInstant()).toBe(serverTime());
  vi.advanceTimersByTime(10_000);
  expect(await heartbeat(800)).toBe(800);
  expect(serverInstant()).toBe(serverTime());
});

test('CK3 the next message corrects a slow answer', async () => {
  const { serverInstant } = await import('./clock.ts');
  await request(50, 2_000, 50);
  vi.advanceTimersByTime(10_000);
  await heartbeat(50);
  expect(serverInstant()).toBe(serverTime());
});

test('CK3 the known travel time holds while there are no requests', async () => {
  const { serverInstant } = await import('./clock.ts');
  await request(300, 0, 300);
  for (let count = 0; count < 200; count++) {
    vi.advanceTimersByTime(10_000);
    await heartbeat(300);
  }
  expect(serverInstant()).toBe(serverTime());
});

test('CK3 setting the clock again discards the old bounds', async () => {
  const { syncClock, serverNow } = await import('./clock.ts');
  await request(300, 0, 300);
  const slow = () => syncClock(new Date(Date.parse(serverTime()) - 60_300).toISOString());
  for (let count = 0; count < 7; count++) slow();
  expect(serverNow()).toBe(Date.parse(serverTime()) - 60_000);
});

test('NW7 after a sleep in which it stopped, it continues from the computer’s clock while the server is out of reach', async () => {
  const { assumeSleep, noteLeap, serverInstant, syncClock } = await import('./clock.ts');
  syncClock(timeAfter(0));
  noteLeap(3_600_000);
  // It may also be a new setting of the clock, which the server's next message would show.
  expect(serverInstant()).toBe(timeAfter(0));
  assumeSleep();
  assumeSleep();
  expect(serverInstant()).toBe(timeAfter(3_600_000));
  syncClock(timeAfter(1_000));
  expect(serverInstant()).toBe(timeAfter(1_000));
});

test('NW7 setting the computer’s clock while the server answers moves nothing, even if the server is lost later', async () => {
  const { assumeSleep, noteLeap, serverInstant, syncClock } = await import('./clock.ts');
  syncClock(timeAfter(0));
  noteLeap(3_600_000);
  syncClock(timeAfter(0));
  assumeSleep();
  expect(serverInstant()).toBe(timeAfter(0));
});
