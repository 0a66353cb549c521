import type { Board } from '@slate/shared/contract/reads';

/** As sets, and without its clock. */
export const contents = (board: Board) =>
  Object.fromEntries(
    Object.entries({ ...board, at: undefined }).map(([key, value]) => [
      key,
      Array.isArray(value) ? new Map(value.map((item) => [item.id, item])) : value,
    ]),
  );
