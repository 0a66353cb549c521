import {
  reconnect,
  goOffline,
  hernia,
  hip,
  hospital,
  wrist,
  knee,
  room1,
  openRequests,
  recordTypes,
  setUpQueue,
  states,
  freePlace,
  toasts,
  room2,
} from '../../../../test/queue-at-desk.ts';
import { act } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { at, setClock, typed } from '../../../../test/small-board.ts';
import { cancelCase } from '../commands/case.ts';
import { choicesFor } from '../commands/decide.ts';
import { placeFromDepot } from '../commands/depot.ts';
import { holdAt } from '../commands/hold.ts';
import { recordMilestone } from '../commands/milestone.ts';
import { moveTo } from '../commands/move.ts';
import { shell } from '../shell/shell.ts';
import { requestNow } from '../stores/queue.ts';
import { expireRequests } from './expire-requests.ts';
import { summarizeQueue } from './queue-summary.ts';

setUpQueue();
let stops: (() => void)[];
beforeEach(() => {
  vi.useFakeTimers();
  setClock(at('06:00'));
  stops = [expireRequests(), summarizeQueue()];
});
afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

const hours = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 3_600_000));
const first = () => {
  const [requested] = openRequests();
  if (!requested) throw new Error('There is no request.');
  return requested;
};

test('QU5 a request expires when its time has passed, and one timer waits for the next', async () => {
  const before = vi.getTimerCount();
  await act(() => moveTo(knee, freePlace));
  await act(() => moveTo(hip, { roomId: room1.id, start: at('17:00'), end: at('18:00') }));
  await act(() => recordMilestone(hernia, 'in_holding', at('05:59')));
  const timers = () => vi.getTimerCount() - before;
  expect(timers()).toBe(1);
  await hours(8.9);
  expect(states()).toEqual(['queued', 'queued', 'queued']);
  await hours(0.2);
  expect(states()).toEqual(['expired', 'queued', 'queued']);
  expect(first().result).toEqual({ kind: 'expired', why: 'past' });
  expect(timers()).toBe(1);
  expect(toasts().at(-1)).toBe('1 request is too late. Press Ctrl+J to decide.');
  await hours(3);
  expect(states()).toEqual(['expired', 'expired', 'queued']);
  // A fact expires only by its age.
  await hours(12);
  expect(states()).toEqual(['expired', 'expired', 'expired']);
  expect(hospital.sent).toEqual([]);
  expect(timers()).toBe(0);
});

test('QU5 an expired claim blocks the dependent requests, also after a correction of the clock', async () => {
  await act(() => moveTo(knee, freePlace));
  await act(() => cancelCase(knee, typed('Fever')));
  act(() => setClock(at('15:01')));
  await hours(0);
  expect(states()).toEqual(['expired', 'blocked']);
});

test('QU5 a request that may have been done does not expire by its time', async () => {
  reconnect();
  hospital.answers.push('unreachable', 'unreachable', 'unreachable', 'unreachable', 'unreachable');
  const moving = moveTo(knee, freePlace);
  await act(() => vi.advanceTimersByTimeAsync(10));
  goOffline();
  await act(() => moving);
  await hours(10);
  expect(states()).not.toContain('expired');
});

test('QU5 an expiration that cannot be saved is saved later', async () => {
  await act(() => moveTo(knee, freePlace));
  vi.spyOn(shell, 'appendToLog').mockRejectedValueOnce(new Error('The disk is full.'));
  await hours(9.005);
  expect(states()).toEqual(['queued']);
  await hours(0.02);
  expect(states()).toEqual(['expired']);
  expect(recordTypes()).toEqual(['asked', 'answered']);
});

test('QU12 an expired hold can go to the next free time or the depot, or be discarded', async () => {
  await act(() => holdAt(freePlace, { title: 'Bunion' }));
  await hours(9.01);
  expect(states()).toEqual(['expired']);
  const choices = choicesFor(first());
  expect(choices.map(({ kind, label }) => [kind, label])).toEqual([
    ['alternative', 'OR 2 15:05–16:05'],
    ['depot', 'To the depot'],
    ['discard', 'Discard'],
  ]);
  await act(() => choices[0]?.run());
  expect(states()).toEqual(['queued']);
  expect(first().request).toMatchObject({
    command: 'placeHold',
    body: { start: at('15:05'), title: 'Bunion' },
  });
});

test('QU12 the next free time of an expired request has no conflict on the board', async () => {
  await act(() => moveTo(hip, { roomId: room2.id, start: at('13:00'), end: at('14:00') }));
  await act(() => placeFromDepot(wrist, { roomId: room1.id, start: at('09:00'), end: at('10:00') }));
  await hours(4.01);
  const placed = openRequests()[1];
  // The knee is there until 11:00 at least, because it has not begun, and the hip from 12:00 to 13:00.
  const [choice] = placed ? choicesFor(placed) : [];
  expect(choice?.label).toBe('OR 1 13:00–14:00');
  expect(requestNow(first().request.id)?.state).toBe('queued');
});

test('QU12 a person can send a request that was too old again', async () => {
  await act(() =>
    moveTo(knee, { ...freePlace, start: at('14:00', '2026-11-22'), end: at('15:00', '2026-11-22') }),
  );
  await hours(24.01);
  expect(first().result).toEqual({ kind: 'expired', why: 'age' });
  const [again] = choicesFor(first());
  expect(again).toMatchObject({ kind: 'retry' });
  await act(() => again?.run());
  expect(states()).toEqual(['queued']);
  await hours(23.9);
  expect(states()).toEqual(['queued']);
  await hours(0.2);
  expect(states()).toEqual(['expired']);
});
