import { useStore } from 'zustand';
import { feedNow } from '../../realtime/current-feed.ts';
import { boardStore } from '../../stores/board.ts';
import { RegionState } from '../../ui/region-state.tsx';
import { connectionWords as words } from '../../words/connection.ts';

/** Instead of a board that could not be fetched, and of which nothing older is known. */
export function BoardFailed() {
  const failure = useStore(boardStore, (state) => state.failure);
  if (!failure) return null;
  return (
    <RegionState title={words.failed} action={words.tryNow} run={() => feedNow()?.retry()}>
      {words.failure(failure)}
    </RegionState>
  );
}
