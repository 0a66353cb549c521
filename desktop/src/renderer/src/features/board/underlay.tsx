import { isClaiming } from '@slate/shared/case-state';
import type { Block } from '@slate/shared/sites';
import { isReleased } from '@slate/shared/sites';
import { memo } from 'react';
import { useStore } from 'zustand';
import { boardStore } from '../../stores/board.ts';
import type { Lane } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { boardWords } from '../../words/board.ts';
import styles from './board.module.css';
import { boxOf, drawnSpan } from './geometry.ts';
import type { Axis, Span } from './geometry.ts';
import { closedHours } from './opening-hours.ts';
import type { Scale } from './scale.ts';

type Props = {
  lane: Lane;
  axis: Axis;
  scale: Scale;
  shown: Span;
  breadth: number;
  date: string;
  days: number;
};

/** What lies behind the cases of a room: closed hours, whose time it is, closures. */
export function Underlay({ lane, axis, scale, shown, breadth, date, days }: Props) {
  const { room, blocks, closures } = lane;
  return (
    <>
      {closedHours(room, date, days, scale.zone).map(({ start, end }) => {
        const box = drawnSpan(scale, start, end, shown);
        return (
          box && (
            <div
              key={start}
              aria-hidden="true"
              className={styles['closed']}
              style={boxOf(axis, box.at, box.length, 0, breadth)}
            />
          )
        );
      })}
      {blocks.map((block) => {
        const box = drawnSpan(scale, block.start, block.end, shown);
        return (
          box && <BlockBand key={block.id} block={block} lane={lane} axis={axis} {...box} breadth={breadth} />
        );
      })}
      {closures.map(({ id, start, end, reason }) => {
        const box = drawnSpan(scale, start, end, shown);
        return (
          box && (
            <div
              key={id}
              className={styles['closure']}
              title={reason}
              style={boxOf(axis, box.at, box.length, 0, breadth)}
            >
              <span>{reason}</span>
            </div>
          )
        );
      })}
    </>
  );
}

type BandProps = { block: Block; lane: Lane; axis: Axis; at: number; length: number; breadth: number };

const BlockBand = memo(function BlockBand({ block, lane, axis, at, length, breadth }: BandProps) {
  const isFree = useClock(15_000, (now) => isReleased(block, new Date(now).toISOString()));
  const capacity = useStore(boardStore, ({ view }) =>
    block.listId === null ? null : (view?.resources.get(block.listId)?.capacity ?? null),
  );
  const taken = lane.cases.filter(
    ({ list, state }) => list?.blockId === block.id && isClaiming(state),
  ).length;
  const label =
    capacity === null
      ? isFree
        ? boardWords.released(block.service)
        : block.service
      : boardWords.places(block.service, capacity - taken, capacity);
  return (
    <div
      aria-hidden="true"
      className={`${styles['block']} ${isFree ? styles['released'] : ''}`}
      style={boxOf(axis, at, length, 0, breadth)}
    >
      <span>{label}</span>
    </div>
  );
});
