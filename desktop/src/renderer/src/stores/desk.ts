import type { QueueRecord } from '@slate/shared/queue';
import { createStore } from 'zustand/vanilla';

/** The open desk of one person for one site at this workstation. */
export type Desk = {
  /** The id of this desk's device at the server. */
  readonly device: string;
  readonly personId: string;
  readonly siteId: string;
  /** The log as it was when the desk was opened. */
  readonly records: readonly QueueRecord[];
  /** The part of the log that could not be read. */
  readonly damage:
    | { readonly kind: 'cut'; readonly bytes: number }
    | { readonly kind: 'broken'; readonly intact: number; readonly bytes: number }
    | null;
};

/** Null while nobody is signed in or the screen is locked, on a wall board, or if the desk cannot be opened. */
export const deskStore = createStore<{ desk: Desk | null }>(() => ({ desk: null }));

export const setDesk = (desk: Desk) => deskStore.setState({ desk });
/** Forgets the desk. The queue forgets its requests too. */
export const dropDesk = () => deskStore.setState({ desk: null });
export const deskNow = (): Desk | null => deskStore.getState().desk;

/**
 * Why the queue is not sent although the server can be reached. `sign_in`: the person must sign in again. `retired`: an
 * administrator has retired this desk. `gap`: the server does not accept the position of a request. `no_device`: the server
 * does not register this desk. `not_saved`: the log cannot be written.
 */
export type Trouble = 'sign_in' | 'retired' | 'gap' | 'no_device' | 'not_saved';
