import type { Geometry } from './geometry.ts';

/** The board that is on the screen, for gestures that begin outside of it and for what is to be scrolled to. */
export type BoardHandle = { readonly scroller: HTMLElement; readonly geometry: Geometry };

let shown: BoardHandle | null = null;

export const boardHandle = () => shown;
export function showHandle(handle: BoardHandle): () => void {
  shown = handle;
  return () => {
    if (shown === handle) shown = null;
  };
}
