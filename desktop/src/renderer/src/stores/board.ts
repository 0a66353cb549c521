import { isPlaced } from '@slate/shared/cases';
import type { BusyTime, Case, PlacedCase } from '@slate/shared/cases';
import type { Board } from '@slate/shared/contract/reads';
import type { ErrorCode } from '@slate/shared/errors';
import type { Resource } from '@slate/shared/resources';
import type { Block, Closure } from '@slate/shared/sites';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { nameOfCase, numberOf, toldApart } from '../words/cases.ts';
import type { Names } from '../words/differences.ts';
import { timeOf } from '../words/time.ts';

/** What stands in one room. The same object until something in that room changes. */
export type Lane = {
  readonly room: Resource;
  readonly cases: readonly PlacedCase[];
  readonly busy: readonly BusyTime[];
  readonly blocks: readonly Block[];
  readonly closures: readonly Closure[];
};

export type BoardView = {
  readonly board: Board;
  readonly date: string;
  readonly days: number;
  /** Rooms in the order people expect: OR 2 before OR 10. */
  readonly rooms: readonly Resource[];
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly cases: ReadonlyMap<string, Case>;
  readonly resources: ReadonlyMap<string, Resource>;
  /** What cards say instead of the name of a procedure, where the site wants that. */
  readonly shortNames: ReadonlyMap<string, string>;
};

type Readable<State> = Pick<StoreApi<State>, 'getState' | 'getInitialState' | 'subscribe'>;

export type BoardState = {
  readonly view: BoardView | null;
  /** The last that is known of these days, while it is not known whether it still holds. */
  readonly isStale: boolean;
  /** Why these days could not be fetched, as long as they could not. */
  readonly failure: ErrorCode | 'unreachable' | null;
};

/** What the server said of the days that are looked at. Written by the change feed alone: `realtime/write-board.ts`. */
export const boardStore: Readable<BoardState> = createStore<BoardState>(() => ({
  view: null,
  isStale: false,
  failure: null,
}));

export const byName = (a: Resource, b: Resource) => collator.compare(a.name, b.name);
const collator = new Intl.Collator('en-US', { numeric: true });

export const caseNow = (id: string): Case | undefined => boardStore.getState().view?.cases.get(id);
/** What a room, a surgeon or a pool is called there; nothing where there is none. */
export const nameIn = (
  { resources }: Pick<BoardView, 'resources'>,
  resourceId: string | null | undefined,
): string => resources.get(resourceId ?? '')?.name ?? '';
export const nameOf = (resourceId: string | null): string => {
  const { view } = boardStore.getState();
  return view ? nameIn(view, resourceId) : '';
};

/** What a case is called where its place is not said: told apart from others of the same name on the board. */
export function caseName(item: Case): string {
  const name = nameOfCase(item);
  const { view } = boardStore.getState();
  const isAlone = [...(view?.cases.values() ?? [])].every(
    ({ id, title }) => id === item.id || title !== item.title,
  );
  if (!view || item.title === null || isAlone) return name;
  const place =
    isPlaced(item) && `${nameIn(view, item.roomId)} ${timeOf(item.start, view.board.site.timeZone)}`;
  return toldApart(name, place || numberOf(item));
}

/** How the things that a case refers to are called. */
export const namesOf = (view: BoardView): Names => ({
  zone: view.board.site.timeZone,
  resource: (id) => nameIn(view, id),
  procedure: (wanted) => view.board.procedures.find(({ id }) => id === wanted)?.name ?? '',
});
