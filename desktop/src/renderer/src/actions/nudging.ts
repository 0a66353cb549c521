import { isInRoom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { currentCase, currentPlacedCase } from '../board/focus.ts';
import { stepMinutes } from '../board/free-time.ts';
import { toastIfCutOff } from '../stores/cut-off.ts';
import { isHeldByMe, mayRun } from '../stores/permissions.ts';
import { directionOf, mark } from './cursor.ts';
import { dropHere, placingAcross, placingAlong, placingByKeys, takeUp } from './moving.ts';

/**
 * A nudge lasts as long as Alt is held down. One command is sent when it is released, however many steps were made.
 */
let isNudging = false;

const mayMove = (item: Case | null) => item !== null && isPlaced(item) && mayRun('move', item);
export const canMove = () => mayMove(currentCase());
/** The length of a case under way can be changed, its place cannot. */
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
  takeUp(kind, item, { roomId: item.roomId, start, end });
  isNudging = true;
  return true;
}

export function nudge(keys: string) {
  const { way, by } = directionOf(keys);
  if (!begin('move')) return;
  if (way === 'along') placingAlong(by * stepMinutes);
  else placingAcross(by);
}

export function lengthen(keys: string) {
  const { way, by } = directionOf(keys);
  if (way === 'across') return;
  if (!currentPlacedCase()) return mark(keys, stepMinutes);
  if (toastIfCutOff()) return;
  if (begin('resize')) placingAlong(by * stepMinutes);
}

/** Alt was released, or the window lost the focus. */
export function endNudge() {
  if (!isNudging) return;
  isNudging = false;
  dropHere();
}
