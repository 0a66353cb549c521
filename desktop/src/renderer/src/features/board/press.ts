import { mayFrom } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import { caseNow } from '../../stores/board.ts';
import { setCursor } from '../../stores/cursor.ts';
import { mayI } from '../../stores/session.ts';
import { select } from '../../stores/view.ts';
import { boardHandle } from './board-handle.ts';
import { beginDrag, spotAt } from './drag.ts';
import { instantOfMinutes, minutesOf, pixelOf, spanOf } from './scale.ts';

/** Six pixels of a card are its end, or a third of a short one: `card.module.css` shows another pointer there. */
const gripOf = (length: number) => Math.min(6, length / 3);

/** What a press on the board takes hold of: a case, its end, or free time. */
export function press(event: PointerEvent): void {
  const handle = boardHandle();
  const target = event.target instanceof Element ? event.target : null;
  if (!handle || !target || event.button !== 0 || target.closest('button')) return;
  const point = { x: event.clientX, y: event.clientY };
  const spot = spotAt(handle, point);
  if (!spot) return;

  const card = target.closest<HTMLElement>('[data-case]');
  const item = card?.dataset['case'] === undefined ? undefined : caseNow(card.dataset['case']);
  if (item && isPlaced(item)) {
    const { id, roomId, start, end } = item;
    select(id);
    setCursor({ mode: 'case', caseId: id, roomId, at: start, minutes: null });
    if (mayI('case.schedule') === 'none' || !mayFrom('move', item.state)) return;
    const { scale } = handle.geometry;
    const { at, length } = spanOf(scale, start, end);
    if (at + length - pixelOf(scale, spot.minutes) < gripOf(length))
      return beginDrag(event, { kind: 'resize', item });
    const grabbedAt = spot.minutes - minutesOf(scale, start);
    return beginDrag(event, { kind: 'move', item, grabbedAt });
  }
  if (!target.closest('[data-track]')) return;
  const at = instantOfMinutes(handle.geometry.scale, Math.floor(spot.minutes / 5) * 5);
  const pressed = () => {
    setCursor({ mode: 'free', caseId: null, roomId: spot.roomId, at, minutes: null });
  };
  if (mayI('case.hold') === 'none') return pressed();
  beginDrag(event, { kind: 'hold', roomId: spot.roomId, minutes: spot.minutes }, pressed);
}
