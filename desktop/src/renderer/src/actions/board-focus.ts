import { boardStore } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { viewStore } from '../stores/view.ts';
import { boardElement, isInBoard, spotNow } from './at-hand.ts';

/**
 * The focus of the board is not lost with what is drawn of it: another day is another grid. Whoever comes to the
 * board by Tab finds the cursor there.
 */
export function keepBoardFocus(): () => void {
  let wasInBoard = false;
  let frame = 0;
  const came = ({ target }: FocusEvent) => {
    wasInBoard = target instanceof Element && isInBoard(target);
    if (!wasInBoard || cursorStore.getState().at !== null) return;
    const spot = spotNow();
    if (spot) setCursor(spot);
  };
  const back = () => {
    if (wasInBoard && document.activeElement === document.body) {
      boardElement()?.focus({ preventScroll: true });
    }
  };
  // When what has changed is drawn.
  const soon = () => {
    cancelAnimationFrame(frame);
    if (wasInBoard) frame = requestAnimationFrame(back);
  };
  document.addEventListener('focusin', came);
  const stops = [boardStore.subscribe(soon), viewStore.subscribe(soon)];
  return () => {
    document.removeEventListener('focusin', came);
    cancelAnimationFrame(frame);
    stops.forEach((stop) => stop());
  };
}
