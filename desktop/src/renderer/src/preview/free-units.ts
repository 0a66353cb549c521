import { Load } from '@slate/shared/capacity';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { minuteOf } from '@slate/shared/minutes';
import { stayOf } from '@slate/shared/reality';
import type { TimeRange } from '@slate/shared/time';
import { usesOf } from './claims.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';

const spanOf = ({ start, end }: TimeRange) => ({ start: minuteOf(start), end: minuteOf(end) });

/** How many of an equipment pool are free throughout the time of a case, which does not count itself; null: it has no time. */
export function freeUnits(view: BoardView, poolId: string, item: Case): number | null {
  const pool = view.resources.get(poolId);
  if (!pool || !isPlaced(item)) return null;
  const now = serverInstant();
  const uses = usesOf(view, poolId, now).filter((use) => use.item?.id !== item.id);
  const load = new Load(
    pool.capacity,
    uses.map((use) => ({ ...spanOf(use), quantity: use.quantity })),
  );
  return Math.max(0, pool.capacity - load.peak(spanOf(stayOf(item, now) ?? item)));
}
