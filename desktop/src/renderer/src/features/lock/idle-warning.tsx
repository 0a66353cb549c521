import { useEffect, useState } from 'react';
import { lockWhenIdle } from '../../flows/idle-lock.ts';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from './idle-warning.module.css';

/** Locks the console when nobody is there, and says so before: aloud once, to be seen by the second. */
export function IdleWarning() {
  const [secondsLeft, warn] = useState<number | null>(null);
  useEffect(() => lockWhenIdle(warn), []);
  if (secondsLeft === null) return null;
  return (
    <div className={styles.warning}>
      <Notice>
        {words.lockingSoon} <b aria-hidden="true">{words.lockingIn(secondsLeft)}</b>
      </Notice>
    </div>
  );
}
