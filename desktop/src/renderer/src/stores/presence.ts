import type { Presence } from '@slate/shared/socket-events';
import { createStore } from 'zustand/vanilla';

/** The people who are signed in at this site, and the case that each has selected; null: not known. Written by the feed. */
export const presenceStore = createStore<{ people: Presence['people'] | null }>(() => ({ people: null }));
export const setPresent = (people: Presence['people'] | null) => presenceStore.setState({ people });
