import { mayI } from '../../stores/session.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { boardWords } from '../../words/board.ts';
import styles from './board.module.css';

/** A day on which nothing stands yet. */
export function Empty() {
  return (
    <p className={styles.empty}>
      {boardWords.empty}
      {mayI('case.hold') !== 'none' && (
        <>
          {' '}
          <Kbd>H</Kbd> {boardWords.emptyHint}
        </>
      )}
    </p>
  );
}
