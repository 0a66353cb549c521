import type { Case } from '@slate/shared/cases';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import { differences, differenceWords } from '../../words/differences.ts';
import { refusalWords as words } from '../../words/refusals.ts';
import { namesOf } from './names.ts';
import styles from './refusal.module.css';

/** What is different from what the person saw when they gave the command; it follows the board. */
export function WhatChanged({ seen }: { seen: Case }) {
  const view = useStore(boardStore, (state) => state.view);
  const now = view?.cases.get(seen.id);
  const told = now && view ? differences(seen, now, namesOf(view)).map(differenceWords) : [];
  return (
    <>
      <h3 className={styles.heading}>{words.changed}</h3>
      <ul className={styles.list}>
        {told.map((line) => (
          <li key={line}>{line}</li>
        ))}
        {told.length === 0 && <li>{words.notSeen}</li>}
      </ul>
    </>
  );
}
