import { fireEvent } from '@testing-library/react';
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
  loadUsualTurnover,
  setUpKeys,
} from '../../../../test/board-keys.ts';
import { at, date, loadBoard, uuid } from '../../../../test/small-board.ts';
import { me, signInAs } from '../../../../test/signed-in.ts';
import { shell } from '../shell/shell.ts';
import { intentStore } from '../stores/intents.ts';
import { cursorStore, resetCursor } from '../stores/cursor.ts';
import { cutStore } from '../stores/cut.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { paletteStore } from '../stores/palette.ts';
import { setPreferences } from '../stores/preferences.ts';
import { toastStore } from '../stores/toasts.ts';
import { select, showScreen, viewStore } from '../stores/view.ts';
import { spotOnCase } from '../board/cursor-moves.ts';

vi.mock('../api/client.ts', { spy: true });

setUpKeys();

test('arrows go to the next case and to the next room', async () => {
  await user.keyboard('{ArrowLeft}');
  expect(cursor()).toMatchObject({ caseId: hernia.id });
  await user.keyboard('{ArrowDown}');
  expect(cursor()).toMatchObject({ caseId: otherCase.id, roomId: room2.id });
});

test('in columns, up and down move in time, left and right between rooms', async () => {
  setPreferences({ layout: 'columns' });
  await user.keyboard('{ArrowUp}');
  expect(cursor()).toMatchObject({ caseId: hernia.id });
  await user.keyboard('{ArrowRight}');
  expect(cursor()).toMatchObject({ roomId: room2.id });
});

test('the first key only shows the cursor', async () => {
  resetCursor();
  select(otherCase.id);
  await user.keyboard('{ArrowRight}');
  expect(cursor()).toMatchObject({ caseId: otherCase.id });
});

test('on free time, H holds the marked time', async () => {
  loadUsualTurnover();
  await user.keyboard('f');
  expect(cursor()).toMatchObject({ mode: 'free', at: at('11:40') });
  await user.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}h');
  expect(requests()[0]).toMatchObject({
    name: 'placeHold',
    body: { roomId: room1.id, start: at('11:50'), minutes: 75 },
  });
});

test('on a case, H holds the next gap after it, with the turnover of the room', async () => {
  loadUsualTurnover();
  cursorStore.setState(spotOnCase(hernia));
  await user.keyboard('h');
  expect(requests()[0]).toMatchObject({ name: 'placeHold', body: { start: at('11:40'), minutes: 60 } });
});

test('X asks for the reason of a cancellation, and releases a hold', async () => {
  await user.keyboard('x');
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'reason', for: 'cancel', caseId: knee.id });
  cursorStore.setState(spotOnCase(myHold));
  await user.keyboard('x');
  expect(requests()[0]).toMatchObject({ name: 'releaseHold' });
});

test('C books my hold', async () => {
  cursorStore.setState(spotOnCase(myHold));
  await user.keyboard('c');
  expect(requests()[0]).toMatchObject({ name: 'confirmCase', body: { to: 'scheduled' } });
});

test('Enter opens the inspector', async () => {
  await user.keyboard('{Enter}');
  expect(viewStore.getState()).toMatchObject({ selectedId: knee.id, isInspectorOpen: true });
});

test('keys show other days and screens', async () => {
  await user.keyboard(']');
  expect(viewStore.getState().date).toBe('2026-11-21');
  await user.keyboard('[[[[[[');
  expect(viewStore.getState().date).toBe('2026-11-18');
  await user.keyboard('3');
  expect(viewStore.getState().screen).toBe('list');
});

test.each(['input', 'textarea'])('an %s receives letters and Ctrl+X itself', async (name) => {
  const field = document.querySelector<HTMLInputElement>(name);
  field?.focus();
  await user.keyboard('hx3?{Control>}x{/Control}');
  expect(field?.value).toContain('hx3?');
  expect(requests()).toEqual([]);
  expect(viewStore.getState().screen).toBe('day');
  expect(cutStore.getState().item).toBeNull();
  expect(dialogStore.getState().dialog).toBeNull();
});

test('the palette opens from an input too', async () => {
  document.querySelector('input')?.focus();
  await user.keyboard('{Control>}k{/Control}');
  expect(paletteStore.getState().isOpen).toBe(true);
});

test('no key works in a dialog or behind a modal dialog', async () => {
  const dialog = document.querySelector<HTMLElement>('[role="dialog"]');
  dialog?.focus();
  await user.keyboard('3{Control>}k{/Control}');
  expect(viewStore.getState().screen).toBe('day');
  dialog?.setAttribute('aria-modal', 'true');
  board()?.focus();
  await user.keyboard('3');
  expect(viewStore.getState().screen).toBe('day');
  expect(paletteStore.getState().isOpen).toBe(false);
});

test('on a button, arrows do not move the cursor, but 3 shows the list', async () => {
  document.querySelector('button')?.focus();
  await user.keyboard('{ArrowLeft}m');
  expect(cursor().caseId).toBe(knee.id);
  expect(placing()).toBeNull();
  await user.keyboard('3');
  expect(viewStore.getState().screen).toBe('list');
});

test('the board gets the focus if nothing has it', async () => {
  board()?.blur();
  await user.keyboard('{ArrowLeft}');
  expect(cursor().caseId).toBe(hernia.id);
  expect(document.activeElement).toBe(board());
});

test('with single keys switched off, only arrows and Ctrl work', async () => {
  setPreferences({ singleKeys: false });
  await user.keyboard('m3?{ArrowLeft}');
  expect(placing()).toBeNull();
  expect(viewStore.getState().screen).toBe('day');
  expect(cursor().caseId).toBe(hernia.id);
  await user.keyboard('{Control>}k{/Control}');
  expect(paletteStore.getState().isOpen).toBe(true);
});

test('keys typed between a hold and its form do not affect the board', async () => {
  const hold = { key: 'k', name: 'placeHold', cases: [] } as const;
  intentStore.setState({ intents: [{ ...hold, sentAt: performance.now(), isSettled: false }] });
  await user.keyboard('m3?');
  expect(placing()).toBeNull();
  expect(viewStore.getState().screen).toBe('day');
  intentStore.setState({ intents: [{ ...hold, sentAt: performance.now(), isSettled: true }] });
  await user.keyboard('3');
  expect(viewStore.getState().screen).toBe('list');
});

test('a pressed key repeats steps, but no other action', () => {
  const press = (key: string, repeat: boolean) =>
    board()?.dispatchEvent(new KeyboardEvent('keydown', { key, repeat, bubbles: true, cancelable: true }));
  press('ArrowLeft', true);
  expect(cursor().caseId).toBe(hernia.id);
  press(']', true);
  expect(viewStore.getState().date).toBe(date);
});

test('the date keys move by a day, and in the week view by a week', async () => {
  await user.keyboard(']');
  expect(viewStore.getState().date).toBe('2026-11-21');
  await user.keyboard('[[');
  expect(viewStore.getState().date).toBe('2026-11-20');
  showScreen('week');
  await user.keyboard(']');
  expect(viewStore.getState().date).toBe('2026-11-27');
  await user.keyboard('[[');
  expect(viewStore.getState().date).toBe('2026-11-20');
});

test('a key that the board has handled runs no action', () => {
  board()?.addEventListener('keydown', (event) => event.preventDefault(), { once: true });
  const press = () =>
    board()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true, cancelable: true }));
  press();
  expect(placing()).toBeNull();
  press();
  expect(placing()).toMatchObject({ kind: 'move' });
});

test('Alt that was used with a key leaves the focus; Alt alone goes to the menu', () => {
  const releaseAlt = () => fireEvent.keyUp(document.body, { key: 'Alt' });
  fireEvent.keyDown(document.body, { key: 'Alt' });
  expect(releaseAlt()).toBe(true);
  fireEvent.keyDown(document.body, { key: 'Alt', altKey: true });
  fireEvent.keyDown(document.body, { key: 'ArrowRight', altKey: true });
  expect(releaseAlt()).toBe(false);
  fireEvent.keyDown(document.body, { key: 'Alt' });
  expect(releaseAlt()).toBe(true);
});

test('a viewer can move the cursor but change nothing', async () => {
  signInAs('viewer');
  await user.keyboard('hmdxcebkwa{Control>}x{/Control}{Alt>}{ArrowRight}{/Alt}');
  expect(requests()).toEqual([]);
  expect([placing(), dialogStore.getState().dialog, cutStore.getState().item]).toEqual([null, null, null]);
  await user.keyboard('{ArrowLeft}');
  expect(cursor().caseId).toBe(hernia.id);
});

test('PE8 an office can hold, but not move, confirm or edit booked cases', async () => {
  signInAs('office', [...new Set(boardData.cases.flatMap(({ surgeonId }) => surgeonId ?? []))]);
  await user.keyboard('mxbce');
  expect([placing(), dialogStore.getState().dialog, requests()]).toEqual([null, null, []]);
  await user.keyboard('h');
  expect(requests()[0]).toMatchObject({ name: 'placeHold' });
});

test('H reports a missing gap and sends nothing', async () => {
  const closure = {
    id: uuid(9),
    resourceId: room1.id,
    start: at('11:30'),
    end: at('24:00'),
    quantity: 1,
    reason: 'Repair',
    createdBy: me,
    version: 1,
  };
  loadBoard({ ...boardData, closures: [closure] });
  await user.keyboard('h');
  expect(requests()).toEqual([]);
  expect(toastStore.getState().toasts.at(-1)?.text).toMatch(/1 hour.*OR 1/);
});

test('a printing failure is shown', async () => {
  vi.spyOn(shell, 'print').mockRejectedValue(new Error('Nothing was printed: no printer answers.'));
  await user.keyboard('{Control>}p{/Control}');
  await expect
    .poll(() => toastStore.getState().toasts.map(({ text }) => text))
    .toContain('Nothing was printed: no printer answers.');
});
