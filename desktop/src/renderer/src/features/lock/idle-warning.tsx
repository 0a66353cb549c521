import { useStore } from 'zustand';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { idleStore } from '../../stores/idle.ts';
import { Callout } from '../../ui/callout.tsx';
import { entryWords as words } from '../../words/entry.ts';
import styles from './idle-warning.module.css';

/** Says that the console is about to lock: spoken once, the seconds only seen. */
export function IdleWarning() {
  const secondsLeft = useStore(idleStore, (state) => state.secondsLeft);
  const isOut = useStore(connectionStore, isCutOff);
  if (secondsLeft === null) return null;
  return (
    <div className={styles.warning}>
      <Callout>
        {words.lockingSoon} {isOut && words.lockingOffline}{' '}
        <b aria-hidden="true">{words.lockingIn(secondsLeft)}</b>
      </Callout>
    </div>
  );
}
