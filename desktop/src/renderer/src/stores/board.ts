import { isPlaced } from '@slate/shared/cases';
import type { BusyTime, Case, PlacedCase } from '@slate/shared/cases';
import type { Board } from '@slate/shared/contract/reads';
import type { ErrorCode } from '@slate/shared/errors';
import { happensAt } from '@slate/shared/reality';
import type { Resource } from '@slate/shared/resources';
import type { Block, Closure } from '@slate/shared/sites';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { nameOfCase, nameWithPlace, numberOf } from '../words/cases.ts';
import type { Names } from '../words/differences.ts';
import { timeOf } from '../words/time.ts';

/** The contents of one room. It stays the same object until something in the room changes. */
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
  /** Sorted as people expect: OR 2 before OR 10. */
  readonly rooms: readonly Resource[];
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly cases: ReadonlyMap<string, Case>;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Short procedure names for cards, if the site wants them. */
  readonly shortNames: ReadonlyMap<string, string>;
};

type Readable<State> = Pick<StoreApi<State>, 'getState' | 'getInitialState' | 'subscribe'>;

/** Without the server: this desk has not saved these days, or cannot read what it has saved. */
type NotAtDesk = 'not_saved' | 'not_readable';
export type LoadFailure = ErrorCode | 'unreachable' | NotAtDesk;

export type BoardState = {
  readonly view: BoardView | null;
  /** The board comes from memory; the server has not confirmed it yet. */
  readonly isStale: boolean;
  /** Why these days could not be loaded. */
  readonly failure: LoadFailure | null;
};

/** The board of the shown days. Only the feed writes it: `realtime/write-board.ts`. */
export const boardStore: Readable<BoardState> = createStore<BoardState>(() => ({
  view: null,
  isStale: false,
  failure: null,
}));

/** Returns the latest version of a case. The board has it only while it is on the shown days, and may be stale. */
export const latestOf = (...versions: readonly (Case | null | undefined)[]): Case | undefined =>
  versions.reduce<Case | undefined>(
    (latest, each) => (each && (!latest || each.version > latest.version) ? each : latest),
    undefined,
  );

export const caseNow = (id: string): Case | undefined => boardStore.getState().view?.cases.get(id);
/** Returns the name of a room, a surgeon or a pool; empty if there is none. */
export const nameIn = (
  { resources }: Pick<BoardView, 'resources'>,
  resourceId: string | null | undefined,
): string => resources.get(resourceId ?? '')?.name ?? '';
export const nameOf = (resourceId: string | null): string => {
  const { view } = boardStore.getState();
  return view ? nameIn(view, resourceId) : '';
};

/** Returns the name of a case, with its place or number if another case on the board has the same title. */
export function caseName(item: Case): string {
  const name = nameOfCase(item);
  const { view } = boardStore.getState();
  const isUnique = [...(view?.cases.values() ?? [])].every(
    ({ id, title }) => id === item.id || title !== item.title,
  );
  if (!view || item.title === null || isUnique) return name;
  const place =
    isPlaced(item) &&
    `${nameIn(view, item.roomId)} ${timeOf(happensAt(item).start, view.board.site.timeZone)}`;
  return nameWithPlace(name, place || numberOf(item));
}

/** Returns the names of everything that a case refers to. */
export const namesOf = (view: BoardView): Names => ({
  zone: view.board.site.timeZone,
  reasons: view.board.site.reasons,
  resource: (id) => nameIn(view, id),
  procedure: (procedureId) => view.board.procedures.find(({ id }) => id === procedureId)?.name ?? '',
});
