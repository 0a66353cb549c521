import type { Presence } from '@slate/shared/socket-events';
import { createStore } from 'zustand/vanilla';

/** Who is signed in at this site, and which case each has selected. Written by the feed. */
export const presenceStore = createStore<{ people: Presence['people'] }>(() => ({ people: [] }));
export const setPresent = (people: Presence['people']) => presenceStore.setState({ people });
