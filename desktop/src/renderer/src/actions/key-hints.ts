import { boardView, currentCase } from '../board/focus.ts';
import { canAddRecords } from '../stores/administration.ts';
import { boardStore } from '../stores/board.ts';
import { connectionStore } from '../stores/connection.ts';
import { cursorStore } from '../stores/cursor.ts';
import { cutOffReason } from '../stores/cut-off.ts';
import { cutStore } from '../stores/cut.ts';
import { placingStore } from '../stores/placing.ts';
import { preferencesStore } from '../stores/preferences.ts';
import { sessionStore } from '../stores/session.ts';
import { viewStore } from '../stores/view.ts';
import { keyWords } from '../words/keys.ts';
import { isOnFreeTime } from './cursor.ts';
import { canHold } from './holding.ts';
import { placingByKeys } from './moving.ts';
import { canMove } from './nudging.ts';
import { isSingle, keycaps } from './spelling.ts';

/** A key hint for the status bar. */
export type KeyHint = { readonly keys: readonly string[]; readonly name: string };

const words = keyWords.now;
const maxHints = 5;

type Hint = readonly [keys: string, name: string, isPossible?: boolean];

/** The four arrows as one hint. */
const arrows = 'Arrows';
const capsOf = (keys: string) =>
  keys.split('+').flatMap((part) => (part === arrows ? ['←↑↓→'] : keycaps(part)));

function hints(): Hint[] {
  const placing = placingByKeys();
  if (placing) {
    const isLength = placing.kind === 'resize';
    return [
      [arrows, isLength ? words.ghostLength : words.ghost],
      ['Enter', isLength ? words.dropLength : words.drop],
      ['Escape', words.stop],
      ['[', viewStore.getState().screen === 'week' ? words.weeks : words.days, !isLength],
      ['t', words.today, !isLength],
    ];
  }
  if (viewStore.getState().screen === 'administration') {
    return [
      ['/', words.searchList],
      ['Insert', words.addRecord, cutOffReason() === null && canAddRecords()],
      ['1', words.board],
      ['Ctrl+k', words.palette],
      ['?', words.keys],
    ];
  }
  if (!boardView()) {
    return [
      ['1', words.board, viewStore.getState().screen !== 'day'],
      ['Ctrl+k', words.palette],
      ['?', words.keys],
    ];
  }
  const canChange = cutOffReason() === null;
  const canPaste = canChange && cutStore.getState().item !== null;
  if (isOnFreeTime()) {
    return [
      [arrows, words.ghost],
      [`Shift+${arrows}`, words.mark],
      ['h', words.hold, canChange && canHold()],
      ['Ctrl+v', words.paste, canPaste],
      ['f', words.cases],
      ['?', words.keys],
    ];
  }
  const item = currentCase();
  return [
    [arrows, words.step],
    ['Ctrl+v', words.paste, canPaste],
    [`Alt+${arrows}`, words.nudge, canChange && canMove()],
    ['h', words.hold, canChange && canHold()],
    ['m', words.move, canChange && canMove()],
    ['Enter', words.inspect, item !== null && !(canChange && canMove())],
    ['Ctrl+k', words.palette],
    ['?', words.keys],
  ];
}

/** Returns at most five hints. The last one leads to all keys. */
export function keyHints(): KeyHint[] {
  const { singleKeys } = preferencesStore.getState();
  const shown = hints()
    .filter(([keys, , isPossible]) => isPossible !== false && (singleKeys || !isSingle(keys)))
    .map(([keys, name]) => ({ keys: capsOf(keys), name }));
  const last = shown.at(-1);
  return shown.length > maxHints && last ? [...shown.slice(0, maxHints - 1), last] : shown;
}

/** Calls the listener when the hints may have changed. */
export function watchKeyHints(listener: () => void): () => void {
  const stores = [
    boardStore,
    connectionStore,
    cursorStore,
    cutStore,
    placingStore,
    preferencesStore,
    sessionStore,
    viewStore,
  ];
  const stops = stores.map((store) => store.subscribe(listener));
  document.addEventListener('focusin', listener);
  return () => {
    stops.forEach((stop) => stop());
    document.removeEventListener('focusin', listener);
  };
}
