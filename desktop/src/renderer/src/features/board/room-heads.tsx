import { memo } from 'react';
import { fit } from '../../ui/fit-text.ts';
import styles from './board.module.css';
import { boxOf } from '../../board/geometry.ts';
import type { Geometry } from '../../board/geometry.ts';

/** Fonts and padding. Must match the style sheet. */
const name = { size: 13, weight: 650 };
const service = { size: 11, weight: 400 };
const padding = 14;

/**
 * The room names, which stay while the hours scroll. One sheet for all of them, because every sticky element costs the
 * browser a layer. Hidden from screen readers, because each row has its own name.
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
  const width = (axis === 'x' ? roomHead : breadth) - padding;
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
