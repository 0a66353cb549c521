import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { boardView, currentCase, currentPlacedCase, spotNow } from '../board/focus.ts';
import { bumpCase, placeFromDepot } from '../commands/depot.ts';
import { moveTo, swap } from '../commands/move.ts';
import { announce } from '../stores/announcements.ts';
import { caseName, caseNow } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { cut, cutStore, forgetCut } from '../stores/cut.ts';
import { mayPlace } from '../stores/permissions.ts';
import { keyWords as words } from '../words/keys.ts';
import { placeFromHere, toastNoGap } from './holding.ts';
import { placingByKeys } from './moving.ts';

const isInDepot = () => Boolean(document.activeElement?.closest('[data-depot]'));

export const canCut = () => {
  const item = currentCase();
  return item !== null && !placingByKeys() && mayPlace(item);
};

export function cutHere() {
  const item = currentCase();
  if (!item) return;
  cut(item);
  announce(words.cut(caseName(item)));
}

/** Returns the cut case from the board, or as last known. */
const cutNow = (): Case | null => {
  const { item } = cutStore.getState();
  return item && (caseNow(item.id) ?? item);
};

export const canPaste = () => {
  const item = cutNow();
  return item !== null && !placingByKeys() && mayPlace(item) && (isInDepot() || spotNow() !== null);
};

export function pasteHere() {
  const item = cutNow();
  if (!item) return;
  if (isInDepot()) {
    forgetCut();
    if (mayFrom('bump', item.state)) void bumpCase(item);
    return;
  }
  const view = boardView();
  const spot = spotNow();
  if (!view || !spot) return;
  const place = placeFromHere(view, spot, item.minutes, item);
  if (!place) return toastNoGap(view, spot, item.minutes);
  // If the person cancels the question for a reason, the case stays cut.
  const beforeSend = () => {
    forgetCut();
    setCursor({ mode: 'case', caseId: null, roomId: place.roomId, at: place.start, minutes: null });
  };
  if (item.state === 'depot') void placeFromDepot(item, place, undefined, beforeSend);
  else if (isPlaced(item)) void moveTo(item, place, undefined, beforeSend);
}

const pairNow = (): [PlacedCase, PlacedCase] | null => {
  const first = cutNow();
  const second = currentPlacedCase();
  if (!first || !second || first.id === second.id || !isPlaced(first) || first.state === 'depot') return null;
  return mayPlace(first) && mayPlace(second) ? [first, second] : null;
};
export const canSwap = () => !placingByKeys() && pairNow() !== null;

export function swapHere() {
  const pair = pairNow();
  if (!pair) return;
  forgetCut();
  void swap(...pair);
}
