import { boardStore } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { viewStore } from '../stores/view.ts';
import { boardElement, isInBoard, spotNow } from './focus.ts';

/**
 * The keyboard goes to a case that was asked for: to its card in the depot, its row in the list, or the board, where
 * the cursor is on it. Who types or answers something at that moment goes on with that.
 */
export function focusCase(caseId: string): void {
  if (document.activeElement?.closest('[role="dialog"], [role="alertdialog"], input, textarea, select'))
    return;
  const find = (place: string) => document.querySelector<HTMLElement>(place);
  const card = find(`:is([data-depot], [role="grid"]:not([data-board])) [data-case="${caseId}"]`);
  if (card) return card.focus();
  // A list draws only the rows in view; the inspector has the case in any event.
  (boardElement() ?? find(`aside[data-case="${caseId}"] [tabindex="0"]`))?.focus({ preventScroll: true });
}

/**
 * The focus of the board is not lost with what is drawn of it: another day is another grid. Somebody who has just signed in
 * or unlocked the screen, and has the keyboard nowhere, has it at the board. Whoever comes to the board by Tab finds the
 * cursor there.
 */
export function keepBoardFocus(): () => void {
  let wasInBoard = document.activeElement === document.body;
  let frame = 0;
  const came = ({ target }: FocusEvent) => {
    wasInBoard = target instanceof Element && isInBoard(target);
    if (!wasInBoard || cursorStore.getState().at !== null) return;
    const spot = spotNow();
    if (spot) setCursor(spot);
  };
  const back = () => {
    if (!wasInBoard || document.activeElement !== document.body) return;
    const grid = boardElement() ?? document.querySelector<HTMLElement>('[role="grid"]');
    grid?.focus({ preventScroll: true });
  };
  // When what has changed is drawn.
  const soon = () => {
    cancelAnimationFrame(frame);
    if (wasInBoard) frame = requestAnimationFrame(back);
  };
  document.addEventListener('focusin', came);
  const stops = [boardStore.subscribe(soon), viewStore.subscribe(soon)];
  soon();
  return () => {
    document.removeEventListener('focusin', came);
    cancelAnimationFrame(frame);
    stops.forEach((stop) => stop());
  };
}
