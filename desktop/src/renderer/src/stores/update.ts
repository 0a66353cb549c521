import type { UpdateStatus } from '@slate/shared/updates';
import { createStore } from 'zustand/vanilla';

/** What the program knows about its own updates. A browser has none: it gets the console of its server with every load. */
export const updateStore = createStore<{ update: UpdateStatus }>(() => ({ update: { is: 'off' } }));
