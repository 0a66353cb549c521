import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/**
 * A case that was cut and waits to be pasted. It stays where it is until then, and is kept as it was seen: the
 * day it is pasted on may not show it.
 */
export const cutStore = createStore<{ item: Case | null }>(() => ({ item: null }));
export const cut = (item: Case) => cutStore.setState({ item });
export const forgetCut = () => cutStore.setState({ item: null });
