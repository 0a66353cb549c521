import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { lockWhenIdle } from '../../services/idle-lock.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from './idle-warning.module.css';

/** Locks the console when nobody is there, and says so before: aloud once, to be seen by the second. */
export function IdleWarning() {
  const [secondsLeft, warn] = useState<number | null>(null);
  const isOut = useStore(connectionStore, isCutOff);
  useEffect(() => lockWhenIdle(warn), []);
  if (secondsLeft === null) return null;
  return (
    <div className={styles.warning}>
      <Notice>
        {words.lockingSoon} {isOut && words.lockingOffline}{' '}
        <b aria-hidden="true">{words.lockingIn(secondsLeft)}</b>
      </Notice>
    </div>
  );
}
