import { poolWords as words } from '../../words/pools.ts';
import styles from './pools.module.css';

export function Loading() {
  return (
    <div role="status" aria-label={words.loading} className={styles.bones}>
      {Array.from({ length: 6 }, (_, nth) => (
        <div key={nth} aria-hidden="true" />
      ))}
    </div>
  );
}
