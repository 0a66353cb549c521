import type { Board } from '@slate/shared/board';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import { addMinutes, overlaps } from '@slate/shared/time';

/** Where it stands on the board, turnover included, also when the patient has left. */
const planned = (item: PlacedCase) => ({
  start: addMinutes(item.start, -item.setupMinutes),
  end: addMinutes(item.end, item.cleanupMinutes),
});

/** What a console makes of a board and a change. */
export function applied(board: Board, body: ChangeBody): Board {
  const { start, end } = board.range;
  const visible = (item: { start: string; end: string }) => overlaps(item, { start, end });
  const without = <Item extends { id: string }>(items: Item[], id: string) =>
    items.filter((item) => item.id !== id);
  const upsert = <Item extends { id: string }>(items: Item[], item: Item) => [
    ...without(items, item.id),
    item,
  ];
  const cleared = (id: string) => ({
    ...board,
    cases: without(board.cases, id),
    busy: without(board.busy, id),
    depot: without(board.depot, id),
  });
  switch (body.type) {
    case 'case': {
      const item = body.case;
      const next = cleared(item.id);
      if (item.state === 'depot') return { ...next, depot: upsert(next.depot, item) };
      const gone = ['expired', 'released', 'voided'].includes(item.state);
      return !gone && isPlaced(item) && visible(planned(item))
        ? { ...next, cases: upsert(next.cases, item) }
        : next;
    }
    case 'busy': {
      const next = cleared(body.busy.id);
      return visible(body.busy) ? { ...next, busy: upsert(next.busy, body.busy) } : next;
    }
    case 'gone':
      return cleared(body.id);
    case 'resource':
      return { ...board, resources: upsert(board.resources, body.resource) };
    case 'closure':
      return visible(body.closure) ? { ...board, closures: upsert(board.closures, body.closure) } : board;
    case 'closure_removed':
      return { ...board, closures: without(board.closures, body.id) };
    case 'site':
      return { ...board, site: body.site };
    case 'procedure':
      return { ...board, procedures: upsert(board.procedures, body.procedure) };
    case 'block':
      return { ...board, blocks: upsert(board.blocks, body.block) };
    case 'hidden':
      break;
  }
  return board;
}

/** As sets, and without its clock. */
export const contents = (board: Board) =>
  Object.fromEntries(
    Object.entries({ ...board, at: undefined }).map(([key, value]) => [
      key,
      Array.isArray(value) ? new Map(value.map((item) => [item.id, item])) : value,
    ]),
  );
