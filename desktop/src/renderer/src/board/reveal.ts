import { isPlaced } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { caseNow } from '../stores/board.ts';
import { boardHandle } from './board-handle.ts';
import { spanOf } from './scale.ts';

type Wanted = string | { roomId: string; at: string };

/** The space that stays free around the target. */
const margin = 24;
/** How much of a place must be visible. */
const placeMinutes = 60;

/** Scrolls the board just far enough to show a case or a place. */
export function reveal(wanted: Wanted): void {
  const handle = boardHandle();
  const found = placeOf(wanted);
  if (!handle || !found) return;
  const { scroller, geometry } = handle;
  const { axis, scale, breadth, roomHead, timeHead, rooms } = geometry;
  const index = rooms.findIndex(({ id }) => id === found.roomId);
  if (index < 0) return;
  const { at, length } = spanOf(scale, found.start, found.end);
  const [width, height] = [scroller.clientWidth, scroller.clientHeight];
  const { scrollLeft, scrollTop } = scroller;
  if (axis === 'x') {
    scroller.scrollTo({
      left: scrolledTo(scrollLeft, width - roomHead, at, length, margin),
      top: scrolledTo(scrollTop, height - timeHead, index * breadth, breadth, 0),
    });
  } else {
    scroller.scrollTo({
      left: scrolledTo(scrollLeft, width - timeHead, index * breadth, breadth, 0),
      top: scrolledTo(scrollTop, height - roomHead, at, length, margin),
    });
  }
}

function placeOf(wanted: Wanted) {
  if (typeof wanted === 'string') {
    const item = caseNow(wanted);
    return item && isPlaced(item) ? { ...item, ...stayOf(item) } : null;
  }
  const end = new Date(Date.parse(wanted.at) + placeMinutes * 60_000).toISOString();
  return { roomId: wanted.roomId, start: wanted.at, end };
}

/** The new scroll position: shows all of the target, or its start if it is longer than the view. */
export function scrolledTo(from: number, room: number, at: number, length: number, spare: number): number {
  const first = at - spare;
  const last = at + Math.min(length, room - 2 * spare) + spare;
  if (first < from) return Math.max(0, first);
  return last > from + room ? last - room : from;
}
