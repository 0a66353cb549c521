import { isPlaced } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { boardStore } from '../../stores/board.ts';
import type { BoardState } from '../../stores/board.ts';
import { myScope } from '../../stores/session.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { boardWords } from '../../words/board.ts';
import { Grid } from './grid.tsx';
import styles from './board.module.css';

/** Returns the parts of the board that the grid needs. Changes of cases redraw only their lanes, not the grid. */
const frameOf = ({ view }: BoardState) =>
  view && { date: view.date, days: view.days, rooms: view.rooms, zone: view.board.site.timeZone };
function isBoardEmpty({ view }: BoardState) {
  if (!view) return false;
  const { cases, busy, range } = view.board;
  // A case of the evening before may not reach this day.
  return busy.length === 0 && !cases.some((item) => isPlaced(item) && happensAt(item).end > range.start);
}

/** The board: all rooms of a day or a week. */
export function Board() {
  const frame = useStore(boardStore, useShallow(frameOf));
  const isEmpty = useStore(boardStore, isBoardEmpty);
  if (!frame) return <Skeleton />;
  return (
    <>
      <Grid {...frame} />
      {isEmpty && <Empty />}
    </>
  );
}

/** Shown on a day without cases. */
function Empty() {
  return (
    <p className={styles.empty}>
      {boardWords.empty}
      {myScope('case.hold') !== 'none' && (
        <>
          {' '}
          <Kbd>H</Kbd> {boardWords.emptyHint}
        </>
      )}
    </p>
  );
}

/** Empty lanes while the first board is loading. */
function Skeleton() {
  return (
    <div className={styles.skeleton} role="status" aria-label={boardWords.loading}>
      {Array.from({ length: 16 }, (_, lane) => (
        <div key={lane} className={styles.skeletonLane} aria-hidden="true">
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
