import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';
import type { BoardView } from './board.ts';
import type { Place } from './place.ts';

/** A case or a new hold that a person is placing; nothing is sent yet. */
export type Placing = {
  readonly kind: 'hold' | 'move' | 'resize' | 'depot';
  /** The case that moves or comes from the depot; null for a new hold. */
  readonly caseId: string | null;
  /** The case when it was picked up, because the day it is moved to may not have it. */
  readonly item: Case | null;
  readonly place: Place;
  readonly isByKeys?: true;
};

/** `latest` is the case as last sent by the feed, because the shown days may not have it. */
export const placingStore = createStore<{ placing: Placing | null; latest: Case | null }>(() => ({
  placing: null,
  latest: null,
}));

export const forgetPlacing = () => placingStore.setState({ placing: null, latest: null });

/** Returns the current case that is being placed. */
export function itemOf(view: BoardView, { caseId, item }: Placing): Case | null {
  if (caseId === null) return null;
  const { latest } = placingStore.getState();
  const isNewer = latest?.id === caseId && latest.version > (item?.version ?? 0);
  return view.cases.get(caseId) ?? (isNewer ? latest : item);
}
