import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { caseNow } from '../../../stores/board.ts';
import { setCursor } from '../../../stores/cursor.ts';
import { myScope } from '../../../stores/session.ts';
import { select } from '../../../stores/view.ts';
import { boardHandle } from '../../../board/board-handle.ts';
import { beginDrag, spotAt } from './drag.ts';
import { instantOfMinutes, minutesOf, pixelOf, spanOf } from '../../../board/scale.ts';

/**
 * Returns the length of the grip at the end of a card that resizes it: six pixels, or a third of a short card.
 * `card.module.css` changes the pointer there.
 */
const gripOf = (length: number) => Math.min(6, length / 3);

/** Returns the case or the free time under the pointer. */
function spotUnder({ target, clientX, clientY }: MouseEvent) {
  const handle = boardHandle();
  if (!handle || !(target instanceof Element) || target.closest('button')) return null;
  const spot = spotAt(handle, { x: clientX, y: clientY });
  const id = target.closest<HTMLElement>('[data-case]')?.dataset['case'];
  const item = id === undefined ? undefined : caseNow(id);
  if (!spot || !(item || target.closest('[data-track]'))) return null;
  return { ...spot, scale: handle.geometry.scale, item: item && isPlaced(item) ? item : null };
}

function goTo({ item, roomId, minutes, scale }: NonNullable<ReturnType<typeof spotUnder>>) {
  if (item) {
    select(item.id);
    setCursor({
      mode: 'case',
      caseId: item.id,
      roomId: item.roomId,
      at: happensAt(item).start,
      minutes: null,
    });
  } else {
    const at = instantOfMinutes(scale, Math.floor(minutes / 5) * 5);
    setCursor({ mode: 'free', caseId: null, roomId, at, minutes: null });
  }
}

/** Moves the cursor to a secondary press. Returns false if it was on neither a case nor a room. */
export function pressSecondary(event: MouseEvent): boolean {
  const on = spotUnder(event);
  if (on) goTo(on);
  return on !== null;
}

/** Starts the drag of a case, of the end of a case, or over free time. */
export function press(event: PointerEvent): void {
  const spot = event.button === 0 ? spotUnder(event) : null;
  if (!spot) return;
  const { item, minutes, roomId, scale } = spot;
  if (item) {
    goTo(spot);
    if (myScope('case.schedule') === 'none' || !mayFrom('move', item.state)) return;
    const { at, length } = spanOf(scale, item.start, item.end);
    if (at + length - pixelOf(scale, minutes) < gripOf(length))
      return beginDrag(event, { kind: 'resize', item });
    const grabbedAt = minutes - minutesOf(scale, item.start);
    return beginDrag(event, { kind: 'move', item, grabbedAt });
  }
  if (myScope('case.hold') === 'none') return goTo(spot);
  beginDrag(event, { kind: 'hold', roomId, minutes }, () => goTo(spot));
}
