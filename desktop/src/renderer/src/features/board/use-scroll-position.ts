import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { serverNow } from '../../stores/clock.ts';
import type { Geometry } from '../../board/geometry.ts';
import { minutesAt, pixelOf } from '../../board/scale.ts';
import type { Scale } from '../../board/scale.ts';

/** The board opens a while before now; on other days, in the morning. */
const beforeNow = 90;
const morning = 6 * 60 - 20;

/** Returns the first visible time, in minutes from the start of the board. */
function firstMinutes(scale: Scale): number {
  const now = (serverNow() - scale.origin) / 60_000;
  return now > 0 && now < scale.minutes ? Math.max(0, now - beforeNow) : morning;
}
/** Returns the first scroll position, in pixels. */
export const initialOffset = (scale: Scale): number => Math.round(pixelOf(scale, firstMinutes(scale)));

/**
 * Keeps the visible time of day and rooms: on another day, at another scale, in the other layout, after the window was too
 * large to scroll, and after printing, which hides the board.
 */
export function useScrollPosition(scroller: RefObject<HTMLElement | null>, geometry: Geometry) {
  const { axis, scale, breadth } = geometry;
  const position = useRef<{ minutes: number; rooms: number } | null>(null);
  const lastAxis = useRef(axis);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const before = position.current;
    const at = {
      minutes: before && before.minutes < scale.minutes ? before.minutes : firstMinutes(scale),
      // In the other layout, the scrolled axis is the rooms.
      rooms: before && lastAxis.current === axis ? before.rooms : 0,
    };
    position.current = at;
    lastAxis.current = axis;
    const target = () => ({
      along: Math.round(pixelOf(scale, at.minutes)),
      across: Math.round(at.rooms * breadth),
    });
    const restore = () => {
      const { along, across } = target();
      element.scrollLeft = axis === 'x' ? along : across;
      element.scrollTop = axis === 'x' ? across : along;
    };
    restore();
    let width = element.clientWidth;
    let height = element.clientHeight;
    const remember = () => {
      // A board that was resized or hidden has scrolled by itself, and `resizeObserver` restores the position.
      const isResized = element.clientWidth !== width || element.clientHeight !== height;
      if (isResized || width === 0) return;
      const { along, across } = target();
      const left = { at: element.scrollLeft, most: element.scrollWidth - element.clientWidth };
      const top = { at: element.scrollTop, most: element.scrollHeight - element.clientHeight };
      const [hours, rooms] = axis === 'x' ? [left, top] : [top, left];
      // At the end of the scroll range, the person has not scrolled away from the target.
      if (Math.abs(hours.at - Math.min(along, hours.most)) > 1) at.minutes = minutesAt(scale, hours.at);
      if (Math.abs(rooms.at - Math.min(across, rooms.most)) > 1) at.rooms = rooms.at / breadth;
    };
    const resizeObserver = new ResizeObserver(() => {
      if (width === element.clientWidth && height === element.clientHeight) return;
      const wasHidden = width === 0;
      width = element.clientWidth;
      height = element.clientHeight;
      restore();
      // The browser restores the position of a hidden element without a scroll event. The virtualizers need one.
      if (wasHidden) element.dispatchEvent(new Event('scroll'));
    });
    resizeObserver.observe(element);
    element.addEventListener('scroll', remember, { passive: true });
    return () => {
      resizeObserver.disconnect();
      element.removeEventListener('scroll', remember);
    };
  }, [scroller, axis, scale, breadth]);
}
