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

test('on a case, there are five hints', () => {
  expect(keys()).toEqual(['←↑↓→', 'Alt ←↑↓→', 'H', 'M', '?']);
});

test('on free time, the hints are about holds', () => {
  cursorStore.setState({ mode: 'free', caseId: null });
  expect(keys()).toEqual(['←↑↓→', 'Shift ←↑↓→', 'H', 'F', '?']);
});

test('while a case is moved, the hints are about placing it', () => {
  beginPlacing('move', knee, knee);
  expect(keys()).toEqual(['←↑↓→', '↵', 'Esc', '[', 'T']);
});

test('a viewer and a screen without a board get no hints of commands', () => {
  signInAs('viewer');
  expect(keys()).toEqual(['←↑↓→', '↵', 'Ctrl K', '?']);
  showScreen('list');
  expect(keys()).toEqual(['1', 'Ctrl K', '?']);
});

test('disabled keys have no hints', () => {
  setPreferences({ singleKeys: false });
  expect(keys()).toEqual(['←↑↓→', 'Alt ←↑↓→', 'Ctrl K']);
});
