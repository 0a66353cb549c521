import { localDateOf } from '@slate/shared/time';
import { memo } from 'react';
import { dayWords, shortDate, timeOf } from '../../words/time.ts';
import styles from './board.module.css';
import { boxOf } from '../../board/geometry.ts';
import type { Geometry } from '../../board/geometry.ts';
import { NowFlag } from './now-line.tsx';
import { ticksOf } from '../../board/scale.ts';

/** The minimum distance of hours, so that their labels do not touch. */
const apart = { x: 52, y: 34 };

/** The hours in the site's zone; with several days, also the days. */
export const TimeHeader = memo(function TimeHeader({ geometry, days }: { geometry: Geometry; days: number }) {
  const { axis, scale, timeHead, roomHead } = geometry;
  const ticks = ticksOf(scale, apart[axis]);
  const midnights = days > 1 ? ticks.filter(({ isMidnight }) => isMidnight) : [];
  const isNamed = days > 1 && axis === 'x';
  const dateOf = (instant: string) => localDateOf(instant, scale.zone);
  return (
    <div
      aria-hidden="true"
      className={[styles.timeHeader, styles[axis], isNamed && styles.week].filter(Boolean).join(' ')}
      style={
        axis === 'x'
          ? { width: roomHead + scale.length, height: timeHead }
          : { height: roomHead + scale.length, width: timeHead }
      }
    >
      <div className={styles.corner} style={boxOf(axis, 0, roomHead, 0, timeHead)} />
      {isNamed &&
        midnights.map(({ at, instant }, nth) => (
          <div
            key={instant}
            className={styles.dayName}
            style={{ left: roomHead + at, width: (midnights[nth + 1]?.at ?? scale.length) - at }}
          >
            <span>{dayWords(dateOf(instant))}</span>
          </div>
        ))}
      {ticks.map(({ minutes, at, instant, isMidnight }) => {
        const isDay = isMidnight && days > 1;
        return (
          !(isDay && isNamed) && (
            <span
              key={minutes}
              className={isDay ? `${styles.tick} ${styles.day}` : styles.tick}
              style={axis === 'x' ? { left: roomHead + at } : { top: roomHead + at }}
            >
              {isDay ? shortDate(dateOf(instant)) : timeOf(instant, scale.zone)}
            </span>
          )
        );
      })}
      <NowFlag geometry={geometry} />
    </div>
  );
});

/** Lines at the hours, behind everything. */
export const GridLines = memo(function GridLines({ geometry, days }: { geometry: Geometry; days: number }) {
  const { axis, scale, roomHead, timeHead, breadth, rooms } = geometry;
  return (
    <div aria-hidden="true" className={styles.lines}>
      {ticksOf(scale, days > 1 ? 24 : 12).map(({ minutes, at, isMidnight }) => (
        <i
          key={minutes}
          className={isMidnight && days > 1 ? styles.dayLine : ''}
          style={boxOf(axis, roomHead + at, 1, timeHead, rooms.length * breadth)}
        />
      ))}
    </div>
  );
});
