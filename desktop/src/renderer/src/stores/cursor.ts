import { createStore } from 'zustand/vanilla';

/**
 * The position of the keyboard on the board. On a case it also stores room and time, so that it stays in place when the
 * case is moved or removed.
 */
export type Cursor = {
  mode: 'case' | 'free';
  caseId: string | null;
  roomId: string | null;
  /** An instant: the start of the free time, or the time to stay at when stepping from room to room. */
  at: string | null;
  /** The length of the marked free time; null: the usual length of a case. */
  minutes: number | null;
};

const nowhere: Cursor = { mode: 'case', caseId: null, roomId: null, at: null, minutes: null };

export const cursorStore = createStore<Cursor>(() => nowhere);
export const setCursor = (cursor: Partial<Cursor>) => cursorStore.setState(cursor);
export const resetCursor = () => cursorStore.setState(nowhere);
