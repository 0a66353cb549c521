import { memo } from 'react';
import { fit } from '../../ui/fit-text.ts';
import styles from './board.module.css';
import { boxOf } from '../../board/geometry.ts';
import type { Geometry } from '../../board/geometry.ts';

/** How they are written, as the style has it, and the air around them. */
const name = { size: 13, weight: 650 };
const service = { size: 11, weight: 400 };
const air = 14;

/**
 * The names of the rooms, past which the day is scrolled: on one sheet, because whatever keeps its place by itself
 * costs the browser a layer. Only to be seen: for those who listen, each row has its own.
 */
export const RoomHeads = memo(function RoomHeads({
  geometry,
  from,
  to,
}: {
  geometry: Geometry;
  from: number;
  to: number;
}) {
  const { axis, rooms, breadth, timeHead, roomHead } = geometry;
  const width = (axis === 'x' ? roomHead : breadth) - air;
  return (
    <div
      aria-hidden="true"
      className={`${styles.roomHeads} ${styles[axis]}`}
      style={axis === 'x' ? { width: roomHead } : { height: 0 }}
    >
      <div className={styles.sheet} style={boxOf(axis, 0, roomHead, timeHead, rooms.length * breadth)}>
        {rooms.slice(from, to + 1).map((room, nth) => (
          <div
            key={room.id}
            className={styles.room}
            style={boxOf(axis, 0, roomHead, (from + nth) * breadth, breadth)}
          >
            <b>{fit(room.name, width, name)}</b>
            <span>{fit(room.attributes.service ?? room.attributes.area ?? '', width, service)}</span>
          </div>
        ))}
      </div>
    </div>
  );
});
