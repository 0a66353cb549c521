import type { BoardView } from '../stores/board.ts';
import { connectionStore } from '../stores/connection.ts';

const kept = 8;

/** A board as of when it was last known to be so. */
export function asOfThen(view: BoardView): BoardView {
  const { heardAt } = connectionStore.getState();
  const at = heardAt === null ? view.board.at : new Date(heardAt).toISOString();
  return { ...view, board: { ...view.board, at } };
}

/** Boards of other days, latest last: shown at once, as of then, until the server has answered. */
export function createSeenBoards() {
  const seen = new Map<string, BoardView>();
  const keyOf = (date: string, days: number) => `${date} ${days}`;
  return {
    keep(view: BoardView) {
      const key = keyOf(view.date, view.days);
      seen.delete(key);
      seen.set(key, asOfThen(view));
      const [oldest] = seen.keys();
      if (seen.size > kept && oldest !== undefined) seen.delete(oldest);
    },
    of: (date: string, days: number) => seen.get(keyOf(date, days)),
    forget: () => seen.clear(),
  };
}
