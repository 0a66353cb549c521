import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** The case that was cut and not yet pasted. Until then it stays in its place; it may be on a day that is not shown. */
export const cutStore = createStore<{ item: Case | null }>(() => ({ item: null }));
export const cut = (item: Case) => cutStore.setState({ item });
export const forgetCut = () => cutStore.setState({ item: null });
