import type { CaseCause } from '@slate/shared/changes';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aResource, at, date, loadBoard, uuid } from '../../../../test/small-board.ts';
import { me, signInAs } from '../../../../test/signed-in.ts';
import { connectClient } from '../api/client.ts';
import { serverInstant } from '../stores/clock.ts';
import { setConnection } from '../stores/connection.ts';
import { dropDesk, setDesk } from '../stores/desk.ts';
import { cursorStore, resetCursor } from '../stores/cursor.ts';
import { closeAllDialogs, openDialog } from '../stores/dialogs.ts';
import { publishChange } from '../stores/changes.ts';
import { announcementStore } from '../stores/announcements.ts';
import { goToDate, select } from '../stores/view.ts';
import { announceChanges } from './announcements.ts';
import { spotOnCase } from '../board/cursor-moves.ts';

const [room1, room4] = [aResource('room', 'OR 1'), aResource('room', 'OR 4')] as const;
const knee = aCase(room1, '10:00', 90, { title: 'Total knee' });
const hip = aCase(room1, '13:00', 90, { title: 'Total hip' });
const kraus = { id: uuid(50), name: 'M. Kraus' };

let stop = () => {};
beforeEach(() => {
  vi.useFakeTimers();
  connectClient({
    server: 'https://slate.example.org',
    token: () => Promise.resolve(null),
    tokenRefused: () => {},
  });
  setConnection({ status: 'live', lagMs: 0 });
  announcementStore.setState({ polite: [], assertive: [] });
  signInAs('coordinator');
  goToDate(date);
  loadBoard({ resources: [room1, room4], cases: [knee, hip] });
  stop = announceChanges();
});
afterEach(() => {
  stop();
  resetCursor();
  select(null);
  vi.useRealTimers();
});

const polite = () => announcementStore.getState().polite.map(({ text }) => text);
const assertive = () => announcementStore.getState().assertive.map(({ text }) => text);
const publish = (cause: CaseCause, before: Case, after: Partial<Case>, by = kraus) =>
  publishChange(
    { revision: 2, at: at('09:00'), by, body: { type: 'case', cause, case: { ...before, ...after } } },
    before,
  );
const moved = { roomId: room4.id, start: at('12:30'), end: at('14:00') };

test('a move of the case under the cursor is announced with place and person', () => {
  cursorStore.setState(spotOnCase(knee));
  publish('moved', knee, moved);
  expect(polite()).toEqual(['M. Kraus moved Total knee to OR 4, 12:30']);
});

test('HI4 a booking that moves is announced as a move, a booking alone is not announced', () => {
  cursorStore.setState(spotOnCase(knee));
  publish('booked', knee, {});
  expect(polite()).toEqual([]);
  publish('booked', knee, moved);
  expect(polite()).toEqual(['M. Kraus moved Total knee to OR 4, 12:30']);
});

test('a cancellation is announced also when the cursor is no longer on the case', () => {
  cursorStore.setState({ ...spotOnCase(knee), caseId: null });
  publish('cancelled', knee, { state: 'cancelled' });
  expect(polite()).toEqual(['M. Kraus cancelled Total knee']);
});

test('the end of my own hold is announced only where it is shown', () => {
  const held = { ...knee, state: 'held', holder: me } as const;
  cursorStore.setState(spotOnCase(held));
  publish('expired', held, { state: 'expired', holder: null });
  publish('taken_over', held, { holder: kraus });
  expect(polite()).toEqual([]);
});

test('changes of other cases, and my own, are not announced', () => {
  cursorStore.setState(spotOnCase(knee));
  publish('moved', hip, moved);
  publish('moved', knee, moved, me);
  publish('milestone', knee, { state: 'in_room' });
  expect([...polite(), ...assertive()]).toEqual([]);
});

test('a change of the selected case is announced', () => {
  select(hip.id);
  publish('bumped', hip, { state: 'depot' });
  expect(polite()).toEqual(['M. Kraus bumped Total hip to the depot']);
});

test('the coming end of my hold is announced once, and again after an extension', () => {
  const expiresAt = addMinutes(serverInstant(), 0.4);
  const mine = aCase(room1, '15:00', 60, { state: 'held', holder: me, expiresAt, title: 'Hernia' });
  const theirs = aCase(room1, '17:00', 60, { state: 'held', holder: kraus, expiresAt, title: 'Other' });
  loadBoard({ resources: [room1, room4], cases: [mine, theirs] });
  vi.advanceTimersByTime(5_000);
  expect(assertive()).toEqual([
    'Your hold Hernia expires in less than 30 seconds. Press K to extend it or C to book it.',
  ]);
  loadBoard({ resources: [room1, room4], cases: [{ ...mine, expiresAt: addMinutes(expiresAt, 0.1) }] });
  vi.advanceTimersByTime(5_000);
  expect(assertive()).toHaveLength(2);
});

test('the coming end of a hold is announced only if its form is closed', () => {
  const expiresAt = addMinutes(serverInstant(), 0.4);
  const mine = aCase(room1, '15:00', 60, { state: 'held', holder: me, expiresAt, title: 'Hernia' });
  loadBoard({ resources: [room1, room4], cases: [mine] });
  openDialog({ kind: 'hold', caseId: mine.id });
  vi.advanceTimersByTime(5_000);
  expect(assertive()).toEqual([]);
  closeAllDialogs();
  vi.advanceTimersByTime(1_000);
  expect(assertive()).toHaveLength(1);
});

test('the loss and the return of the connection are announced once', () => {
  setConnection({ status: 'live', lagMs: 0 });
  setConnection({ status: 'offline', since: 0 });
  setConnection({ status: 'connecting' });
  setConnection({ status: 'offline', since: 0 });
  expect(assertive()).toHaveLength(1);
  expect(polite()).toEqual([]);
  setConnection({ status: 'live', lagMs: 0 });
  setConnection({ status: 'live', lagMs: 3 });
  expect(polite()).toEqual(['Reconnected. The board is live.']);
});

describe('NW9 each state of the connection is announced once', () => {
  const since = Date.parse(at('09:42'));
  const lost = /^Connection lost\./;

  test('a loss and the return, without the states between', () => {
    setConnection({ status: 'reconnecting', since });
    for (let count = 0; count < 3; count++) setConnection({ status: 'offline', since, why: null });
    expect(assertive()).toEqual([expect.stringMatching(lost)]);
    setConnection({ status: 'catching_up' });
    for (let count = 0; count < 3; count++) setConnection({ status: 'live', lagMs: 0 });
    expect(polite()).toEqual(['Reconnected. The board is live.']);
  });

  test('QU7 a loss at a desk that takes requests', () => {
    setDesk({ device: uuid(8), personId: me.id, siteId: uuid(2), records: [], damage: null });
    setConnection({ status: 'offline', since, why: null });
    expect(assertive()).toEqual([expect.stringContaining('Your changes become requests')]);
    dropDesk();
  });

  test('the reason with the loss, or once when it is found later', () => {
    setConnection({ status: 'offline', since, why: null });
    setConnection({ status: 'offline', since, why: 'other' });
    setConnection({ status: 'offline', since, why: 'timeout' });
    setConnection({ status: 'offline', since, why: 'other' });
    expect(assertive()).toHaveLength(1);
    expect(polite()).toEqual([expect.stringContaining('the sign-in page of a guest network')]);
    setConnection({ status: 'live', lagMs: 0 });
    setConnection({ status: 'offline', since, why: 'refused' });
    expect(assertive()[1]).toMatch(lost);
    expect(assertive()[1]).toContain('Slate isn’t answering');
  });

  test('slower updates and their end', () => {
    setConnection({ status: 'reconnecting', since });
    for (let count = 0; count < 3; count++) setConnection({ status: 'live', lagMs: 0, isSlower: true });
    expect(polite()).toEqual(['Connected, but the board is updated only every few seconds.']);
    for (let count = 0; count < 3; count++) setConnection({ status: 'live', lagMs: 0 });
    expect(polite()).toHaveLength(2);
    expect(assertive()).toEqual([]);
  });

  test('another version, with what to do', () => {
    setConnection({ status: 'outdated', server: 1 });
    setConnection({ status: 'outdated', server: 1 });
    expect(assertive()).toEqual([expect.stringContaining('update the server')]);
  });
});
