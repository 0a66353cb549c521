import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { shownCase } from '../preview/collisions.ts';
import { boardStore } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { select, showDayOf, viewStore } from '../stores/view.ts';
import { focusCase } from './focus.ts';
import { reveal } from './reveal.ts';

/** Goes to the day of a case and selects it. */
export function goToDayOf(item: PlacedCase): void {
  select(item.id);
  showDayOf(happensAt(item).start);
  showOnBoard(item.id);
}

/** Moves the cursor and the view to the case once the board shows it, unless another case is selected by then. */
export function showOnBoard(caseId: string): void {
  const check = () => {
    const { selectedId, date } = viewStore.getState();
    if (selectedId !== caseId) return stop();
    const { view, isStale } = boardStore.getState();
    const item = shownCase(caseId);
    if (!item || isStale || view?.date !== date) return undefined;
    stop();
    if (isPlaced(item)) setCursor({ mode: 'case', caseId, roomId: item.roomId, at: happensAt(item).start });
    return requestAnimationFrame(() => {
      if (isPlaced(item)) reveal(caseId);
      focusCase(caseId);
    });
  };
  const stop = boardStore.subscribe(check);
  check();
}
