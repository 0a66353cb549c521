import { createStore } from 'zustand/vanilla';

/**
 * Where the keyboard is on the board. On cases it remembers the room and the time too: when its case is moved
 * away or taken off the board, it is not lost but stays where it was.
 */
export type Cursor = {
  mode: 'case' | 'free';
  caseId: string | null;
  roomId: string | null;
  /** An instant: on free time where it begins; on cases the time that is kept to from room to room. */
  at: string | null;
  /** How much free time is marked; null: as long as a case is here when nothing else is said. */
  minutes: number | null;
};

const nowhere: Cursor = { mode: 'case', caseId: null, roomId: null, at: null, minutes: null };

export const cursorStore = createStore<Cursor>(() => nowhere);
export const setCursor = (cursor: Partial<Cursor>) => cursorStore.setState(cursor);
export const resetCursor = () => cursorStore.setState(nowhere);
