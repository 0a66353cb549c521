import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { boardStore, caseNow, nameOf } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { cursorStore } from '../stores/cursor.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { keyWords } from '../words/keys.ts';
import { timeOf } from '../words/time.ts';
import { firstSpot, hasPlace } from './cursor-moves.ts';
import type { Spot } from './cursor-moves.ts';

/** The keyboard focus: on the board, on a case or on free time. */

export const boardView = (): BoardView | null => {
  const { screen } = viewStore.getState();
  return screen === 'day' || screen === 'week' ? boardStore.getState().view : null;
};

export const boardElement = () => document.querySelector<HTMLElement>('[data-board]');
export const isInBoard = (element: Element | null) => Boolean(element?.closest('[data-board]'));

/** Returns the focused case outside the board: a card of the depot or a row of the list. */
const focusedCase = (): Case | null => {
  const { activeElement } = document;
  if (!activeElement || isInBoard(activeElement)) return null;
  const id = activeElement.closest<HTMLElement>('[data-case]')?.dataset['case'];
  return (id !== undefined && caseNow(id)) || null;
};

/** Returns the place of the cursor, or the place where it would appear. */
export function spotNow(): Spot | null {
  const view = boardView();
  if (!view) return null;
  const cursor = cursorStore.getState();
  if (hasPlace(cursor)) return cursor;
  const { selectedId } = viewStore.getState();
  const selected = selectedId === null ? undefined : caseNow(selectedId);
  return firstSpot(view, selected && isPlaced(selected) ? selected : null, serverInstant());
}

/** Returns the case that keys act on: the focused one, or the one under the cursor. */
export function currentCase(): Case | null {
  const focused = focusedCase();
  if (focused) return focused;
  const { mode, caseId, at } = cursorStore.getState();
  // A cursor that has not appeared yet will appear on the selected case.
  const id = at === null ? viewStore.getState().selectedId : caseId;
  return (boardView() && mode === 'case' && id !== null && caseNow(id)) || null;
}

export function currentPlacedCase(): PlacedCase | null {
  const item = currentCase();
  return item && isPlaced(item) && item.state !== 'depot' ? item : null;
}

/** Returns `OR 4, 12:30`. */
export const whereWords = (roomId: string, at: string) =>
  keyWords.room(nameOf(roomId), timeOf(at, zoneNow()));

/**
 * Focuses a case: its card in the depot, its row in the list, or the board with the cursor on it. Does nothing while a
 * person types or uses a dialog.
 */
export function focusCase(caseId: string): void {
  if (document.activeElement?.closest('[role="dialog"], [role="alertdialog"], input, textarea, select'))
    return;
  const find = (place: string) => document.querySelector<HTMLElement>(place);
  const card = find(`:is([data-depot], [role="grid"]:not([data-board])) [data-case="${caseId}"]`);
  if (card) return card.focus();
  // The list draws only visible rows. If the row is missing, focus the inspector, which always shows the case.
  (boardElement() ?? find(`aside[data-case="${caseId}"] [tabindex="0"]`))?.focus({ preventScroll: true });
}
