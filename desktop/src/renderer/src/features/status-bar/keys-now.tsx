import { useStore } from 'zustand';
import { keycaps } from '../../actions/spelling.ts';
import { preferencesStore } from '../../stores/preferences.ts';
import { viewStore } from '../../stores/view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { statusWords as words } from '../../words/status.ts';
import styles from './status-bar.module.css';

type Hint = { keys: string; does: string; isSingle?: true };

const everywhere: Hint[] = [{ keys: '?', does: words.allKeys, isSingle: true }];
const onBoard: Hint[] = [
  { keys: 'Alt+ArrowLeft', does: words.nudge },
  { keys: 'h', does: words.hold, isSingle: true },
  { keys: 'm', does: words.move, isSingle: true },
  { keys: 'o', does: words.openings, isSingle: true },
];

/** The few keys that help most right now; `?` has them all. */
export function KeysNow() {
  const isBoard = useStore(viewStore, ({ screen }) => screen === 'day' || screen === 'week');
  const singleKeys = useStore(preferencesStore, (state) => state.singleKeys);
  const hints = [...(isBoard ? onBoard : []), ...everywhere].filter((hint) => singleKeys || !hint.isSingle);
  return (
    <ul className={styles.keys}>
      {hints.map(({ keys, does }) => (
        <li key={keys}>
          <Kbd>{keycaps(keys).join(' ')}</Kbd> {does}
        </li>
      ))}
    </ul>
  );
}
