import { boardWords } from '../../words/board.ts';
import styles from './board.module.css';

/** Lanes without anything in them, while the first board is on its way. */
export function Skeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label={boardWords.loading}>
      {Array.from({ length: 16 }, (_, lane) => (
        <div key={lane} className={styles.bone} aria-hidden="true">
          {[0, 1, 2].map((nth) => (
            <i
              key={nth}
              style={{
                left: `${8 + nth * 29 + ((lane * 7 + nth * 5) % 11)}%`,
                width: `${12 + ((lane * 5 + nth * 3) % 9)}%`,
              }}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
