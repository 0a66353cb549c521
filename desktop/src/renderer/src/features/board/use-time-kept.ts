import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { serverNow } from '../../stores/clock.ts';
import type { Geometry } from './geometry.ts';
import { minutesAt, pixelOf } from './scale.ts';
import type { Scale } from './scale.ts';

/** What lies before now is seen too; and where now is not on the board, it begins in the morning. */
const beforeNow = 90;
const morning = 6 * 60 - 20;

/** Where the board is scrolled to at first. */
export function firstSeen(scale: Scale): number {
  const now = (serverNow() - scale.origin) / 60_000;
  const from = now > 0 && now < scale.minutes ? Math.max(0, now - beforeNow) : morning;
  return Math.round(pixelOf(scale, from));
}

/** Keeps to the time of day that is looked at: on another day, at another scale, turned by 90°. */
export function useTimeKept(scroller: RefObject<HTMLElement | null>, geometry: Geometry) {
  const { axis, scale } = geometry;
  const looked = useRef<number | null>(null);
  const turned = useRef(axis);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const wasAt = looked.current;
    const at = wasAt !== null && wasAt < scale.minutes ? Math.round(pixelOf(scale, wasAt)) : firstSeen(scale);
    if (axis === 'x') element.scrollLeft = at;
    else element.scrollTop = at;
    // What was scrolled along the hours are the rooms now.
    if (turned.current !== axis) {
      if (axis === 'x') element.scrollTop = 0;
      else element.scrollLeft = 0;
      turned.current = axis;
    }
    const note = () => {
      looked.current = minutesAt(scale, axis === 'x' ? element.scrollLeft : element.scrollTop);
    };
    element.addEventListener('scroll', note, { passive: true });
    return () => element.removeEventListener('scroll', note);
  }, [scroller, axis, scale]);
}
