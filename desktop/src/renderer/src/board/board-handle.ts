import type { Geometry } from './geometry.ts';

/** The board on the screen, for scrolling and for gestures that start outside it. */
export type BoardHandle = { readonly scroller: HTMLElement; readonly geometry: Geometry };

let shown: BoardHandle | null = null;

export const boardHandle = () => shown;
export function setBoardHandle(handle: BoardHandle): () => void {
  shown = handle;
  return () => {
    if (shown === handle) shown = null;
  };
}
