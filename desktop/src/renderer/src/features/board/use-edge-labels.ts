import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';
import { boardStore } from '../../stores/board.ts';
import { onStep } from '../../stores/clock.ts';
import { cellId } from './lanes/case-card.tsx';
import type { Geometry } from '../../board/geometry.ts';
import { layOut } from '../../board/lane-layout.ts';
import { instantOfMinutes, minutesAt, spanOf } from '../../board/scale.ts';

/** The padding before a card's text, as in the style sheet. */
const air = 5;
/** The least room for the text, so that its glyph stays visible at the end of the card. */
const least = 26;
const settledMs = 90;

/**
 * Moves a card's text into view when the card starts outside it. Only after scrolling stops: sticky text would be
 * repainted at every step.
 */
export function useEdgeLabels(scroller: RefObject<HTMLElement | null>, geometry: Geometry): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const { axis, scale } = geometry;
    const padding = axis === 'x' ? 'paddingInlineStart' : 'paddingBlockStart';
    const moved = new Set<HTMLElement>();
    const putBack = (card: HTMLElement) => {
      card.style[padding] = '';
      card.style.overflow = '';
    };
    let timer: ReturnType<typeof setTimeout> | undefined;

    const move = () => {
      const edge = axis === 'x' ? element.scrollLeft : element.scrollTop;
      const seenFrom = instantOfMinutes(scale, minutesAt(scale, edge));
      for (const card of moved) putBack(card);
      moved.clear();
      const { view } = boardStore.getState();
      for (const lane of view?.lanes.values() ?? []) {
        for (const { item, start, end } of view ? layOut(view, lane, onStep(15_000)).cases : []) {
          if (start >= seenFrom || end <= seenFrom) continue;
          const card = document.querySelector<HTMLElement>(`#${cellId(item.id)}`);
          const { at, length } = spanOf(scale, start, end);
          if (!card || length <= least) continue;
          // The text was cut for the full width of the card.
          card.style.overflow = 'hidden';
          card.style[padding] = `${Math.min(edge - at + air, length - least)}px`;
          moved.add(card);
        }
      }
    };
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(move, settledMs);
    };
    move();
    const forget = boardStore.subscribe(settle);
    element.addEventListener('scroll', settle, { passive: true });
    const sized = new ResizeObserver(settle);
    sized.observe(element);
    return () => {
      clearTimeout(timer);
      forget();
      sized.disconnect();
      element.removeEventListener('scroll', settle);
      for (const card of moved) putBack(card);
    };
  }, [scroller, geometry]);
}
