import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') });
  return () => vi.useRealTimers();
});
const timeAfter = (ms: number) => new Date(Date.parse('2026-11-21T15:00:00Z') + ms).toISOString();

test('the clock follows the time of the server and keeps running', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_500);
  expect(serverInstant()).toBe(timeAfter(1_500));
});

test('a slower message does not set the clock back', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_000);
  expect(syncClock(timeAfter(600))).toBe(400);
  expect(serverInstant()).toBe(timeAfter(1_000));
});

test('a faster message corrects the clock', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.advanceTimersByTime(1_000);
  expect(syncClock(timeAfter(1_300))).toBe(0);
  expect(serverInstant()).toBe(timeAfter(1_300));
});

test('changing the clock of the computer has no effect', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  vi.setSystemTime(new Date('2030-01-01T00:00:00Z'));
  expect(serverInstant()).toBe(timeAfter(0));
});

test('the next message corrects the clock after a sleep', async () => {
  const { syncClock, serverInstant } = await import('./clock.ts');
  syncClock(timeAfter(0));
  expect(syncClock(timeAfter(3_600_000))).toBe(0);
  expect(serverInstant()).toBe(timeAfter(3_600_000));
});

test('the clock follows a server whose clock was set back, after some messages', async () => {
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

test('NW7 the clock continues from the computer’s clock after a sleep without the server', async () => {
  const { assumeSleep, noteLeap, serverInstant, syncClock } = await import('./clock.ts');
  syncClock(timeAfter(0));
  noteLeap(3_600_000);
  // Somebody may have set the clock instead. The next message of the server would show it.
  expect(serverInstant()).toBe(timeAfter(0));
  assumeSleep();
  assumeSleep();
  expect(serverInstant()).toBe(timeAfter(3_600_000));
  syncClock(timeAfter(1_000));
  expect(serverInstant()).toBe(timeAfter(1_000));
});

test('NW7 setting the computer’s clock while the server answers has no effect', async () => {
  const { assumeSleep, noteLeap, serverInstant, syncClock } = await import('./clock.ts');
  syncClock(timeAfter(0));
  noteLeap(3_600_000);
  syncClock(timeAfter(0));
  assumeSleep();
  expect(serverInstant()).toBe(timeAfter(0));
});
