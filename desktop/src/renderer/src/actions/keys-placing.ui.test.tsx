import { expect, test, vi } from 'vitest';
import {
  room1,
  room2,
  hernia,
  knee,
  otherCase,
  myHold,
  boardData,
  user,
  requests,
  board,
  cursor,
  placing,
  setUpKeys,
} from '../../../../test/board-keys.ts';
import { aCase, at, date, loadBoard } from '../../../../test/small-board.ts';
import { lockNow, someoneElseSignsIn } from '../../../../test/signed-in.ts';
import { call } from '../api/client.ts';
import { syncClock } from '../stores/clock.ts';
import { intentStore } from '../stores/intents.ts';
import { cursorStore } from '../stores/cursor.ts';
import { cutStore } from '../stores/cut.ts';
import { closeAllDialogs, dialogStore } from '../stores/dialogs.ts';
import { toastStore } from '../stores/toasts.ts';
import { announcementStore } from '../stores/announcements.ts';
import { goToDate, viewStore } from '../stores/view.ts';
import { spotOnCase } from '../board/cursor-moves.ts';
import { beginPlacingFromDepot } from './place-from-depot.ts';

vi.mock('../api/client.ts', { spy: true });

setUpKeys();

test('M moves a ghost, and Enter places the case there', async () => {
  await user.keyboard('m{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}{ArrowDown}');
  expect(placing()).toEqual({
    kind: 'move',
    isByKeys: true,
    caseId: knee.id,
    item: knee,
    place: { roomId: room2.id, start: at('10:25'), end: at('11:55') },
  });
  expect(cursor()).toMatchObject({ caseId: knee.id, roomId: room1.id });
  expect(requests()).toEqual([]);
  await user.keyboard('{Enter}');
  expect(placing()).toBeNull();
  expect(requests()[0]).toMatchObject({
    name: 'moveCase',
    body: { roomId: room2.id, start: at('10:25'), minutes: 90 },
  });
});

test('a case cannot be placed on a conflict, but can be moved on from there', async () => {
  await user.keyboard('m{ArrowDown}{Enter}');
  expect(requests()).toEqual([]);
  expect(announcementStore.getState().assertive.at(-1)?.text).toBe(
    'Knee can’t go there: OR 2 is taken by Other until 10:15',
  );
  await user.keyboard('{Shift>}{ArrowRight}{/Shift}{Enter}');
  expect(requests()).toHaveLength(1);
});

test('a nudge into a conflict is reverted, with the reason', async () => {
  await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(requests()).toEqual([]);
  expect(placing()).toBeNull();
  expect(cursor()).toMatchObject({ caseId: knee.id, roomId: room1.id });
  expect(toastStore.getState().toasts.at(-1)?.text).toContain('OR 2 is taken by Other until 10:15');
});

test('M and Escape send nothing', async () => {
  await user.keyboard('m{ArrowRight}');
  expect(placing()).not.toBeNull();
  await user.keyboard('{Escape}');
  expect(placing()).toBeNull();
  expect(requests()).toEqual([]);
});

test('a case in motion moves to another day together with the board', async () => {
  await user.keyboard('m]');
  expect(viewStore.getState().date).toBe('2026-11-21');
  expect(placing()?.place.start).toBe(at('10:00', '2026-11-21'));
});

test('RE9 the cursor follows a moved case to a day whose board already had it as a late case', async () => {
  const late = aCase(room1, '15:00', 60);
  const nextDay = '2026-11-21';
  loadBoard({ ...boardData, cases: [late] });
  cursorStore.setState({ mode: 'case', caseId: late.id, roomId: room1.id, at: late.start });
  await user.keyboard('m]');
  loadBoard({ ...boardData, cases: [late] }, nextDay);
  await user.keyboard('{ArrowRight}{Enter}');
  expect(requests()[0]).toMatchObject({ name: 'moveCase', body: { start: at('15:05', nextDay) } });
  expect(cursor()).toMatchObject({ caseId: null, roomId: room1.id, at: at('15:05', nextDay) });
});

test('D makes a case longer', async () => {
  await user.keyboard('d{ArrowRight}{ArrowRight}{Enter}');
  expect(requests()[0]).toMatchObject({ name: 'moveCase', body: { start: knee.start, minutes: 100 } });
});

test('several nudges are one request, sent when Alt is released', async () => {
  await user.keyboard('{Alt>}{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(requests()).toEqual([]);
  await user.keyboard('{/Alt}');
  expect(requests()).toHaveLength(1);
  expect(requests()[0]).toMatchObject({ name: 'moveCase', body: { start: at('10:15'), minutes: 90 } });
});

test('Alt, Shift and an arrow make a case shorter', async () => {
  await user.keyboard('{Alt>}{Shift>}{ArrowLeft}{/Shift}{/Alt}');
  expect(requests()[0]).toMatchObject({ name: 'moveCase', body: { minutes: 85 } });
});

test('a cut case stays until it is pasted on free time', async () => {
  await user.keyboard('{Control>}x{/Control}');
  expect(cutStore.getState().item).toEqual(knee);
  expect(requests()).toEqual([]);
  cursorStore.setState({ mode: 'free', caseId: null, roomId: room2.id, at: at('15:00') });
  await user.keyboard('{Control>}v{/Control}');
  expect(requests()[0]).toMatchObject({
    name: 'moveCase',
    params: { case: knee.id },
    body: { roomId: room2.id, start: at('15:00'), minutes: 90 },
  });
  expect(cutStore.getState().item).toBeNull();
});

test('a case is cut on one day and pasted on another', async () => {
  await user.keyboard('{Control>}x{/Control}');
  const tomorrow = '2026-11-21';
  goToDate(tomorrow);
  loadBoard({ resources: [room1, room2] }, tomorrow);
  await user.keyboard('f{Control>}v{/Control}');
  expect(requests()[0]).toMatchObject({ name: 'moveCase', body: { start: at('10:00', tomorrow) } });
});

test('a case stays cut if the person cancels the question for a reason', async () => {
  const days = [1, 2, 3, 4, 5, 6, 7];
  const early = { setupMinutes: 0, cleanupMinutes: 0, hours: [{ days, open: '07:00', close: '12:00' }] };
  loadBoard({ ...boardData, resources: [room1, { ...room2, attributes: early }] });
  await user.keyboard('{Control>}x{/Control}');
  cursorStore.setState(spotOnCase(myHold));
  await user.keyboard('{Control>}v{/Control}');
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'reason', for: 'override' });
  expect(requests()).toEqual([]);
  closeAllDialogs();
  cursorStore.setState(spotOnCase(hernia));
  await user.keyboard('{Control>}v{/Control}');
  expect(requests()).toMatchObject([{ name: 'moveCase', body: { roomId: room1.id } }]);
});

test('Escape cancels the cut', async () => {
  await user.keyboard('{Control>}x{/Control}{Escape}{Control>}v{/Control}');
  expect(requests()).toEqual([]);
});

test('the cursor follows a case that I move, and stays when another person moves it', async () => {
  vi.mocked(call).mockReturnValue(new Promise(() => {}));
  await user.keyboard('m{ArrowDown}{Shift>}{ArrowRight}{/Shift}{Enter}');
  const moved = { ...knee, roomId: room2.id, start: at('10:15'), end: at('11:45') };
  loadBoard({ ...boardData, cases: [hernia, moved, otherCase, myHold] });
  expect(cursor()).toMatchObject({ caseId: knee.id, roomId: room2.id });
  intentStore.setState({ intents: [] });
  loadBoard(boardData);
  expect(cursor()).toMatchObject({ caseId: null, roomId: room2.id });
  expect(document.activeElement).toBe(board());
  await user.keyboard('{ArrowUp}');
  expect(cursor()).toMatchObject({ caseId: knee.id, roomId: room1.id });
});

test('S swaps the cut case with the current one', async () => {
  await user.keyboard('{Control>}x{/Control}');
  cursorStore.setState(spotOnCase(otherCase));
  await user.keyboard('s');
  expect(requests()[0]).toMatchObject({
    name: 'swapCases',
    body: { first: { caseId: knee.id }, second: { caseId: otherCase.id } },
  });
});

test('CO7 the key of a move says why a case cannot be moved', async () => {
  const running = { ...knee, state: 'in_room' as const };
  loadBoard({ ...boardData, cases: [hernia, running, myHold] });
  await user.keyboard('m');
  expect(placing()).toBeNull();
  expect(toastStore.getState().toasts.at(-1)?.text).toBe(
    'Knee is in the room, so you can’t move it. Its recorded times set its place.',
  );
});

test('OP13 M takes a depot case to its best place', async () => {
  const hip = { ...aCase(room1, '00:00', 95), title: 'Hip', urgency: 'urgent' as const, dueBy: at('12:00') };
  const waiting = { ...hip, state: 'depot' as const, roomId: null, start: null, end: null };
  const openings = [{ roomId: room2.id, start: at('14:00'), end: at('15:35') }];
  vi.mocked(call).mockResolvedValue({ kind: 'done', reply: { openings, without: [] } as never });
  loadBoard({ ...boardData, depot: [waiting] });
  document.body.insertAdjacentHTML(
    'beforeend',
    `<div data-depot><button data-case="${hip.id}"></button></div>`,
  );
  document.querySelector<HTMLElement>(`[data-case="${hip.id}"]`)?.focus();
  await user.keyboard('m');
  await expect.poll(placing).toMatchObject({ kind: 'depot', caseId: hip.id, place: openings[0] });
  const body = { date, days: 1, minutes: 95, urgency: 'urgent', equipment: [], limit: 1 };
  expect(requests()).toMatchObject([{ name: 'openings', body }]);
  expect(document.activeElement).toBe(board());
});

test('OP13 M starts at the cursor if there is no suitable place, and says so', async () => {
  const hip = { ...aCase(room1, '00:00', 95), title: 'Hip', state: 'depot' as const };
  const waiting = { ...hip, roomId: null, start: null, end: null };
  vi.mocked(call).mockResolvedValue({ kind: 'done', reply: { openings: [], without: [] } as never });
  loadBoard({ ...boardData, depot: [waiting] });
  document.body.insertAdjacentHTML(
    'beforeend',
    `<div data-depot><button data-case="${hip.id}"></button></div>`,
  );
  document.querySelector<HTMLElement>(`[data-case="${hip.id}"]`)?.focus();
  await user.keyboard('m');
  await expect.poll(placing).toMatchObject({ place: { roomId: room1.id, start: knee.start } });
  expect(toastStore.getState().toasts.at(-1)?.text).toContain('No opening for Hip in these days');
});

test.each([
  ['a lock', lockNow],
  ['a switch to another person', someoneElseSignsIn],
])('PE7 an opening that arrives after %s is ignored', async (_what, happens) => {
  const hip = { ...aCase(room1, '00:00', 95), title: 'Hip', state: 'depot' as const };
  const { promise, resolve } = Promise.withResolvers<never>();
  vi.mocked(call).mockReturnValue(promise);
  const done = beginPlacingFromDepot({ ...hip, roomId: null, start: null, end: null });
  happens();
  announcementStore.setState({ polite: [] });
  const openings = [{ roomId: room2.id, start: at('14:00'), end: at('15:35') }];
  resolve({ kind: 'done', reply: { openings, without: [] } } as never);
  await done;
  expect(placing()).toBeNull();
  expect(announcementStore.getState().polite).toEqual([]);
});

test('CO8 D changes the expected length of a case under way', async () => {
  syncClock(at('11:00'));
  const running = { ...knee, state: 'in_room' as const, milestones: { in_room: at('10:20') } };
  loadBoard({ ...boardData, cases: [hernia, running, myHold] });
  syncClock(at('11:00'));
  await user.keyboard('d');
  expect(placing()).toMatchObject({ kind: 'resize', place: { start: at('10:20'), end: at('11:50') } });
  await user.keyboard('{ArrowRight}{ArrowRight}{Enter}');
  expect(requests()).toEqual([
    expect.objectContaining({ name: 'changeCase', body: { version: 1, minutes: 100 } }),
  ]);
});

test('CO9 announcements distinguish two cases with the same name', async () => {
  const twin = { ...otherCase, title: 'Knee' };
  loadBoard({ ...boardData, cases: [hernia, knee, twin] });
  await user.keyboard('m');
  expect(announcementStore.getState().polite.at(-1)?.text).toContain('Moving Knee (OR 1 10:00).');
  await user.keyboard('{Escape}');
  expect(announcementStore.getState().polite.at(-1)?.text).toBe('Knee (OR 1 10:00) stays where it was.');
});
