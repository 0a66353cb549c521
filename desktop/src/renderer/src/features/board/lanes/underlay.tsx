import { isClaiming } from '@slate/shared/case-state';
import type { Resource } from '@slate/shared/resources';
import { isReleased } from '@slate/shared/sites';
import type { Block } from '@slate/shared/sites';
import type { TimeRange } from '@slate/shared/time';
import { useMemo } from 'react';
import { boxOf, drawnSpan } from '../../../board/geometry.ts';
import type { Axis, Span } from '../../../board/geometry.ts';
import type { Layout } from '../../../board/lane-layout.ts';
import { closedHours } from '@slate/shared/opening-hours';
import type { Scale } from '../../../board/scale.ts';
import type { Lane } from '../../../stores/board.ts';
import { useClock } from '../../../stores/clock.ts';
import { fit } from '../../../ui/fit-text.ts';
import { boardWords } from '../../../words/board.ts';
import { labelOffset, visibleLabel, labelLength } from './labels.ts';
import styles from '../board.module.css';

type Props = {
  lane: Lane;
  layout: Layout;
  axis: Axis;
  scale: Scale;
  shown: Span;
  breadth: number;
  date: string;
  days: number;
  resources: ReadonlyMap<string, Resource>;
};

/** Font of a closure. Must match the style sheet. */
const closureType = { size: 11.5, weight: 400 };

/** The background of a lane, behind its cases: closed hours, blocks and closures. */
export function Underlay(props: Props) {
  const { lane, axis, scale, shown, breadth, date, days } = props;
  const { room, blocks, closures } = lane;
  const { cases, busy } = props.layout;
  const closed = useMemo(() => closedHours(room, date, days, scale.zone), [room, date, days, scale.zone]);
  const taken = [...cases.map(({ claimed }) => claimed), ...busy.map((each) => each.busy), ...closures];
  return (
    <div className={styles.underlay}>
      {closed.map(({ start, end }) => {
        const box = drawnSpan(scale, start, end, shown);
        return (
          box && (
            <div key={start} className={styles.closed} style={boxOf(axis, box.at, box.length, 0, breadth)} />
          )
        );
      })}
      {blocks.map(
        (block) =>
          drawnSpan(scale, block.start, block.end, shown) && (
            <BlockBand key={block.id} {...props} block={block} taken={taken} />
          ),
      )}
      {closures.map(({ id, start, end, reason }) => {
        const box = drawnSpan(scale, start, end, shown);
        const label = box ? fit(reason, (axis === 'x' ? box.length : breadth) - 20, closureType) : '';
        return (
          box && (
            <div
              key={id}
              className={styles.closure}
              title={reason}
              style={boxOf(axis, box.at, box.length, 0, breadth)}
            >
              {label !== '' && <span>{label}</span>}
            </div>
          )
        );
      })}
    </div>
  );
}

type BandProps = Props & { block: Block; taken: readonly TimeRange[] };

function BlockBand({ block, lane, axis, scale, breadth, resources, shown, taken }: BandProps) {
  const isFree = useClock(15_000, (now) => isReleased(block, new Date(now).toISOString()));
  const box = drawnSpan(scale, block.start, block.end, shown);
  if (!box) return null;
  const list = block.listId === null ? undefined : resources.get(block.listId);
  const used = lane.cases.filter((item) => item.list?.blockId === block.id && isClaiming(item.state)).length;
  const label = list
    ? boardWords.places(block.service, list.capacity - used, list.capacity)
    : isFree
      ? boardWords.released(block.service)
      : block.service;
  const spot = labelOffset(scale, block, taken, labelLength(label, axis));
  return (
    <div
      className={isFree ? `${styles.block} ${styles.released}` : styles.block}
      style={boxOf(axis, box.at, box.length, 0, breadth)}
    >
      {spot !== null && (
        <span style={axis === 'x' ? { left: spot } : { top: spot }}>
          {visibleLabel(label, axis, breadth)}
        </span>
      )}
    </div>
  );
}
