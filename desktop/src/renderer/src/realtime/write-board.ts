import { boardAfter } from '@slate/shared/board-after';
import { isClaiming } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import type { Board } from '@slate/shared/contract/reads';
import { happensAt } from '@slate/shared/reality';
import { byPosition } from '@slate/shared/resources';
import type { Resource } from '@slate/shared/resources';
import type { StoreApi } from 'zustand/vanilla';
import { boardStore } from '../stores/board.ts';
import type { BoardState, BoardView, Lane } from '../stores/board.ts';

/**
 * The only writer of the board. The linter lets only this layer import it, because the board must be what the server sent.
 * For everybody else the store is read-only.
 */
const store = boardStore as StoreApi<BoardState>;

export function showBoard(board: Board, date: string, days: number) {
  store.setState({ view: viewOf(board, date, days, null), isStale: false, failure: null });
}
export function showStale(view: BoardView) {
  store.setState({ view, isStale: true, failure: null });
}
export const showStaleBoard = (board: Board, date: string, days: number) =>
  showStale(viewOf(board, date, days, null));
export function clearBoard() {
  store.setState({ view: null, isStale: false, failure: null });
}
/** Keeps the shown board and adds why loading failed. */
export function failBoard(failure: BoardState['failure']) {
  store.setState({ failure });
}
export function applyChanges(changes: readonly Change[], to: number, at: string) {
  const { view } = store.getState();
  if (!view) return;
  const board = changes.reduce((previous, { body }) => boardAfter(previous, body), view.board);
  const next = { ...board, revision: to, at };
  store.setState({ view: viewOf(next, view.date, view.days, view) });
}

function viewOf(board: Board, date: string, days: number, before: BoardView | null): BoardView {
  const isSame = (key: keyof Board) => before?.board[key] === board[key];
  const rooms =
    before && isSame('resources')
      ? before.rooms
      : board.resources.filter(({ kind, active }) => kind === 'room' && active).toSorted(byPosition);
  const resources =
    before && isSame('resources')
      ? before.resources
      : new Map(board.resources.map((resource) => [resource.id, resource]));
  const cases = before
    ? casesAfter(board, before)
    : new Map([...board.cases, ...board.depot].map((item) => [item.id, item]));
  const shortNames =
    before && isSame('procedures') && isSame('site') ? before.shortNames : shortNamesOf(board);
  return { board, date, days, rooms, resources, shortNames, cases, lanes: lanesOf(board, rooms, before) };
}

const shortNamesOf = ({ site, procedures }: Board): ReadonlyMap<string, string> =>
  new Map(
    procedures.flatMap(({ name, shortName }) =>
      site.settings.shortNamesOnCards && shortName !== null ? [[name, shortName]] : [],
    ),
  );

/** Copies the map and updates it: of a thousand cases, most have not changed. */
function casesAfter(
  board: Board,
  { board: boardBefore, cases: before }: BoardView,
): ReadonlyMap<string, Case> {
  const changes = [difference(boardBefore.cases, board.cases), difference(boardBefore.depot, board.depot)];
  if (changes.every(({ removed, added }) => removed.length === 0 && added.length === 0)) return before;
  const cases = new Map(before);
  for (const { removed } of changes) for (const { id } of removed) cases.delete(id);
  for (const { added } of changes) for (const item of added) cases.set(item.id, item);
  return cases;
}

function lanesOf(board: Board, rooms: readonly Resource[], before: BoardView | null) {
  if (before?.rooms === rooms) return lanesAfter(board, before);
  const cases = Map.groupBy(board.cases.filter(isOnLane), ({ roomId }) => roomId);
  const busy = Map.groupBy(board.busy, ({ roomId }) => roomId);
  const blocks = Map.groupBy(board.blocks, ({ roomId }) => roomId);
  const closures = Map.groupBy(board.closures, ({ resourceId }) => resourceId);
  return new Map(
    rooms.map((room) => {
      const lane = {
        room,
        cases: sortedByStart(cases.get(room.id), empty, happensAt),
        busy: sortedByStart(busy.get(room.id)),
        blocks: sortedByStart(blocks.get(room.id)),
        closures: sortedByStart(closures.get(room.id)),
      };
      return [room.id, lane];
    }),
  );
}

/** Rebuilds only the lanes of changed rooms: a change affects one or two. */
function lanesAfter(
  board: Board,
  { board: boardBefore, lanes: before }: BoardView,
): ReadonlyMap<string, Lane> {
  const lanes = new Map(before);
  const changedRooms = new Set([
    ...changedRoomsOf(boardBefore.cases, board.cases, ({ roomId }) => roomId ?? []),
    ...changedRoomsOf(boardBefore.busy, board.busy, ({ roomId }) => roomId),
    ...changedRoomsOf(boardBefore.blocks, board.blocks, ({ roomId }) => roomId),
    ...changedRoomsOf(boardBefore.closures, board.closures, ({ resourceId }) => resourceId),
  ]);
  for (const id of changedRooms) {
    const old = before.get(id);
    if (!old) continue;
    const lane = {
      room: old.room,
      cases: sortedByStart(
        board.cases.filter(({ roomId }) => roomId === id).filter(isOnLane),
        old.cases,
        happensAt,
      ),
      busy: sortedByStart(
        board.busy.filter(({ roomId }) => roomId === id),
        old.busy,
      ),
      blocks: sortedByStart(
        board.blocks.filter(({ roomId }) => roomId === id),
        old.blocks,
      ),
      closures: sortedByStart(
        board.closures.filter(({ resourceId }) => resourceId === id),
        old.closures,
      ),
    };
    if (!isSameLane(old, lane)) lanes.set(id, lane);
  }
  return lanes;
}

const isOnLane = (item: Case): item is PlacedCase => isClaiming(item.state) && isPlaced(item);

const changedRoomsOf = <Item>(
  before: readonly Item[],
  after: readonly Item[],
  roomOf: (item: Item) => string | never[],
): string[] => {
  const { removed, added } = difference(before, after);
  return [...removed, ...added].flatMap(roomOf);
};

/** Returns the items that are in only one of the lists. Skips equal ends, because changes in a long list are local. */
function difference<Item>(
  before: readonly Item[],
  after: readonly Item[],
): { removed: Item[]; added: Item[] } {
  let from = 0;
  let [end, last] = [before.length, after.length];
  while (from < end && from < last && before[from] === after[from]) from++;
  while (from < end && from < last && before[end - 1] === after[last - 1]) {
    end--;
    last--;
  }
  const removed = new Set(before.slice(from, end));
  const added = after.slice(from, last).filter((item) => !removed.delete(item));
  return { removed: [...removed], added };
}

const empty: readonly never[] = [];

/** Sorts the items by start. Returns the old list if nothing has changed, so that nothing renders again. */
function sortedByStart<Item extends { start: string }>(
  items: readonly Item[] = empty,
  old: readonly Item[] = empty,
  when: (item: Item) => { start: string } = (item) => item,
): readonly Item[] {
  const sorted = items
    .map((item) => ({ item, start: when(item).start }))
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
    .map(({ item }) => item);
  return sorted.length === old.length && sorted.every((item, at) => item === old[at]) ? old : sorted;
}

const isSameLane = (a: Lane, b: Lane) =>
  a.room === b.room &&
  a.cases === b.cases &&
  a.busy === b.busy &&
  a.blocks === b.blocks &&
  a.closures === b.closures;
