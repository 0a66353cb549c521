import type { Case, PlacedCase } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** A hold of mine that has just expired: `item` before, `now` after. */
export type Expired = { readonly item: PlacedCase; readonly now: Case };

export const expiredStore = createStore<{ expired: readonly Expired[] }>(() => ({ expired: [] }));

export const forgetExpired = (caseId: string) =>
  expiredStore.setState(({ expired }) => ({ expired: expired.filter(({ item }) => item.id !== caseId) }));
