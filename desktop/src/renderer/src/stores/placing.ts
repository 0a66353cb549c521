import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';
import type { BoardView } from './board.ts';
import { onNews } from './news.ts';
import type { Place } from './place.ts';

/** What is being given a place: by the pointer or by the keyboard, and not yet asked of anybody. */
export type Placing = {
  readonly kind: 'hold' | 'move' | 'resize' | 'depot';
  /** The case that moves or comes from the depot; a hold has none yet. */
  readonly caseId: string | null;
  /** As it was when it was taken up: the day it comes to may not show it. */
  readonly item: Case | null;
  readonly place: Place;
};

export const placingStore = createStore<{ placing: Placing | null }>(() => ({ placing: null }));

export function forgetPlacing() {
  placingStore.setState({ placing: null });
  heard = null;
}

/** As it was last heard of: the board that is shown may not have it, or no more. */
let heard: Case | null = null;
export const keepPlaced = (): (() => void) =>
  onNews(({ body }) => {
    const { placing } = placingStore.getState();
    if (placing && body.type === 'case' && body.case.id === placing.caseId) heard = body.case;
  });

/** The case that is being placed, as it is now. */
export function itemOf(view: BoardView, { caseId, item }: Placing): Case | null {
  if (caseId === null) return null;
  const isNews = heard?.id === caseId && heard.version > (item?.version ?? 0);
  return view.cases.get(caseId) ?? (isNews ? heard : item);
}
