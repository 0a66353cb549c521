import { useSyncExternalStore } from 'react';
import { keysNow, watchKeysNow } from '../../actions/now.ts';
import type { KeyNow } from '../../actions/now.ts';
import { Kbd } from '../../ui/kbd.tsx';
import styles from './status-bar.module.css';

/** The few keys that help most right now; `?` has them all. */
export function KeysNow() {
  // As text, so that nothing is drawn again while they stay the same.
  const text = useSyncExternalStore(watchKeysNow, () => JSON.stringify(keysNow()));
  return (
    <ul className={styles.keys}>
      {(JSON.parse(text) as KeyNow[]).map(({ keys, name }) => (
        <li key={name}>
          <Kbd>{keys.join(' ')}</Kbd> {name}
        </li>
      ))}
    </ul>
  );
}
