import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';
import { boardStore } from '../../stores/board.ts';
import { onStep } from '../../stores/clock.ts';
import { cellId } from './lanes/case-card.tsx';
import { drawnSpan, everywhere } from '../../board/geometry.ts';
import type { Geometry } from '../../board/geometry.ts';
import { layOut } from '../../board/lane-layout.ts';
import { instantOfMinutes, minutesAt } from '../../board/scale.ts';

/** The padding before a card's text. Must match the style sheet. */
const padding = 5;
/** The minimum room for the text, so that its glyph stays visible at the end of the card. */
const minRoom = 26;
const settledMs = 90;

/**
 * Moves the text of a card into view if the card starts outside. Waits until scrolling stops, because sticky text would be
 * repainted at every step.
 */
export function useEdgeLabels(scroller: RefObject<HTMLElement | null>, geometry: Geometry): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const { axis, scale } = geometry;
    const paddingSide = axis === 'x' ? 'paddingInlineStart' : 'paddingBlockStart';
    const moved = new Set<HTMLElement>();
    const resetLabel = (card: HTMLElement) => {
      card.style[paddingSide] = '';
      card.style.overflow = '';
    };
    let timer: ReturnType<typeof setTimeout> | undefined;

    const moveLabels = () => {
      const edge = axis === 'x' ? element.scrollLeft : element.scrollTop;
      const seenFrom = instantOfMinutes(scale, minutesAt(scale, edge));
      for (const card of moved) resetLabel(card);
      moved.clear();
      const { view } = boardStore.getState();
      for (const lane of view?.lanes.values() ?? []) {
        for (const { item, start, end } of view ? layOut(view, lane, onStep(15_000)).cases : []) {
          if (start >= seenFrom || end <= seenFrom) continue;
          const card = document.querySelector<HTMLElement>(`#${cellId(item.id)}`);
          // A case of the day before is drawn from midnight on.
          const box = drawnSpan(scale, start, end, everywhere);
          if (!card || !box || box.length <= minRoom) continue;
          // The text was cut for the full width of the card.
          card.style.overflow = 'hidden';
          card.style[paddingSide] = `${Math.min(edge - box.at + padding, box.length - minRoom)}px`;
          moved.add(card);
        }
      }
    };
    const settle = () => {
      clearTimeout(timer);
      timer = setTimeout(moveLabels, settledMs);
    };
    moveLabels();
    const stopListening = boardStore.subscribe(settle);
    element.addEventListener('scroll', settle, { passive: true });
    const resizeObserver = new ResizeObserver(settle);
    resizeObserver.observe(element);
    return () => {
      clearTimeout(timer);
      stopListening();
      resizeObserver.disconnect();
      element.removeEventListener('scroll', settle);
      for (const card of moved) resetLabel(card);
    };
  }, [scroller, geometry]);
}
