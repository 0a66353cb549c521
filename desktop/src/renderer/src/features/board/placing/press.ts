import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import { caseNow } from '../../../stores/board.ts';
import { setCursor } from '../../../stores/cursor.ts';
import { mayI } from '../../../stores/session.ts';
import { select } from '../../../stores/view.ts';
import { boardHandle } from '../../../board/board-handle.ts';
import { beginDrag, spotAt } from './drag.ts';
import { instantOfMinutes, minutesOf, pixelOf, spanOf } from '../../../board/scale.ts';

/** Six pixels of a card are its end, or a third of a short one: `card.module.css` shows another pointer there. */
const gripOf = (length: number) => Math.min(6, length / 3);

/** What is under the pointer: a case, or free time of a room. */
function pressedOn({ target, clientX, clientY }: MouseEvent) {
  const handle = boardHandle();
  if (!handle || !(target instanceof Element) || target.closest('button')) return null;
  const spot = spotAt(handle, { x: clientX, y: clientY });
  const id = target.closest<HTMLElement>('[data-case]')?.dataset['case'];
  const item = id === undefined ? undefined : caseNow(id);
  if (!spot || !(item || target.closest('[data-track]'))) return null;
  return { ...spot, scale: handle.geometry.scale, item: item && isPlaced(item) ? item : null };
}

function goTo({ item, roomId, minutes, scale }: NonNullable<ReturnType<typeof pressedOn>>) {
  if (item) {
    select(item.id);
    setCursor({ mode: 'case', caseId: item.id, roomId: item.roomId, at: item.start, minutes: null });
  } else {
    const at = instantOfMinutes(scale, Math.floor(minutes / 5) * 5);
    setCursor({ mode: 'free', caseId: null, roomId, at, minutes: null });
  }
}

/** A press of the other button only goes there. False: it was on neither a case nor a room's time. */
export function pressOther(event: MouseEvent): boolean {
  const on = pressedOn(event);
  if (on) goTo(on);
  return on !== null;
}

/** What a press on the board takes hold of: a case, its end, or free time. */
export function press(event: PointerEvent): void {
  const on = event.button === 0 ? pressedOn(event) : null;
  if (!on) return;
  const { item, minutes, roomId, scale } = on;
  if (item) {
    goTo(on);
    if (mayI('case.schedule') === 'none' || !mayFrom('move', item.state)) return;
    const { at, length } = spanOf(scale, item.start, item.end);
    if (at + length - pixelOf(scale, minutes) < gripOf(length))
      return beginDrag(event, { kind: 'resize', item });
    const grabbedAt = minutes - minutesOf(scale, item.start);
    return beginDrag(event, { kind: 'move', item, grabbedAt });
  }
  if (mayI('case.hold') === 'none') return goTo(on);
  beginDrag(event, { kind: 'hold', roomId, minutes }, () => goTo(on));
}
