import { expect, test } from 'vitest';
import { ariaKeys, isSingle, keycaps, spell } from './spelling.ts';
import type { Pressed } from './spelling.ts';

const press = (key: string, more: Partial<Pressed> & { altGr?: boolean } = {}): Pressed => ({
  key,
  code: '',
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  getModifierState: (name) => name === 'AltGraph' && more.altGr === true,
  ...more,
});

test.each([
  ['h', press('h')],
  ['h', press('H')],
  ['Shift+h', press('H', { shiftKey: true })],
  ['?', press('?', { shiftKey: true })],
  ['Space', press(' ')],
  ['Ctrl+k', press('k', { ctrlKey: true })],
  ['Alt+Shift+ArrowLeft', press('ArrowLeft', { altKey: true, shiftKey: true })],
  ['Alt+1', press('¡', { code: 'Digit1', altKey: true })],
  ['Meta+k', press('k', { metaKey: true })],
])('%s', (spelled, event) => {
  expect(spell(event, false)).toBe(spelled);
});

test('AltGr types a character, not a combination', () => {
  const german = press('[', { code: 'Digit8', ctrlKey: true, altKey: true, altGr: true });
  expect(spell({ ...german, code: 'BracketLeft' }, false)).toBe('[');
});

test('on a keyboard of another script, the position of a key decides', () => {
  expect(spell(press('р', { code: 'KeyH' }), false)).toBe('h');
  expect(spell(press('л', { code: 'KeyK', ctrlKey: true }), false)).toBe('Ctrl+k');
});

test('on a Mac, Ctrl in the table means the command key, not the control key', () => {
  expect(spell(press('k', { metaKey: true }), true)).toBe('Ctrl+k');
  expect(spell(press('k', { ctrlKey: true }), true)).toBe('Meta+k');
});

test('typed characters are single keys, and other keys are not', () => {
  expect(['h', '?', '1', 'Shift+h'].every(isSingle)).toBe(true);
  expect(['Ctrl+k', 'ArrowLeft', 'Enter', 'Space', 'Shift+ArrowUp'].some(isSingle)).toBe(false);
});

test('keycaps show keys as printed on the keyboard', () => {
  expect(keycaps('Ctrl+k', false)).toEqual(['Ctrl', 'K']);
  expect(keycaps('Ctrl+k', true)).toEqual(['⌘', 'K']);
  expect(keycaps('Alt+Shift+ArrowLeft', true)).toEqual(['⌥', '⇧', '←']);
  expect(keycaps('+', false)).toEqual(['+']);
  expect(ariaKeys(['Ctrl+k', '?'], true)).toBe('Meta+K ?');
});
