import { Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { keyHints, watchKeyHints } from '../../actions/key-hints.ts';
import type { KeyHint } from '../../actions/key-hints.ts';
import { ariaKeys, keycaps } from '../../actions/spelling.ts';
import { runAction } from '../../actions/table.ts';
import { expectedTime } from '../../preview/collisions.ts';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import type { Connection } from '../../stores/connection.ts';
import { intentStore } from '../../stores/intents.ts';
import { deskNow } from '../../stores/desk.ts';
import { countOpen, queueStore } from '../../stores/queue.ts';
import { myScope } from '../../stores/session.ts';
import { toastStore } from '../../stores/toasts.ts';
import { showScreen, zoneNow } from '../../stores/view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { updateStore } from '../../stores/update.ts';
import { figureWords } from '../../words/figures.ts';
import { queuePanelWords } from '../../words/queue-panel.ts';
import { statusWords as words } from '../../words/status.ts';
import { timeOf } from '../../words/time.ts';
import { updateWords } from '../../words/update.ts';
import { figuresOfDay, graceMinutes } from '@slate/shared/figures';
import styles from './status-bar.module.css';

export function StatusBar() {
  return (
    <footer className={styles.bar} aria-label={words.bar}>
      <KeyHints />
      <span className={styles.gap} />
      <FiguresOfDay />
      <UpdateReady />
      <QueueStatus />
      <SaveStatus />
    </footer>
  );
}

function FiguresOfDay() {
  const view = useStore(boardStore, (state) => state.view);
  const now = useNow(60_000);
  const figures = useMemo(
    () =>
      view && myScope('cases.read') === 'any'
        ? figuresOfDay(view, now, (item) => expectedTime(view, item, now))
        : null,
    [view, now],
  );
  if (!figures) return null;
  const { primeTime, firstCases, holds } = figures;
  return (
    <div className={styles.figures} role="group" aria-label={figureWords.title}>
      <Figure
        name={figureWords.primeTime}
        value={figureWords.percent(primeTime)}
        is={figureWords.primeTimeIs}
      />
      <Figure
        name={figureWords.firstCasesShort}
        value={figureWords.ofCount(firstCases.onTime, firstCases.counted)}
        is={figureWords.firstCasesIs(graceMinutes)}
      />
      <Figure name={figureWords.holds} value={String(holds)} is={figureWords.holdsIs} />
    </div>
  );
}

/** A figure with its definition in a tooltip. Opens the page with all figures. */
function Figure({ name, value, is }: { name: string; value: string; is: string }) {
  return (
    <Tooltip label={is} multiline w={300} openDelay={200}>
      <UnstyledButton className={styles.figure} onClick={() => showScreen('figures')}>
        {name} <strong>{value}</strong>
      </UnstyledButton>
    </Tooltip>
  );
}

/** Counts the requests that wait at this desk and those that need the person. Opens the panel. */
function QueueStatus() {
  // As text, so that nothing is drawn again while the counts stay the same.
  const text = useStore(queueStore, ({ queue }) => {
    const { waiting, undecided } = countOpen(queue);
    return queuePanelWords.counts({ waiting, undecided });
  });
  if (text === '') return null;
  return (
    <UnstyledButton
      className={styles.chip}
      aria-keyshortcuts={ariaKeys([queueKeys])}
      onClick={() => runAction('queue')}
    >
      <VisuallyHidden>{queuePanelWords.requests}</VisuallyHidden> <strong>{text}</strong>{' '}
      <Kbd isHidden>{keycaps(queueKeys).join(' ')}</Kbd>
    </UnstyledButton>
  );
}

/** Opens About, which says when the update is installed. */
function UpdateReady() {
  const isReady = useStore(updateStore, ({ update }) => update.is === 'ready');
  if (!isReady) return null;
  return (
    <UnstyledButton className={styles.chip} onClick={() => runAction('about')}>
      {updateWords.ready}
    </UnstyledButton>
  );
}

const queueKeys = 'Ctrl+j';

/** Shows whether my changes are saved; while offline, since when. It must not claim more than is known. */
function SaveStatus() {
  const count = useStore(intentStore, ({ intents }) => intents.filter((intent) => !intent.isSettled).length);
  const unconfirmed = useStore(
    toastStore,
    ({ toasts }) => toasts.filter(({ about }) => about === 'unanswered').length,
  );
  const text = useStore(connectionStore, ({ connection }) => saveText(connection, count, unconfirmed));
  const isCutOff = useStore(connectionStore, ({ connection }) => uncertain.includes(connection.status));
  return (
    <span className={styles.saved} data-waits={count > 0 || unconfirmed > 0 || isCutOff || undefined}>
      {isCutOff && <span aria-hidden="true">▲ </span>}
      {text}
    </span>
  );
}

const uncertain: readonly Connection['status'][] = ['reconnecting', 'offline', 'outdated'];

function saveText(connection: Connection, count: number, unconfirmed: number): string {
  const { status } = connection;
  const before =
    unconfirmed > 0 ? words.unanswered(unconfirmed) : count > 0 ? words.waiting(count) : words.allBefore;
  if (status === 'reconnecting') return words.reconnecting(before);
  if (status === 'outdated') return words.outdated(before);
  if (status === 'offline') {
    const since = timeOf(new Date(connection.since).toISOString(), zoneNow());
    return deskNow() ? words.offlineAtDesk(since) : words.offline(since, before);
  }
  if (count > 0) return words.saving(count);
  if (unconfirmed === 0 && status === 'live' && connection.isSlower) return words.slower(words.saved);
  return unconfirmed > 0 ? words.unanswered(unconfirmed) : words.saved;
}

/** The keys that help most right now; `?` lists all. */
function KeyHints() {
  // Compared as text, so that nothing is redrawn while the hints stay the same.
  const text = useSyncExternalStore(watchKeyHints, () => JSON.stringify(keyHints()));
  return (
    <ul className={styles.keys}>
      {(JSON.parse(text) as KeyHint[]).map(({ keys, name }) => (
        <li key={name}>
          <Kbd>{keys.join(' ')}</Kbd> {name}
        </li>
      ))}
    </ul>
  );
}
