import { addMinutes } from '@slate/shared/time';
import { useStore } from 'zustand';
import type { Lane } from '../../../stores/board.ts';
import { boardStore } from '../../../stores/board.ts';
import { cursorStore } from '../../../stores/cursor.ts';
import { spokenFree } from '../../../words/board.ts';
import styles from '../board.module.css';
import { boxOf } from '../../../board/geometry.ts';
import type { Axis } from '../../../board/geometry.ts';
import { spanOf } from '../../../board/scale.ts';
import type { Scale } from '../../../board/scale.ts';

export const placeCellId = 'place-cursor';

type Props = { lane: Lane; axis: Axis; scale: Scale; breadth: number };

/** The cursor while it is not on a case: on free time, or in an empty room. */
export function FreeCursor({ lane, axis, scale, breadth }: Props) {
  const isHere = useStore(
    cursorStore,
    ({ mode, caseId, roomId, at }) =>
      roomId === lane.room.id && at !== null && (mode === 'free' || caseId === null),
  );
  return isHere ? <Mark lane={lane} axis={axis} scale={scale} breadth={breadth} /> : null;
}

function Mark({ lane, axis, scale, breadth }: Props) {
  const { at, minutes, mode } = useStore(cursorStore);
  const usual = useStore(boardStore, ({ view }) => view?.board.site.settings.caseMinutes ?? 60);
  if (at === null) return null;
  const length = mode === 'free' ? (minutes ?? usual) : 30;
  const end = addMinutes(at, length);
  const { at: from, length: long } = spanOf(scale, at, end);
  return (
    <div
      id={placeCellId}
      role="gridcell"
      aria-selected={true}
      aria-label={spokenFree(lane.room.name, at, end, scale.zone)}
      className={styles.freeCursor}
      style={boxOf(axis, from, long, 2, breadth - 4)}
    />
  );
}
