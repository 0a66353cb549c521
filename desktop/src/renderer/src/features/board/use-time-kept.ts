import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { serverNow } from '../../stores/clock.ts';
import type { Geometry } from './geometry.ts';
import { minutesAt, pixelOf } from './scale.ts';

/** What lies before now is seen too; and where now is not on the board, it begins in the morning. */
const beforeNow = 90;
const morning = 6 * 60 - 20;

/** Keeps to the time of day that is looked at: on another day, at another scale, turned by 90°. */
export function useTimeKept(scroller: RefObject<HTMLElement | null>, geometry: Geometry) {
  const { axis, scale } = geometry;
  const looked = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const now = (serverNow() - scale.origin) / 60_000;
    const first = now > 0 && now < scale.minutes ? Math.max(0, now - beforeNow) : morning;
    const from = looked.current !== null && looked.current < scale.minutes ? looked.current : first;
    const at = Math.round(pixelOf(scale, from));
    if (axis === 'x') element.scrollLeft = at;
    else element.scrollTop = at;
    const note = () => {
      looked.current = minutesAt(scale, axis === 'x' ? element.scrollLeft : element.scrollTop);
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller, axis, scale]);
}
