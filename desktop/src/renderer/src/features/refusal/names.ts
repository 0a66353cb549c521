import type { BoardView } from '../../stores/board.ts';
import type { Names } from '../../words/differences.ts';

/** How the things that a case refers to are called. */
export const namesOf = ({ board, resources }: BoardView): Names => ({
  zone: board.site.timeZone,
  resource: (id) => resources.get(id ?? '')?.name ?? '',
  procedure: (wanted) => board.procedures.find(({ id }) => id === wanted)?.name ?? '',
});
