import { createStore } from 'zustand/vanilla';
import type { Place } from './commands.ts';

/** What is being given a place: by the pointer or by the keyboard, and not yet asked of anybody. */
export type Placing = {
  readonly kind: 'hold' | 'move' | 'resize' | 'depot';
  /** The case that moves or comes from the depot; a hold has none yet. */
  readonly caseId: string | null;
  readonly place: Place;
};

export const placingStore = createStore<{ placing: Placing | null }>(() => ({ placing: null }));
