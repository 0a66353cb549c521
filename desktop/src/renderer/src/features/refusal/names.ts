import { nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import type { Names } from '../../words/differences.ts';

/** How the things that a case refers to are called. */
export const namesOf = (view: BoardView): Names => ({
  zone: view.board.site.timeZone,
  resource: (id) => nameIn(view, id),
  procedure: (wanted) => view.board.procedures.find(({ id }) => id === wanted)?.name ?? '',
});
