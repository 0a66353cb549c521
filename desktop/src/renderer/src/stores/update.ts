import type { UpdateStatus } from '@slate/shared/updates';
import { createStore } from 'zustand/vanilla';

/** The state of the updates of this program. A browser has none: it gets the console of its server with every load. */
export const updateStore = createStore<{ update: UpdateStatus }>(() => ({ update: { is: 'off' } }));
