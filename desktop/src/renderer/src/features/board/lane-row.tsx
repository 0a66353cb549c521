import type { Resource } from '@slate/shared/resources';
import { memo } from 'react';
import { useStore } from 'zustand';
import type { Lane } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { isInRoom } from '../../ui/case-look.ts';
import { boardWords, spokenBusy } from '../../words/board.ts';
import styles from './board.module.css';
import cardStyles from './card.module.css';
import { CaseCard } from './case-card.tsx';
import { FreeCursor } from './free-cursor.tsx';
import { boxOf, drawnSpan } from './geometry.ts';
import type { Axis, Span } from './geometry.ts';
import { layOut } from './lane-layout.ts';
import { Overtime } from './overtime.tsx';
import { casesInTheWay } from './running-over.ts';
import type { Scale } from './scale.ts';
import { Underlay } from './underlay.tsx';

type Props = {
  lane: Lane;
  index: number;
  axis: Axis;
  scale: Scale;
  date: string;
  days: number;
  breadth: number;
  roomHead: number;
  timeHead: number;
  shown: Span;
  /** To say who operates. */
  resources: ReadonlyMap<string, Resource>;
  me: string;
  mayMove: boolean;
};

const inset = 3;

/** One room and what stands in it. Drawn anew when something in this room changes, and not otherwise. */
export const LaneRow = memo(function LaneRow(props: Props) {
  const { lane, index, axis, scale, breadth, roomHead, timeHead, shown, resources, me, mayMove } = props;
  const { room } = lane;
  const { cases, busy } = layOut(lane);
  const inTheWay = useClock(15_000, (now) => casesInTheWay(lane, now).join());
  const blocked = inTheWay === '' ? [] : inTheWay.split(',');
  // Whatever the keyboard is on stays on the page, wherever the page has been scrolled to.
  const cursorId = useStore(cursorStore, ({ caseId, roomId }) => (roomId === room.id ? caseId : null));
  const inner = breadth - 2 * inset;
  const everywhere = { from: -Infinity, to: Infinity };

  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className={`${styles['lane']} ${styles[axis]}`}
      style={boxOf(axis, 0, roomHead + scale.length, timeHead + index * breadth, breadth)}
    >
      <div role="rowheader" className={styles['heard']}>
        {[room.name, room.attributes.service ?? room.attributes.area].filter(Boolean).join(' ')}
      </div>
      <div className={styles['track']} role="presentation" data-track="">
        <Underlay
          lane={lane}
          axis={axis}
          scale={scale}
          shown={shown}
          breadth={breadth}
          date={props.date}
          days={props.days}
          resources={resources}
        />
        {cases.flatMap(({ item, start, end, claimed, level, levels }) => {
          const claim = drawnSpan(
            scale,
            claimed.start,
            claimed.end,
            item.id === cursorId ? everywhere : shown,
          );
          const box = claim && drawnSpan(scale, start, end, everywhere);
          // Of what begins after midnight, only its preparation is of this day.
          if (!box || box.at >= scale.length) return null;
          const high = Math.floor(inner / levels);
          const across = inset + level * high;
          return [
            <div
              key={`${item.id} claim`}
              aria-hidden="true"
              className={cardStyles['claim']}
              style={{
                ...boxOf(axis, claim.at, claim.length, across + 2, high - 4),
                backgroundSize: hatched(axis, claim, box),
              }}
            />,
            <CaseCard
              key={item.id}
              item={item}
              axis={axis}
              at={box.at}
              length={box.length}
              across={across}
              breadth={levels > 1 ? high - 1 : high}
              surgeon={(item.surgeonId !== null && resources.get(item.surgeonId)?.name) || ''}
              room={room.name}
              zone={scale.zone}
              me={me}
              mayMove={mayMove}
              isBlocked={blocked.includes(item.id)}
            />,
          ];
        })}
        {busy.map(({ busy: { id, start, end }, level, levels }) => {
          const box = drawnSpan(scale, start, end, shown);
          const high = Math.floor(inner / levels);
          return (
            box && (
              <div
                key={id}
                role="gridcell"
                aria-label={spokenBusy(room.name, start, end, scale.zone)}
                className={cardStyles['busy']}
                style={boxOf(axis, box.at, box.length, inset + level * high, high)}
              >
                {boardWords.busy}
              </div>
            )
          );
        })}
        {lane.cases
          .filter(({ state }) => isInRoom(state))
          .map((item) => (
            <Overtime key={item.id} item={item} axis={axis} scale={scale} breadth={breadth} />
          ))}
        <FreeCursor lane={lane} axis={axis} scale={scale} breadth={breadth} />
      </div>
    </div>
  );
});

/** As far as a hatch goes under the rounded corners of its card. */
const under = 4;

/** How much of a claim can be seen, before its case and after it: hatching is the dearest thing on the board. */
function hatched(axis: Axis, claim: Box, box: Box): string {
  const before = Math.max(0, box.at - claim.at) + under;
  const after = Math.max(0, claim.at + claim.length - box.at - box.length) + under;
  return [before, after].map((size) => (axis === 'x' ? `${size}px 100%` : `100% ${size}px`)).join(', ');
}
type Box = { at: number; length: number };
