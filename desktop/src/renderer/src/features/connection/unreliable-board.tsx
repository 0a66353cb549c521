import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { feedNow } from '../../realtime/current-feed.ts';
import { isDesktop } from '../../shell/shell.ts';
import { boardStore } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { boardAsOf, obstacleWords, outdatedWords } from '../../stores/cut-off.ts';
import { deskStore } from '../../stores/desk.ts';
import { openDialog } from '../../stores/dialogs.ts';
import { queueStore } from '../../stores/queue.ts';
import { zoneNow } from '../../stores/view.ts';
import { RegionState } from '../../ui/region-state.tsx';
import { connectionWords as words } from '../../words/connection.ts';
import { queuePanelWords } from '../../words/queue-panel.ts';
import { timeOf, timeWithSeconds } from '../../words/time.ts';
import styles from './unreliable-board.module.css';

/** The banner at the top while the board is not reliable. */
export function ConnectionBanner() {
  const connection = useStore(connectionStore, (state) => state.connection);
  const asOf = useStore(boardStore, boardAsOf);
  const boardText = useStore(deskStore, ({ desk }) => (desk ? words.offlineAtDesk : words.offlineBoard));
  const waiting = useStore(queueStore, ({ queue }) => queue.open().length);
  const zone = zoneNow();
  if (connection.status === 'outdated') {
    return (
      <Banner title={words.outdated} text={outdatedWords(connection)}>
        {isDesktop ? (
          <Button size="compact-sm" variant="default" onClick={() => feedNow()?.retry()}>
            {words.tryNow}
          </Button>
        ) : (
          // A reload loads the page that matches the server.
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
      text={words.joined(
        obstacleWords(connection),
        asOf === null ? words.offlineEmpty : boardText(timeWithSeconds(asOf, zone)),
      )}
    >
      {waiting > 0 && (
        <Button size="compact-sm" variant="default" onClick={() => openDialog({ kind: 'queue' })}>
          {queuePanelWords.button(waiting)}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => feedNow()?.retry()}>
        {words.tryNow}
      </Button>
    </Banner>
  );
}

function Banner({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    // Not an alert: the announcer says it, once.
    <section className={styles.banner} aria-label={title}>
      <strong>
        <span aria-hidden="true">▲</span> {title}
      </strong>
      <span>{text}</span>
      {children}
    </section>
  );
}

/** A shorter delay is not shown. */
const momentMs = 1_000;

/** The strip above an outdated board: its time, and why there is no newer one. */
export function AsOf() {
  const at = useStore(boardStore, ({ view, isStale }) => (isStale ? (view?.board.at ?? null) : null));
  const failure = useStore(boardStore, (state) => state.failure);
  // The banner already shows it.
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

/** Shown instead of a board that could not be loaded. */
export function BoardFailed() {
  const failure = useStore(boardStore, (state) => state.failure);
  if (!failure) return null;
  return (
    <RegionState title={words.failed} action={words.tryNow} run={() => feedNow()?.retry()}>
      {words.failure(failure)}
    </RegionState>
  );
}
