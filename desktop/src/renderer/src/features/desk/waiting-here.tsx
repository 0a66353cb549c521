import { useEffect } from 'react';
import { useStore } from 'zustand';
import { entryStore, lookAtDesks } from '../../stores/desk-entry.ts';
import { deskWords as words } from '../../words/desk.ts';
import styles from './desk.module.css';

/** Requests of other people at this workstation: whose and how many, never what. */
export function WaitingHere({ except = null }: { except?: string | null }) {
  const desks = useStore(entryStore, (state) => state.desks);
  useEffect(() => void lookAtDesks(), []);
  const waiting = desks.filter(({ email, waiting: count }) => email !== except && count > 0);
  if (waiting.length === 0) return null;
  return (
    <ul className={styles.waiting}>
      {waiting.map(({ personId, siteId, name, waiting: count }) => (
        <li key={`${personId} ${siteId}`}>{words.waitHere(count, name)}</li>
      ))}
    </ul>
  );
}
