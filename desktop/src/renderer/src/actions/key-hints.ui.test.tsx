import { afterEach, beforeEach, expect, test } from 'vitest';
import { signInAs } from '../../../../test/signed-in.ts';
import { aCase, aResource, date, loadBoard } from '../../../../test/small-board.ts';
import { cursorStore, resetCursor } from '../stores/cursor.ts';
import { placingStore } from '../stores/placing.ts';
import { setPreferences } from '../stores/preferences.ts';
import { goToDate, showScreen } from '../stores/view.ts';
import { spotOnCase } from '../board/cursor-moves.ts';
import { beginPlacing } from './moving.ts';
import { keyHints } from './key-hints.ts';

const room = aResource('room', 'OR 1');
const knee = aCase(room, '10:00', 90);

beforeEach(() => {
  signInAs('coordinator');
  goToDate(date);
  loadBoard({ resources: [room], cases: [knee] });
  cursorStore.setState(spotOnCase(knee));
});
afterEach(() => {
  resetCursor();
  showScreen('day');
  placingStore.setState({ placing: null });
  setPreferences({ singleKeys: true });
});

const keys = () => keyHints().map((hint) => hint.keys.join(' '));

test('on a case, and no more than five', () => {
  expect(keys()).toEqual(['←↑↓→', 'Alt ←↑↓→', 'H', 'M', '?']);
});

test('on free time', () => {
  cursorStore.setState({ mode: 'free', caseId: null });
  expect(keys()).toEqual(['←↑↓→', 'Shift ←↑↓→', 'H', 'F', '?']);
});

test('while something is being moved', () => {
  beginPlacing('move', knee, knee);
  expect(keys()).toEqual(['←↑↓→', '↵', 'Esc', '[', 'T']);
});

test('without a board, and for a viewer', () => {
  signInAs('viewer');
  expect(keys()).toEqual(['←↑↓→', '↵', 'Ctrl K', '?']);
  showScreen('list');
  expect(keys()).toEqual(['1', 'Ctrl K', '?']);
});

test('disabled keys are not offered', () => {
  setPreferences({ singleKeys: false });
  expect(keys()).toEqual(['←↑↓→', 'Alt ←↑↓→', 'Ctrl K']);
});
