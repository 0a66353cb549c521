import { useStore } from 'zustand';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { idleStore } from '../../stores/idle.ts';
import { Notice } from '../../ui/notice.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from './idle-warning.module.css';

/** Says that the console is about to lock: spoken once, the seconds only seen. */
export function IdleWarning() {
  const secondsLeft = useStore(idleStore, (state) => state.secondsLeft);
  const isOut = useStore(connectionStore, isCutOff);
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
