import { UnstyledButton } from '@mantine/core';
import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { preferencesStore } from '../../stores/preferences.ts';
import { glyphs, lookClass, looks } from '../../ui/case-look.ts';
import { DownIcon } from '../../ui/icons.tsx';
import { depotWords as words } from '../../words/depot.ts';
import { lookWords } from '../../words/states.ts';
import styles from './legend.module.css';

/** Only the looks that cases on the board can have. */
const shown = looks.filter((look) => look !== 'depot' && look !== 'off');

/** In lower windows the legend starts closed, to leave the height to the list. */
const roomyHeight = 900;

export function Legend() {
  const [isOpen, open] = useState(() => window.innerHeight >= roomyHeight);
  const holdTime = useStore(preferencesStore, (preferences) => preferences.holdTime);
  const id = useId();
  return (
    <section className={styles.legend}>
      <h2>
        <UnstyledButton aria-expanded={isOpen} aria-controls={id} onClick={() => open(!isOpen)}>
          {words.legend} <DownIcon />
        </UnstyledButton>
      </h2>
      <ul id={id} hidden={!isOpen}>
        {shown.map((look) => (
          <li key={look} className={`${lookClass(look)} ${styles[look] ?? ''}`}>
            <span aria-hidden="true">{glyphs[look]}</span>
            {look === 'hold' ? words.legendHold[holdTime] : lookWords[look]}
          </li>
        ))}
      </ul>
    </section>
  );
}
