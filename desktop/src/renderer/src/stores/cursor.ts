import { createStore } from 'zustand/vanilla';

/**
 * Where the keyboard is on the board. On cases it remembers the room and the time too: when its case is moved
 * away or taken off the board, it is not lost but stays where it was.
 */
export type Cursor = {
  mode: 'case' | 'free';
  caseId: string | null;
  roomId: string | null;
  /** An instant. */
  at: string | null;
};

export const cursorStore = createStore<Cursor>(() => ({
  mode: 'case',
  caseId: null,
  roomId: null,
  at: null,
}));
export const setCursor = (cursor: Partial<Cursor>) => cursorStore.setState(cursor);
