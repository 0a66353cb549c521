import type { Case, PlacedCase } from '@slate/shared/cases';
import { minutesBetween } from '@slate/shared/time';
import { drop } from '../../../actions/drop.ts';
import { isSamePlace } from '../../../stores/place.ts';
import type { Place } from '../../../stores/place.ts';
import { placingStore } from '../../../stores/placing.ts';
import { boardHandle } from '../../../board/board-handle.ts';
import type { BoardHandle } from '../../../board/board-handle.ts';
import { instantOfMinutes, minutesAt, minutesOf, snap } from '../../../board/scale.ts';

/** What a drag moves. */
export type Grabbed =
  /** Free time, starting at this minute. */
  | { kind: 'hold'; roomId: string; minutes: number }
  /** A case, grabbed this many minutes after its start. */
  | { kind: 'move'; item: PlacedCase; grabbedAt: number }
  | { kind: 'resize'; item: PlacedCase }
  | { kind: 'depot'; item: Case };

type Point = { x: number; y: number };

/** A press moves the pointer up to this much. */
const threshold = 4;
const step = { fine: 5, coarse: 15 };
const longest = 24 * 60;
/** This close to its edge the board scrolls, faster the closer. */
const edge = 44;
const fastest = 18;

/** The room and minute under a pointer; the nearest ones if it is outside the rooms or hours. */
export function spotAt({ scroller, geometry }: BoardHandle, { x, y }: Point) {
  const { axis, scale, breadth, roomHead, timeHead, rooms } = geometry;
  const box = scroller.getBoundingClientRect();
  const [left, top] = [x - box.left + scroller.scrollLeft, y - box.top + scroller.scrollTop];
  const [along, across] = axis === 'x' ? [left, top] : [top, left];
  const index = Math.floor((across - timeHead) / breadth);
  const room = rooms[Math.min(rooms.length - 1, Math.max(0, index))];
  const minutes = Math.min(scale.minutes, Math.max(0, minutesAt(scale, along - roomHead)));
  const isInside = x >= box.left && x < box.right && y >= box.top && y < box.bottom;
  return room && { roomId: room.id, minutes, isInside };
}

/** Where a drop at this point would place it. */
function placeFor(taken: Grabbed, handle: BoardHandle, point: Point, isCoarse: boolean): Place | null {
  const spot = spotAt(handle, point);
  if (!spot) return null;
  const { scale } = handle.geometry;
  const size = isCoarse ? step.coarse : step.fine;
  const instant = (minutes: number) => instantOfMinutes(scale, minutes);
  if (taken.kind === 'hold') {
    const from = Math.floor(taken.minutes / size) * size;
    const to = snap(spot.minutes, size);
    const [first, last] = to < from ? [to, from] : [from, Math.max(to, from + step.fine)];
    return { roomId: taken.roomId, start: instant(first), end: instant(Math.min(last, first + longest)) };
  }
  if (taken.kind === 'resize') {
    const start = minutesOf(scale, taken.item.start);
    const end = Math.min(start + longest, Math.max(start + step.fine, snap(spot.minutes, size)));
    return { roomId: taken.item.roomId, start: taken.item.start, end: instant(end) };
  }
  if (taken.kind === 'depot' && !spot.isInside) return null;
  const grabbedAt = taken.kind === 'move' ? taken.grabbedAt : 0;
  const length =
    taken.kind === 'move' ? minutesBetween(taken.item.start, taken.item.end) : taken.item.minutes;
  const start = snap(spot.minutes - grabbedAt, size);
  return { roomId: spot.roomId, start: instant(start), end: instant(start + length) };
}

/**
 * Follows a pressed pointer until it is released. Calls `pressed` if it never moved. The pointer is captured, so it
 * may leave the window; Escape, a second pointer or the system cancels.
 */
export function beginDrag(event: PointerEvent, taken: Grabbed, pressed: () => void = () => {}): void {
  const from = { x: event.clientX, y: event.clientY };
  let point = from;
  let isCoarse = event.shiftKey;
  let isUnderWay = false;
  // A drag that starts outside crosses the edge of the board on its way in: that must not scroll.
  let isArrived = taken.kind !== 'depot';
  let frame = 0;
  const captor = boardHandle()?.scroller;
  const stopping = new AbortController();
  const { signal } = stopping;
  const item = taken.kind === 'hold' ? null : taken.item;

  const propose = () => {
    const handle = boardHandle();
    const place = handle && placeFor(taken, handle, point, isCoarse);
    const { placing } = placingStore.getState();
    if (isSamePlace(placing?.place, place)) return;
    placingStore.setState({ placing: place && { kind: taken.kind, caseId: item?.id ?? null, item, place } });
  };

  const scroll = () => {
    frame = requestAnimationFrame(scroll);
    const handle = boardHandle();
    if (!handle) return;
    const { x, y } = pull(handle, point, taken.kind === 'depot');
    const isAtEdge = x !== 0 || y !== 0;
    isArrived ||= !isAtEdge && spotAt(handle, point)?.isInside === true;
    if (!isAtEdge || !isArrived) return;
    handle.scroller.scrollBy(x, y);
    propose();
  };

  const start = () => {
    isUnderWay = true;
    if (captor?.isConnected) captor.setPointerCapture(event.pointerId);
    frame = requestAnimationFrame(scroll);
    // The wheel can scroll the board under a still pointer.
    captor?.addEventListener('scroll', propose, { signal, passive: true });
    document.documentElement.dataset['dragging'] = taken.kind;
  };

  const stop = () => {
    stopping.abort();
    cancelAnimationFrame(frame);
    delete document.documentElement.dataset['dragging'];
    if (captor?.hasPointerCapture(event.pointerId)) captor.releasePointerCapture(event.pointerId);
  };
  const cancel = () => {
    stop();
    if (isUnderWay) placingStore.setState({ placing: null });
  };

  const isMine = ({ pointerId }: PointerEvent) => pointerId === event.pointerId;
  const on = (
    name: 'pointermove' | 'pointerup' | 'pointercancel' | 'pointerdown',
    listener: (moved: PointerEvent) => void,
  ) => window.addEventListener(name, listener, { signal });

  on('pointermove', (moved) => {
    if (!isMine(moved)) return;
    point = { x: moved.clientX, y: moved.clientY };
    isCoarse = moved.shiftKey;
    if (!isUnderWay && Math.hypot(point.x - from.x, point.y - from.y) < threshold) return;
    if (!isUnderWay) start();
    propose();
  });
  on('pointerup', (up) => {
    if (!isMine(up)) return;
    stop();
    if (isUnderWay) drop();
    else pressed();
  });
  on('pointercancel', (cancelled) => {
    if (isMine(cancelled)) cancel();
  });
  on('pointerdown', (other) => {
    if (!isMine(other)) cancel();
  });
  window.addEventListener(
    'keydown',
    (key) => {
      if (key.key !== 'Escape' || !isUnderWay) return;
      key.preventDefault();
      key.stopPropagation();
      cancel();
    },
    { signal, capture: true },
  );
}

/** How far to scroll in this frame. A drag from outside scrolls only once it is inside. */
function pull({ scroller, geometry }: BoardHandle, { x, y }: Point, isFromOutside: boolean): Point {
  const box = scroller.getBoundingClientRect();
  const head =
    geometry.axis === 'x'
      ? { x: geometry.roomHead, y: geometry.timeHead }
      : { x: geometry.timeHead, y: geometry.roomHead };
  if (isFromOutside && (x < box.left || x > box.right || y < box.top || y > box.bottom))
    return { x: 0, y: 0 };
  return {
    x: pullOn(x, box.left + head.x, box.right),
    y: pullOn(y, box.top + head.y, box.bottom),
  };
}
function pullOn(at: number, first: number, last: number): number {
  const speed = (depth: number) => Math.ceil((Math.min(depth, edge) / edge) * fastest);
  if (at < first + edge) return -speed(first + edge - at);
  return at > last - edge ? speed(at - (last - edge)) : 0;
}
