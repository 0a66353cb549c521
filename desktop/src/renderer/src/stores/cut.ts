import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** The case that was cut and not yet pasted. It stays in its place until then; the shown days may not have it. */
export const cutStore = createStore<{ item: Case | null }>(() => ({ item: null }));
export const cut = (item: Case) => cutStore.setState({ item });
export const forgetCut = () => cutStore.setState({ item: null });
