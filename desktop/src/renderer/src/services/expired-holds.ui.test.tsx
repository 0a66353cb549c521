import type { Case } from '@slate/shared/cases';
import type { CaseCause } from '@slate/shared/changes';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aCase, aResource, at } from '../../../../test/small-board.ts';
import { me, signInAs } from '../../../../test/signed-in.ts';
import { expiredStore } from '../stores/expired.ts';
import { offerExpiredHolds } from './expired-holds.ts';
import { publishChange } from '../stores/changes.ts';
import { sessionStore } from '../stores/session.ts';

const room = aResource('room', 'OR 1');
const myHold = aCase(room, '10:00', 60, { state: 'held', holder: me, title: 'Knee' });
const expiredHold: Case = { ...myHold, state: 'expired', holder: null, version: 2 };
const publish = (cause: CaseCause, now: Case, before: Case | undefined) =>
  publishChange({ revision: 2, at: at('09:00'), by: null, body: { type: 'case', cause, case: now } }, before);
const expired = () => expiredStore.getState().expired;

let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  signInAs('coordinator');
  stop = offerExpiredHolds();
});
afterEach(() => {
  stop();
  expiredStore.setState({ expired: [] });
  vi.useRealTimers();
});

test('my expired hold is offered for a minute', () => {
  publish('expired', expiredHold, myHold);
  expect(expired()).toEqual([{ item: myHold, now: expiredHold }]);
  vi.advanceTimersByTime(59_999);
  expect(expired()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(expired()).toEqual([]);
});

test.each([
  ['a hold of somebody else', 'expired', { ...myHold, holder: { id: room.id, name: 'J. Diaz' } }],
  ['a hold that I released', 'released', myHold],
  ['a hold that the board did not show', 'expired', undefined],
] as const)('%s is not offered', (_, cause, before) => {
  publish(cause, expiredHold, before);
  expect(expired()).toEqual([]);
});

test('the offer ends when the case changes, and when nobody is signed in', () => {
  publish('expired', expiredHold, myHold);
  publish('held', { ...myHold, version: 3 }, expiredHold);
  expect(expired()).toEqual([]);
  publish('expired', expiredHold, myHold);
  sessionStore.setState({ status: 'signed_out', endReason: null }, true);
  expect(expired()).toEqual([]);
});

test('the offer ends when another hold overlaps its time', () => {
  publish('expired', expiredHold, myHold);
  publish('held', aCase(room, '11:00', 30, { state: 'held' }), undefined);
  expect(expired()).toHaveLength(1);
  publish('held', aCase(room, '10:30', 30, { state: 'held' }), undefined);
  expect(expired()).toEqual([]);
});
