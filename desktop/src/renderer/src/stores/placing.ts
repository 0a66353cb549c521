import { hasBegun, mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';
import { asPlaced, newHold } from '../preview/as-placed.ts';
import { verdictOf } from '../preview/verdict.ts';
import type { Asker, Verdict } from '../preview/verdict.ts';
import { nameOf } from './board.ts';
import type { BoardView } from './board.ts';
import { serverInstant, serverNow } from './clock.ts';
import type { Place } from '../commands/command.ts';
import { whyCutOff } from './cut-off.ts';
import { onNews } from './news.ts';
import { surgeonFor } from './my-surgeon.ts';
import { meNow, roleNow } from './session.ts';
import { stateWords } from '../words/cases.ts';
import { obstacleWords, placingWords } from '../words/placing.ts';
import { zoneNow } from './view.ts';

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
  last = null;
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

/** What is being placed, as it would stand there. */
export function placedNow(view: BoardView, placing: Placing): PlacedCase | null {
  if (placing.kind === 'hold') {
    return newHold(view, placing.place, { surgeonId: surgeonFor(view, placing.place)?.id });
  }
  const item = itemOf(view, placing);
  return item && asPlaced(item, placing.place);
}

/** What is asked of the server for it. How long a case under way will take is a change, not a move. */
export const commandOf = ({ kind }: Placing, { state }: Case): CaseCommand =>
  kind === 'depot' ? 'place' : kind === 'resize' && hasBegun(state) ? 'change' : 'move';

/** Who asks, and when. */
export const askerNow = (): Asker => ({
  me: meNow(),
  now: serverInstant(),
  isOffice: roleNow() === 'office',
});

type Judged = {
  view: BoardView;
  item: Case | null;
  place: Place;
  second: number;
  cutOff: string | null;
  verdict: Verdict;
};
let last: Judged | null = null;

/**
 * What speaks against a place. It is judged anew when the board has changed, and once a second, because holds
 * expire; asked again for the same, it answers the same.
 */
export function judge(view: BoardView, placing: Placing): Verdict | null {
  const second = Math.floor(serverNow() / 1000);
  const { place } = placing;
  const item = itemOf(view, placing);
  const cutOff = whyCutOff();
  const isSame = last?.view === view && last.item === item && last.place === place && last.second === second;
  if (isSame && last?.cutOff === cutOff) return last?.verdict ?? null;
  const placed = placedNow(view, placing);
  if (!placed) return null;
  const known = verdictOf(view, placed, askerNow());
  // What was free once is nobody's to give now, and what was taken up may have become another's to move.
  const isOver = item !== null && !mayFrom(commandOf(placing, item), item.state);
  const never = cutOff ?? (isOver ? placingWords.overtaken(stateWords[item.state]) : null);
  const obstacles = never === null ? known.obstacles : [{ kind: 'rule', sentence: never } as const];
  // A case under way takes as long as it takes: what it runs into is said, and does not keep it from being known.
  const isUnderWay = never === null && item !== null && hasBegun(item.state);
  const told = isUnderWay ? obstacles.map((each) => obstacleWords(each, nameOf, zoneNow(), meNow())) : [];
  const verdict = isUnderWay ? { ...known, obstacles: [], cautions: told } : { ...known, obstacles };
  last = { view, item, place, second, cutOff, verdict };
  return verdict;
}
