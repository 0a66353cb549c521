import { Tooltip, UnstyledButton } from '@mantine/core';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { commandStore } from '../../stores/commands.ts';
import { connectionStore } from '../../stores/connection.ts';
import { mayI } from '../../stores/session.ts';
import { showScreen } from '../../stores/view.ts';
import { figureWords } from '../../words/figures.ts';
import { statusWords as words } from '../../words/status.ts';
import { figuresOfDay, graceMinutes } from '../figures/figures-of-day.ts';
import { KeysNow } from './keys-now.tsx';
import styles from './status-bar.module.css';

export function StatusBar() {
  return (
    <footer className={styles.bar} aria-label={words.bar}>
      <KeysNow />
      <span className={styles.gap} />
      <FiguresOfDay />
      <Saved />
    </footer>
  );
}

function FiguresOfDay() {
  const view = useStore(boardStore, (state) => state.view);
  const now = useNow(60_000);
  const figures = useMemo(
    () => (view && mayI('cases.read') === 'any' ? figuresOfDay(view, now) : null),
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

/** Says what it means in a tooltip, and leads to the page where that stands in full. */
function Figure({ name, value, is }: { name: string; value: string; is: string }) {
  return (
    <Tooltip label={is} multiline w={300} openDelay={200}>
      <UnstyledButton className={styles.figure} onClick={() => showScreen('figures')}>
        {name} <strong>{value}</strong>
      </UnstyledButton>
    </Tooltip>
  );
}

/** What I have asked for and the server has not answered yet. */
function Saved() {
  const count = useStore(commandStore, ({ intents }) => intents.filter((intent) => !intent.isSettled).length);
  const isOffline = useStore(connectionStore, ({ connection }) => connection.status === 'offline');
  const text = count === 0 ? words.saved : isOffline ? words.waiting(count) : words.saving(count);
  return (
    <span className={styles.saved} data-waits={count > 0 || undefined}>
      {text}
    </span>
  );
}
