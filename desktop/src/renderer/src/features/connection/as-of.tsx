import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { feedNow } from '../../realtime/current-feed.ts';
import { boardStore } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { zoneNow } from '../../stores/view.ts';
import { connectionWords as words } from '../../words/connection.ts';
import { timeWithSeconds } from '../../words/time.ts';
import styles from './as-of.module.css';

/** What usually takes a moment is not spoken of. */
const momentMs = 1_000;

/** Above a board that was true once: of when it is, and why there is none of now. */
export function AsOf() {
  const at = useStore(boardStore, ({ view, isStale }) => (isStale ? (view?.board.at ?? null) : null));
  const failure = useStore(boardStore, (state) => state.failure);
  // The banner says it already.
  const isOffline = useStore(connectionStore, ({ connection }) => connection.status === 'offline');
  const isOld = useClock(momentMs, (now) => at !== null && now - Date.parse(at) > momentMs);
  if (at === null || isOffline || !(isOld || failure)) return null;
  const time = timeWithSeconds(at, zoneNow());
  return (
    <div className={styles.strip} role="status">
      <span>{failure ? words.asOfFailed(time, words.failure(failure)) : words.asOf(time)}</span>
      {failure && (
        <Button size="compact-xs" variant="default" onClick={() => feedNow()?.retry()}>
          {words.tryNow}
        </Button>
      )}
    </div>
  );
}
