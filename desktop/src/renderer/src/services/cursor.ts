import { cursorAfterChange } from '../board/cursor-moves.ts';
import { boardElement, isInBoard, spotNow } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { boardStore } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { intentStore } from '../stores/intents.ts';
import { viewStore } from '../stores/view.ts';

/** Keeps the cursor on its case, or in its place, when the board changes. */
export function moveCursorWithBoard(): () => void {
  let current = boardStore.getState().view;
  return boardStore.subscribe(({ view }) => {
    if (!view || view === current) return;
    const before = current;
    current = view;
    if (!before) return;
    const cursor = cursorStore.getState();
    const mine = new Set(
      intentStore.getState().intents.flatMap(({ cases }) => cases.map(({ caseId }) => caseId)),
    );
    const next = cursorAfterChange(before, view, cursor, (caseId) => mine.has(caseId));
    if (next === cursor) return;
    setCursor(next);
    // Scrolling works only once the other day is drawn.
    const { roomId, at } = next;
    if (before.date !== view.date && roomId !== null && at !== null) {
      requestAnimationFrame(() => reveal(next.caseId ?? { roomId, at }));
    }
  });
}

/**
 * Keeps the focus on the board when another day replaces the grid element. After signing in or unlocking, focuses the board
 * unless something else has the focus. Sets the cursor when a person tabs to the board.
 */
export function keepBoardFocus(): () => void {
  let wasInBoard = document.activeElement === document.body;
  let frame = 0;
  const onFocusIn = ({ target }: FocusEvent) => {
    wasInBoard = target instanceof Element && isInBoard(target);
    if (!wasInBoard || cursorStore.getState().at !== null) return;
    const spot = spotNow();
    if (spot) setCursor(spot);
  };
  const restoreFocus = () => {
    if (!wasInBoard || document.activeElement !== document.body) return;
    const grid = boardElement() ?? document.querySelector<HTMLElement>('[role="grid"]');
    grid?.focus({ preventScroll: true });
  };
  // The new grid must be drawn first.
  const scheduleRestore = () => {
    cancelAnimationFrame(frame);
    if (wasInBoard) frame = requestAnimationFrame(restoreFocus);
  };
  document.addEventListener('focusin', onFocusIn);
  const stops = [boardStore.subscribe(scheduleRestore), viewStore.subscribe(scheduleRestore)];
  scheduleRestore();
  return () => {
    document.removeEventListener('focusin', onFocusIn);
    cancelAnimationFrame(frame);
    stops.forEach((stop) => stop());
  };
}
