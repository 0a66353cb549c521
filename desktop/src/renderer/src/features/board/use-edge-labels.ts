import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { BoardView } from '../../stores/board.ts';
import { cellId } from './case-card.tsx';
import type { Geometry } from './geometry.ts';
import { layOut } from './lane-layout.ts';
import { instantOfMinutes, minutesAt, spanOf } from './scale.ts';

const air = 6;
const settledMs = 90;

/**
 * What a card says is moved to where the card can be seen, when its beginning is scrolled out. Once the board
 * stands still: text that sticks to the edge would be painted anew at every step of scrolling.
 */
export function useEdgeLabels(
  scroller: RefObject<HTMLElement | null>,
  geometry: Geometry,
  view: BoardView,
): void {
  const latest = useRef(view);
  const again = useRef(() => {});
  useLayoutEffect(() => {
    latest.current = view;
    again.current();
  }, [view]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const { axis, scale } = geometry;
    const moved = new Set<HTMLElement>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const move = () => {
      const edge = axis === 'x' ? element.scrollLeft : element.scrollTop;
      const seenFrom = instantOfMinutes(scale, minutesAt(scale, edge));
      for (const label of moved) label.style.translate = '';
      moved.clear();
      const found = [...latest.current.lanes.values()].flatMap((lane) =>
        layOut(lane)
          .cases.filter(({ start, end }) => start < seenFrom && seenFrom < end)
          .flatMap(({ item, start, end }) => {
            const label = document.querySelector<HTMLElement>(`#${cellId(item.id)} > [data-label]`);
            if (!label) return [];
            const { at, length } = spanOf(scale, start, end);
            const size = axis === 'x' ? label.offsetWidth : label.offsetHeight;
            return [{ label, by: Math.min(edge - at + air, length - size - 2 * air) }];
          }),
      );
      for (const { label, by } of found) {
        if (by <= air) continue;
        label.style.translate = axis === 'x' ? `${by}px` : `0 ${by}px`;
        moved.add(label);
      }
    };
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(move, settledMs);
    };
    move();
    again.current = settle;
    element.addEventListener('scroll', settle, { passive: true });
    return () => {
      clearTimeout(timer);
      again.current = () => {};
      element.removeEventListener('scroll', settle);
      for (const label of moved) label.style.translate = '';
    };
  }, [scroller, geometry]);
}
