import { beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') });
  return () => vi.useRealTimers();
});
const said = (ms: number) => new Date(Date.parse('2026-11-21T15:00:00Z') + ms).toISOString();

test('goes by what the server said, and on from there', async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  vi.advanceTimersByTime(1_500);
  expect(serverInstant()).toBe(said(1_500));
});

test('a message that took longer does not set it back', async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  vi.advanceTimersByTime(1_000);
  expect(hearTime(said(600))).toBe(400);
  expect(serverInstant()).toBe(said(1_000));
});

test('a message that was quicker sets it right', async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  vi.advanceTimersByTime(1_000);
  expect(hearTime(said(1_300))).toBe(0);
  expect(serverInstant()).toBe(said(1_300));
});

test("changing the computer's own clock moves nothing", async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  vi.setSystemTime(new Date('2030-01-01T00:00:00Z'));
  expect(serverInstant()).toBe(said(0));
});

test('after a sleep in which it stood still, it is set anew', async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  expect(hearTime(said(3_600_000))).toBe(0);
  expect(serverInstant()).toBe(said(3_600_000));
});

test('a server whose clock was set back is believed once it has said so for a while', async () => {
  const { hearTime, serverInstant } = await import('./clock.ts');
  hearTime(said(0));
  expect(hearTime(said(-60_000))).toBe(60_000);
  expect(serverInstant()).toBe(said(0));
  for (let count = 0; count < 5; count++) hearTime(said(-60_000));
  expect(serverInstant()).toBe(said(-60_000));
});
