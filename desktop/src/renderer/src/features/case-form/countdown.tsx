import { useNow } from '../../stores/clock.ts';
import { countdown } from '../../words/time.ts';
import styles from './form.module.css';

/** Under this it is said that the end is near. */
export const nearMs = 30_000;

/** What is left of a hold, and a bar of it. Read aloud once, by the form, and not with every second. */
export function Countdown({ until, ofMs }: { until: string | null; ofMs: number }) {
  const now = useNow(1000);
  const leftMs = until === null ? 0 : Math.max(0, Date.parse(until) - now);
  const part = Math.min(1, Math.max(0, ofMs === 0 ? 0 : leftMs / ofMs));
  return (
    <>
      <span className={styles.left} data-near={leftMs > 0 && leftMs < nearMs} role="timer" aria-live="off">
        <span aria-hidden="true">◔ </span>
        {countdown(leftMs)}
      </span>
      <span className={styles.bar} aria-hidden="true">
        <span style={{ width: `${part * 100}%` }} />
      </span>
    </>
  );
}
