import type { Board } from './contract/reads.ts';
import { offTheBoard } from './case-state.ts';
import { busyMayTake, isPlaced, mayTake } from './cases.ts';
import type { Case } from './cases.ts';
import type { ChangeBody } from './changes.ts';
import { overlaps } from './time.ts';
import type { TimeRange } from './time.ts';

type Item = { id: string };
const without = <T extends Item>(items: T[], id: string): T[] =>
  items.some((item) => item.id === id) ? items.filter((item) => item.id !== id) : items;
const withItem = <T extends Item>(items: T[], item: T): T[] => {
  const at = items.findIndex(({ id }) => id === item.id);
  return at < 0 ? [...items, item] : items.with(at, item);
};

/** `boardOf` in board.sql.ts selects the same cases. */
const isShown = (item: Case, range: TimeRange) =>
  item.state !== 'depot' &&
  !offTheBoard.includes(item.state) &&
  isPlaced(item) &&
  overlaps(mayTake(item), range);

/** The part of a board that lies in this range, which the board must cover. It equals a board of just that range. */
export const boardWithin = (board: Board, range: TimeRange): Board => ({
  ...board,
  range,
  cases: board.cases.filter((item) => isShown(item, range)),
  busy: board.busy.filter((busy) => overlaps(busyMayTake(busy), range)),
  blocks: board.blocks.filter((block) => overlaps(block, range)),
  closures: board.closures.filter((closure) => overlaps(closure, range)),
});

/** Returns the board after a change. After any order of changes it equals a fresh board of these days. */
export function boardAfter(board: Board, change: ChangeBody): Board {
  const inRange = <T extends Item & TimeRange>(items: T[], item: T) =>
    overlaps(item, board.range) ? withItem(items, item) : without(items, item.id);
  switch (change.type) {
    case 'case': {
      const { case: item } = change;
      return {
        ...board,
        cases: isShown(item, board.range) ? withItem(board.cases, item) : without(board.cases, item.id),
        busy: without(board.busy, item.id),
        depot: item.state === 'depot' ? withItem(board.depot, item) : without(board.depot, item.id),
      };
    }
    case 'busy':
      return {
        ...board,
        cases: without(board.cases, change.busy.id),
        busy: overlaps(busyMayTake(change.busy), board.range)
          ? withItem(board.busy, change.busy)
          : without(board.busy, change.busy.id),
        depot: without(board.depot, change.busy.id),
      };
    case 'gone':
      return {
        ...board,
        cases: without(board.cases, change.id),
        busy: without(board.busy, change.id),
        depot: without(board.depot, change.id),
      };
    case 'resource':
      return { ...board, resources: withItem(board.resources, change.resource) };
    case 'procedure':
      return { ...board, procedures: withItem(board.procedures, change.procedure) };
    case 'block':
      return { ...board, blocks: inRange(board.blocks, change.block) };
    case 'closure':
      return { ...board, closures: inRange(board.closures, change.closure) };
    case 'closure_removed':
      return { ...board, closures: without(board.closures, change.id) };
    case 'site':
      return { ...board, site: change.site };
    case 'removed':
      return change.of === 'block' ? { ...board, blocks: without(board.blocks, change.id) } : board;
    case 'block_template':
    case 'holiday':
    case 'recurring_closure':
    case 'hidden':
      break;
  }
  return board;
}
