import { isInRoom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { currentCase, currentPlacedCase } from '../board/focus.ts';
import { stepMinutes } from '../board/free-time.ts';
import { toastIfCutOff } from '../stores/cut-off.ts';
import { isHeldByMe, mayRun } from '../stores/permissions.ts';
import { directionOf, mark } from './cursor.ts';
import { dropHere, shiftAcross, shiftAlong, placingByKeys, startPlacing } from './moving.ts';

/**
 * Whether a nudge is running. It lasts while Alt is pressed; its release sends one command for all steps.
 */
let isNudging = false;

const mayMove = (item: Case | null) => item !== null && isPlaced(item) && mayRun('move', item);
export const canMove = () => mayMove(currentCase());
/** Whether the length may be changed. A case under way can be resized but not moved. */
export const mayResize = (item: Case | null) =>
  mayMove(item)
    ? item?.state !== 'held' || isHeldByMe(item)
    : item !== null && isPlaced(item) && isInRoom(item.state) && mayRun('change', item);
export const canResize = () => mayResize(currentCase());

function begin(kind: 'move' | 'resize'): boolean {
  const placing = placingByKeys();
  if (placing) return placing.kind === kind;
  const item = currentPlacedCase();
  if (!item || !(kind === 'move' ? mayMove(item) : mayResize(item))) return false;
  const { start, end } = stayOf(item) ?? item;
  startPlacing(kind, item, { roomId: item.roomId, start, end });
  isNudging = true;
  return true;
}

export function nudge(keys: string) {
  const { way, by } = directionOf(keys);
  if (!begin('move')) return;
  if (way === 'along') shiftAlong(by * stepMinutes);
  else shiftAcross(by);
}

export function lengthen(keys: string) {
  const { way, by } = directionOf(keys);
  if (way === 'across') return;
  if (!currentPlacedCase()) return mark(keys, stepMinutes);
  if (toastIfCutOff()) return;
  if (begin('resize')) shiftAlong(by * stepMinutes);
}

/** Ends the nudge: Alt was released, or the window lost the focus. */
export function endNudge() {
  if (!isNudging) return;
  isNudging = false;
  dropHere();
}
