import type { Board } from '@slate/shared/contract/reads';

/** The board without its clock, with lists as maps by id, to compare contents. */
export const contents = (board: Board) =>
  Object.fromEntries(
    Object.entries({ ...board, at: undefined }).map(([key, value]) => [
      key,
      Array.isArray(value) ? new Map(value.map((item) => [item.id, item])) : value,
    ]),
  );
