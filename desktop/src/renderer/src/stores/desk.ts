import type { QueueRecord } from '@slate/shared/queue';
import { createStore } from 'zustand/vanilla';

/** One person's desk for one site at this workstation, opened: it can be read and written. */
export type Desk = {
  /** How the server knows this desk. */
  readonly device: string;
  readonly personId: string;
  readonly siteId: string;
  /** The log as it was when the desk was opened. */
  readonly records: readonly QueueRecord[];
  /** What of the log could not be read. */
  readonly damage:
    | { readonly kind: 'cut'; readonly bytes: number }
    | { readonly kind: 'broken'; readonly intact: number; readonly bytes: number }
    | null;
};

/** Null while nobody is signed in or the screen is locked, on a wall board, and if the desk cannot be opened. */
export const deskStore = createStore<{ desk: Desk | null }>(() => ({ desk: null }));

export const setDesk = (desk: Desk) => deskStore.setState({ desk });
/** Nothing of the desk stays in memory: the queue forgets its requests too. */
export const dropDesk = () => deskStore.setState({ desk: null });
export const deskNow = (): Desk | null => deskStore.getState().desk;
