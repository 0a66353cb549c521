import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { overlaps } from '@slate/shared/time';
import { useStore } from 'zustand';
import { verdictOf } from '../../preview/verdict.ts';
import { askerNow } from '../../preview/judge.ts';
import { boardStore, nameOf } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { meNow } from '../../stores/session.ts';
import { obstacleWords } from '../../words/placing.ts';

/** Whether a case could stand where it is asked for, as far as the board that is shown tells; null: it does not tell. */
export function useStanding(item: Case | null): 'free' | { inTheWay: string } | null {
  const { view, isStale } = useStore(boardStore);
  const isUnknown = useStore(connectionStore, isCutOff) || isStale;
  // Others' holds run out.
  useNow(1_000);
  if (!item || !view || isUnknown || !isPlaced(item) || !overlaps(item, view.board.range)) return null;
  const [obstacle] = verdictOf(view, item, askerNow()).obstacles;
  return obstacle ? { inTheWay: obstacleWords(obstacle, nameOf, view.board.site.timeZone, meNow()) } : 'free';
}
