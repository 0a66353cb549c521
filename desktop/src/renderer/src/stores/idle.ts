import { createStore } from 'zustand/vanilla';

/** How long until the console locks because nobody uses it; null while that is not near. */
export const idleStore = createStore<{ secondsLeft: number | null }>(() => ({ secondsLeft: null }));
