import { memo } from 'react';
import { useNow } from '../../stores/clock.ts';
import { timeOf } from '../../words/time.ts';
import styles from './board.module.css';
import { alongOf, boxOf } from '../../board/geometry.ts';
import type { Geometry } from '../../board/geometry.ts';

/** Returns the position of now on the time axis; null on other days. */
function useNowAt(geometry: Geometry) {
  const now = useNow(15_000);
  const { scale } = geometry;
  const minutes = (now - scale.origin) / 60_000;
  if (minutes < 0 || minutes >= scale.minutes) return null;
  return { at: alongOf(geometry, minutes), time: timeOf(new Date(now).toISOString(), scale.zone) };
}

/** A line at the current time, across all rooms. */
export const NowLine = memo(function NowLine({ geometry }: { geometry: Geometry }) {
  const now = useNowAt(geometry);
  const { axis, breadth, timeHead, rooms } = geometry;
  return (
    now && (
      <div
        aria-hidden="true"
        className={`${styles.nowLine} ${styles[axis]}`}
        style={boxOf(axis, now.at - 1, 2, timeHead, rooms.length * breadth)}
      />
    )
  );
});

/** The current time, among the hours. */
export function NowFlag({ geometry }: { geometry: Geometry }) {
  const now = useNowAt(geometry);
  return (
    now && (
      <span className={styles.nowFlag} style={geometry.axis === 'x' ? { left: now.at } : { top: now.at }}>
        {now.time}
      </span>
    )
  );
}
