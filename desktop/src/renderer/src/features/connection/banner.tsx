import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { feedNow } from '../../realtime/current-feed.ts';
import { isDesktop } from '../../shell/shell.ts';
import { boardStore } from '../../stores/board.ts';
import { connectionStore } from '../../stores/connection.ts';
import { boardAsOf } from '../../stores/cut-off.ts';
import { zoneNow } from '../../stores/view.ts';
import { connectionWords as words } from '../../words/connection.ts';
import { timeOf, timeWithSeconds } from '../../words/time.ts';
import styles from './banner.module.css';

/** Above everything, and only while the board cannot be relied on. */
export function ConnectionBanner() {
  const connection = useStore(connectionStore, (state) => state.connection);
  const asOf = useStore(boardStore, boardAsOf);
  const zone = zoneNow();
  if (connection.status === 'outdated') {
    return (
      <Banner title={words.outdated} text={words.outdatedHelp(isDesktop, connection.told ?? '')}>
        {isDesktop ? (
          <Button size="compact-sm" variant="default" onClick={() => feedNow()?.retry()}>
            {words.tryNow}
          </Button>
        ) : (
          // The server hands out the page that belongs to it.
          <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
            {words.reload}
          </Button>
        )}
      </Banner>
    );
  }
  if (connection.status !== 'offline') return null;
  const since = new Date(connection.since).toISOString();
  return (
    <Banner
      title={words.offline(timeOf(since, zone))}
      text={asOf === null ? words.offlineEmpty : words.offlineBoard(timeWithSeconds(asOf, zone))}
    >
      <Button size="compact-sm" variant="default" onClick={() => feedNow()?.retry()}>
        {words.tryNow}
      </Button>
    </Banner>
  );
}

function Banner({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className={styles.banner} role="alert">
      <strong>
        <span aria-hidden="true">▲</span> {title}
      </strong>
      <span>{text}</span>
      {children}
    </div>
  );
}
