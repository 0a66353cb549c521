import { expect, test } from 'vitest';
import { actionNames, groupNames } from '../words/actions.ts';
import type { Where } from './action.ts';
import { actions } from './table.ts';

const order: Where[] = ['board', 'lists', 'anywhere', 'typing'];

/** All actions are reachable while the board has the focus. */
test('no two actions share a key', () => {
  const keys = actions.flatMap((action) => action.keys);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

test('every action has a name, a group and a unique id', () => {
  const ids = actions.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids)).toEqual(new Set(Object.keys(actionNames)));
  for (const { name, group, where } of actions) {
    expect(name).not.toBe('');
    expect(groupNames[group]).toBeDefined();
    expect(order).toContain(where);
  }
});

/** `lengthen` also marks free time, so it checks the connection itself. The others change nothing. */
const harmless = ['lengthen', 'cut', 'openings'];

test('every action that changes cases is marked as unavailable without the server', () => {
  const unmarked = actions.filter(({ group, changes }) => group === 'cases' && !changes).map(({ id }) => id);
  expect(unmarked.toSorted()).toEqual(harmless.toSorted());
});

const alt = (keys: string[]) => keys.map((key) => `Alt+${key}`);
const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];

test.each([
  ['step', arrows],
  ['stepRooms', ['PageUp', 'PageDown']],
  ['edgeOfDay', ['Home', 'End']],
  ['switchCursor', ['f']],
  ['nudge', alt(arrows)],
  ['lengthen', ['Alt+Shift+ArrowLeft', 'Alt+Shift+ArrowRight']],
  ['hold', ['h']],
  ['move', ['m']],
  ['length', ['d']],
  ['cancel', ['x']],
  ['inspect', ['Enter']],
  ['peek', ['Space']],
  ['today', ['t']],
  ['now', ['n']],
  ['dayBefore', ['[']],
  ['dayAfter', [']']],
  ['day', ['1']],
  ['week', ['2']],
  ['list', ['3']],
  ['pools', ['4']],
  ['figures', ['5']],
  ['layout', ['v']],
  ['palette', ['Ctrl+k']],
  ['undo', ['Ctrl+z']],
  ['print', ['Ctrl+p']],
  ['keys', ['?']],
  ['cut', ['Ctrl+x']],
  ['paste', ['Ctrl+v']],
])('the action %s has its keys', (id, keys) => {
  expect(actions.find((action) => action.id === id)?.keys).toEqual(expect.arrayContaining(keys));
});
