import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';
import type { BoardView } from './board.ts';
import type { Place } from './place.ts';

/** A case, or a new hold, on its way to a place; nothing is sent yet. */
export type Placing = {
  readonly kind: 'hold' | 'move' | 'resize' | 'depot';
  /** The case that moves or comes from the depot; null for a new hold. */
  readonly caseId: string | null;
  /** As it was when it was picked up: the day it is moved to may not show it. */
  readonly item: Case | null;
  readonly place: Place;
  readonly isByKeys?: true;
};

/** `latest`: the case as the feed last sent it, because the shown days may not have it. */
export const placingStore = createStore<{ placing: Placing | null; latest: Case | null }>(() => ({
  placing: null,
  latest: null,
}));

export const forgetPlacing = () => placingStore.setState({ placing: null, latest: null });

/** The case that is being placed, as it is now. */
export function itemOf(view: BoardView, { caseId, item }: Placing): Case | null {
  if (caseId === null) return null;
  const { latest } = placingStore.getState();
  const isNewer = latest?.id === caseId && latest.version > (item?.version ?? 0);
  return view.cases.get(caseId) ?? (isNewer ? latest : item);
}
