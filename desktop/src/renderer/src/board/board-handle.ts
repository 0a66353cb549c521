import type { Geometry } from './geometry.ts';

/** The board on the screen: for gestures that start outside of it, and for scrolling. */
export type BoardHandle = { readonly scroller: HTMLElement; readonly geometry: Geometry };

let shown: BoardHandle | null = null;

export const boardHandle = () => shown;
export function showHandle(handle: BoardHandle): () => void {
  shown = handle;
  return () => {
    if (shown === handle) shown = null;
  };
}
