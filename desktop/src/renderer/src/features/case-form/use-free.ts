import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { mayI } from '../../stores/session.ts';
import { freeUnits } from '../../preview/free-units.ts';

/** How many of a pool are free for a case; null where that cannot be told: no time yet, or others' cases unseen. */
export function useFree(item: Case): (poolId: string) => number | null {
  const view = useStore(boardStore, (state) => state.view);
  return (poolId) => (view && mayI('cases.read') === 'any' ? freeUnits(view, poolId, item) : null);
}
