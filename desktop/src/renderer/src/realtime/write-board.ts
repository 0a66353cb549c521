import { boardAfter } from '@slate/shared/board-after';
import type { Board } from '@slate/shared/board';
import { isClaiming } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';
import type { Resource } from '@slate/shared/resources';
import type { StoreApi } from 'zustand/vanilla';
import { boardStore, byName } from '../stores/board.ts';
import type { BoardState, BoardView, Lane } from '../stores/board.ts';

/**
 * The one writer of the board. Only the feed imports it (a wall), because what is on the board is what the server
 * said; for everybody else the store has no way to be written.
 */
const store = boardStore as StoreApi<BoardState>;

export function showBoard(board: Board, date: string, days: number) {
  store.setState({ view: viewOf(board, date, days, null), isStale: false, failure: null });
}
export function showStale(view: BoardView) {
  store.setState({ view, isStale: true, failure: null });
}
export function clearBoard() {
  store.setState({ view: null, isStale: false, failure: null });
}
/** What is shown stays; it is said why there is nothing newer. */
export function failBoard(failure: BoardState['failure']) {
  store.setState({ failure });
}
export function applyChanges(changes: readonly Change[], to: number, at: string) {
  const { view } = store.getState();
  if (!view) return;
  const board = changes.reduce((sofar, { body }) => boardAfter(sofar, body), view.board);
  const next = { ...board, revision: to, at };
  store.setState({ view: viewOf(next, view.date, view.days, view) });
}

function viewOf(board: Board, date: string, days: number, before: BoardView | null): BoardView {
  const isSame = (key: keyof Board) => before?.board[key] === board[key];
  const rooms =
    before && isSame('resources')
      ? before.rooms
      : board.resources.filter(({ kind, active }) => kind === 'room' && active).toSorted(byName);
  const resources =
    before && isSame('resources')
      ? before.resources
      : new Map(board.resources.map((resource) => [resource.id, resource]));
  const isSameCases = before && isSame('cases') && isSame('depot');
  const cases = isSameCases
    ? before.cases
    : new Map([...board.cases, ...board.depot].map((item) => [item.id, item]));
  return { board, date, days, rooms, resources, cases, lanes: lanesOf(board, rooms, before) };
}

function lanesOf(board: Board, rooms: readonly Resource[], before: BoardView | null) {
  if (before?.rooms === rooms) return lanesAfter(board, before);
  const cases = Map.groupBy(board.cases.filter(stands), ({ roomId }) => roomId);
  const busy = Map.groupBy(board.busy, ({ roomId }) => roomId);
  const blocks = Map.groupBy(board.blocks, ({ roomId }) => roomId);
  const closures = Map.groupBy(board.closures, ({ resourceId }) => resourceId);
  return new Map(
    rooms.map((room) => {
      const lane = {
        room,
        cases: kept(cases.get(room.id)),
        busy: kept(busy.get(room.id)),
        blocks: kept(blocks.get(room.id)),
        closures: kept(closures.get(room.id)),
      };
      return [room.id, lane];
    }),
  );
}

/** A change concerns one room, or two: the other lanes are not even looked at. */
function lanesAfter(board: Board, { board: was, lanes: before }: BoardView): ReadonlyMap<string, Lane> {
  const lanes = new Map(before);
  const touched = new Set([
    ...differing(was.cases, board.cases).flatMap(({ roomId }) => roomId ?? []),
    ...differing(was.busy, board.busy).map(({ roomId }) => roomId),
    ...differing(was.blocks, board.blocks).map(({ roomId }) => roomId),
    ...differing(was.closures, board.closures).map(({ resourceId }) => resourceId),
  ]);
  for (const id of touched) {
    const old = before.get(id);
    if (!old) continue;
    const lane = {
      room: old.room,
      cases: kept(
        board.cases.filter(stands).filter(({ roomId }) => roomId === id),
        old.cases,
      ),
      busy: kept(
        board.busy.filter(({ roomId }) => roomId === id),
        old.busy,
      ),
      blocks: kept(
        board.blocks.filter(({ roomId }) => roomId === id),
        old.blocks,
      ),
      closures: kept(
        board.closures.filter(({ resourceId }) => resourceId === id),
        old.closures,
      ),
    };
    if (!isSameLane(old, lane)) lanes.set(id, lane);
  }
  return lanes;
}

const stands = (item: Case): item is PlacedCase => isClaiming(item.state) && isPlaced(item);

/** What is only in one of them. */
function differing<Item>(before: readonly Item[], after: readonly Item[]): Item[] {
  if (before === after) return [];
  const old = new Set(before);
  const added = after.filter((item) => !old.delete(item));
  return [...added, ...old];
}

const nothing: readonly never[] = [];

/** In order of time; and the old list where nothing in it is new, so that nothing is drawn again for it. */
function kept<Item extends { start: string }>(
  items: readonly Item[] = nothing,
  old: readonly Item[] = nothing,
): readonly Item[] {
  const sorted = items.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return sorted.length === old.length && sorted.every((item, at) => item === old[at]) ? old : sorted;
}

const isSameLane = (a: Lane, b: Lane) =>
  a.room === b.room &&
  a.cases === b.cases &&
  a.busy === b.busy &&
  a.blocks === b.blocks &&
  a.closures === b.closures;
