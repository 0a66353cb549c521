import { afterChange } from '../board/cursor-moves.ts';
import { boardElement, isInBoard, spotNow } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { boardStore } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { intentStore } from '../stores/intents.ts';
import { viewStore } from '../stores/view.ts';

/** Keeps the cursor on its case, or in its place, when the board changes. */
export function moveCursorWithBoard(): () => void {
  let known = boardStore.getState().view;
  return boardStore.subscribe(({ view }) => {
    if (!view || view === known) return;
    const before = known;
    known = view;
    if (!before) return;
    const cursor = cursorStore.getState();
    const mine = new Set(
      intentStore.getState().intents.flatMap(({ cases }) => cases.map(({ caseId }) => caseId)),
    );
    const next = afterChange(before, view, cursor, (caseId) => mine.has(caseId));
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
 * Keeps the focus on the board: another day is another grid element. After signing in or unlocking, the board has the
 * focus unless something else does. Tabbing to the board brings the cursor in.
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
  // The new grid must be drawn first.
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
