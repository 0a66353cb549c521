import type { Case, PlacedCase } from '@slate/shared/cases';
import { minutesBetween } from '@slate/shared/time';
import { drop } from '../../../actions/drop.ts';
import { isSamePlace } from '../../../stores/place.ts';
import type { Place } from '../../../stores/place.ts';
import { placingStore } from '../../../stores/placing.ts';
import { boardHandle } from '../../../board/board-handle.ts';
import type { BoardHandle } from '../../../board/board-handle.ts';
import { instantOfMinutes, minutesAt, minutesOf, snap } from '../../../board/scale.ts';

/** The subject of a drag. */
export type DragSubject =
  /** Free time, starting at this minute. */
  | { kind: 'hold'; roomId: string; minutes: number }
  /** A case, grabbed this many minutes after its start. */
  | { kind: 'move'; item: PlacedCase; grabbedAt: number }
  | { kind: 'resize'; item: PlacedCase }
  | { kind: 'depot'; item: Case };

type Point = { x: number; y: number };

/** Up to this many pixels, the movement of the pointer counts as a click. */
const threshold = 4;
const step = { fine: 5, coarse: 15 };
const maxMinutes = 24 * 60;
/** Within this distance of its edge the board scrolls, faster the closer the pointer is. */
const edgeSize = 44;
const maxSpeed = 18;

/** Returns the room and minute under a pointer; the nearest ones if it is outside the rooms or hours. */
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

/** Returns the place that a drop at this point would give. */
function placeFor(subject: DragSubject, handle: BoardHandle, point: Point, isCoarse: boolean): Place | null {
  const spot = spotAt(handle, point);
  if (!spot) return null;
  const { scale } = handle.geometry;
  const size = isCoarse ? step.coarse : step.fine;
  const instant = (minutes: number) => instantOfMinutes(scale, minutes);
  if (subject.kind === 'hold') {
    const from = Math.floor(subject.minutes / size) * size;
    const to = snap(spot.minutes, size);
    const [first, last] = to < from ? [to, from] : [from, Math.max(to, from + step.fine)];
    return {
      roomId: subject.roomId,
      start: instant(first),
      end: instant(Math.min(last, first + maxMinutes)),
    };
  }
  if (subject.kind === 'resize') {
    const start = minutesOf(scale, subject.item.start);
    const end = Math.min(start + maxMinutes, Math.max(start + step.fine, snap(spot.minutes, size)));
    return { roomId: subject.item.roomId, start: subject.item.start, end: instant(end) };
  }
  if (subject.kind === 'depot' && !spot.isInside) return null;
  const grabbedAt = subject.kind === 'move' ? subject.grabbedAt : 0;
  const length =
    subject.kind === 'move' ? minutesBetween(subject.item.start, subject.item.end) : subject.item.minutes;
  const start = snap(spot.minutes - grabbedAt, size);
  return { roomId: spot.roomId, start: instant(start), end: instant(start + length) };
}

/**
 * Follows a pressed pointer until it is released. Calls `onClick` if it did not move. The pointer is captured, so it may
 * leave the window. Escape, a second pointer or the system cancels.
 */
export function beginDrag(event: PointerEvent, subject: DragSubject, onClick: () => void = () => {}): void {
  const from = { x: event.clientX, y: event.clientY };
  let point = from;
  let isCoarse = event.shiftKey;
  let isDragging = false;
  // A drag from outside crosses the edge of the board on its way in, which must not scroll.
  let hasEntered = subject.kind !== 'depot';
  let frame = 0;
  const scroller = boardHandle()?.scroller;
  const stopping = new AbortController();
  const { signal } = stopping;
  const item = subject.kind === 'hold' ? null : subject.item;

  const update = () => {
    const handle = boardHandle();
    const place = handle && placeFor(subject, handle, point, isCoarse);
    const { placing } = placingStore.getState();
    if (isSamePlace(placing?.place, place)) return;
    placingStore.setState({
      placing: place && { kind: subject.kind, caseId: item?.id ?? null, item, place },
    });
  };

  const scroll = () => {
    frame = requestAnimationFrame(scroll);
    const handle = boardHandle();
    if (!handle) return;
    const { x, y } = scrollSpeed(handle, point, subject.kind === 'depot');
    const isAtEdge = x !== 0 || y !== 0;
    hasEntered ||= !isAtEdge && spotAt(handle, point)?.isInside === true;
    if (!isAtEdge || !hasEntered) return;
    handle.scroller.scrollBy(x, y);
    update();
  };

  const start = () => {
    isDragging = true;
    if (scroller?.isConnected) scroller.setPointerCapture(event.pointerId);
    frame = requestAnimationFrame(scroll);
    // The wheel can scroll the board under a still pointer.
    scroller?.addEventListener('scroll', update, { signal, passive: true });
    document.documentElement.dataset['dragging'] = subject.kind;
  };

  const stop = () => {
    stopping.abort();
    cancelAnimationFrame(frame);
    delete document.documentElement.dataset['dragging'];
    if (scroller?.hasPointerCapture(event.pointerId)) scroller.releasePointerCapture(event.pointerId);
  };
  const cancel = () => {
    stop();
    if (isDragging) placingStore.setState({ placing: null });
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
    if (!isDragging && Math.hypot(point.x - from.x, point.y - from.y) < threshold) return;
    if (!isDragging) start();
    update();
  });
  on('pointerup', (up) => {
    if (!isMine(up)) return;
    stop();
    if (isDragging) drop();
    else onClick();
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
      if (key.key !== 'Escape' || !isDragging) return;
      key.preventDefault();
      key.stopPropagation();
      cancel();
    },
    { signal, capture: true },
  );
}

/** Returns how far to scroll in this frame. A drag from outside scrolls only once it is inside. */
function scrollSpeed({ scroller, geometry }: BoardHandle, { x, y }: Point, isFromOutside: boolean): Point {
  const box = scroller.getBoundingClientRect();
  const head =
    geometry.axis === 'x'
      ? { x: geometry.roomHead, y: geometry.timeHead }
      : { x: geometry.timeHead, y: geometry.roomHead };
  if (isFromOutside && (x < box.left || x > box.right || y < box.top || y > box.bottom))
    return { x: 0, y: 0 };
  return {
    x: speedAt(x, box.left + head.x, box.right),
    y: speedAt(y, box.top + head.y, box.bottom),
  };
}
function speedAt(at: number, first: number, last: number): number {
  const speed = (depth: number) => Math.ceil((Math.min(depth, edgeSize) / edgeSize) * maxSpeed);
  if (at < first + edgeSize) return -speed(first + edgeSize - at);
  return at > last - edgeSize ? speed(at - (last - edgeSize)) : 0;
}
