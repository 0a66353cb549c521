import { createStore } from 'zustand/vanilla';

/** The seconds until the console locks because nobody uses it; null unless that is soon. */
export const idleStore = createStore<{ secondsLeft: number | null }>(() => ({ secondsLeft: null }));
