import { Button } from '@mantine/core';
import { useStore } from 'zustand';
import { feedNow } from '../../realtime/current-feed.ts';
import { boardStore } from '../../stores/board.ts';
import { connectionStore } from '../../stores/connection.ts';
import { zoneNow } from '../../stores/view.ts';
import { connectionWords as words } from '../../words/connection.ts';
import { timeOf, timeWithSeconds } from '../../words/time.ts';
import styles from './banner.module.css';

/** Above everything, and only while the board cannot be relied on. */
export function ConnectionBanner() {
  const connection = useStore(connectionStore, (state) => state.connection);
  const boardAt = useStore(boardStore, (state) => state.view?.board.at ?? null);
  const zone = zoneNow();
  if (connection.status === 'outdated') {
    return (
      <div className={styles.banner} role="alert">
        <strong>▲ {words.outdated}</strong>
        <span>{words.outdatedHelp}</span>
        <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
          {words.reload}
        </Button>
      </div>
    );
  }
  if (connection.status !== 'offline') return null;
  const since = new Date(connection.since).toISOString();
  return (
    <div className={styles.banner} role="alert">
      <strong>▲ {words.offline(timeOf(since, zone))}</strong>
      {boardAt !== null && <span>{words.offlineBoard(timeWithSeconds(since, zone))}</span>}
      <Button size="compact-sm" variant="default" onClick={() => feedNow()?.retry()}>
        {words.tryNow}
      </Button>
    </div>
  );
}
