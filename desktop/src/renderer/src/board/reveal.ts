import { isPlaced } from '@slate/shared/cases';
import { stayOf } from '@slate/shared/reality';
import { caseNow } from '../stores/board.ts';
import { boardHandle } from './board-handle.ts';
import { spanOf } from './scale.ts';

type Target = string | { roomId: string; at: string };

/** The free space around the target. */
const margin = 24;
/** The minutes of a place that must be visible. */
const placeMinutes = 60;

/** Scrolls the board just far enough to show a case or a place. */
export function reveal(target: Target): void {
  const handle = boardHandle();
  const found = placeOf(target);
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
      left: scrollPositionFor(scrollLeft, width - roomHead, at, length, margin),
      top: scrollPositionFor(scrollTop, height - timeHead, index * breadth, breadth, 0),
    });
  } else {
    scroller.scrollTo({
      left: scrollPositionFor(scrollLeft, width - timeHead, index * breadth, breadth, 0),
      top: scrollPositionFor(scrollTop, height - roomHead, at, length, margin),
    });
  }
}

function placeOf(target: Target) {
  if (typeof target === 'string') {
    const item = caseNow(target);
    return item && isPlaced(item) ? { ...item, ...stayOf(item) } : null;
  }
  const end = new Date(Date.parse(target.at) + placeMinutes * 60_000).toISOString();
  return { roomId: target.roomId, start: target.at, end };
}

/** Returns the new scroll position. It shows the whole target, or its start if it is longer than the view. */
export function scrollPositionFor(
  from: number,
  room: number,
  at: number,
  length: number,
  spare: number,
): number {
  const first = at - spare;
  const last = at + Math.min(length, room - 2 * spare) + spare;
  if (first < from) return Math.max(0, first);
  return last > from + room ? last - room : from;
}
