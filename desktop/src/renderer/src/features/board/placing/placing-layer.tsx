import { happensAt } from '@slate/shared/reality';
import { addMinutes } from '@slate/shared/time';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { memo, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { missingCapabilities, verdictOf } from '../../../preview/verdict.ts';
import type { Verdict } from '../../../preview/verdict.ts';
import { boardStore, nameOf } from '../../../stores/board.ts';
import type { BoardView } from '../../../stores/board.ts';
import { useNow } from '../../../stores/clock.ts';
import { dialogStore } from '../../../stores/dialogs.ts';
import { placingStore } from '../../../stores/placing.ts';
import { judge, placedNow, callerNow } from '../../../preview/judge.ts';
import type { Placing } from '../../../stores/placing.ts';
import { meNow } from '../../../stores/session.ts';
import { obstacleWords, placingWords } from '../../../words/placing.ts';
import { boardHandle } from '../../../board/board-handle.ts';
import styles from './placing.module.css';
import { boxOf, boxOnBoard } from '../../../board/geometry.ts';
import type { Geometry } from '../../../board/geometry.ts';
import { instantOfMinutes } from '../../../board/scale.ts';
import { ghostLabelPosition } from '../lanes/labels.ts';
import type { Bounds } from '../lanes/labels.ts';

type Props = { geometry: Geometry };

/** The ghost of a case or hold that is being placed. While it moves, nothing below it is redrawn. */
export const PlacingLayer = memo(function PlacingLayer({ geometry }: Props) {
  const placing = useStore(placingStore, (state) => state.placing);
  const awaitingReason = useStore(dialogStore, ({ dialog }) =>
    dialog?.kind === 'reason' ? dialog.placed : null,
  );
  if (placing) return <Placed geometry={geometry} placing={placing} />;
  // After a drop the ghost stays until the person enters the reason or cancels.
  return awaitingReason && <AwaitingReason geometry={geometry} placed={awaitingReason} />;
});

function Placed({ geometry, placing }: Props & { placing: Placing }) {
  const view = useStore(boardStore, (state) => state.view);
  // Redraws every second, because holds may expire.
  useNow(1_000);
  const placed = view && placedNow(view, placing);
  const verdict = view && judge(view, placing);
  return (
    placed &&
    verdict && (
      <div aria-hidden="true" className={styles.layer}>
        {placing.kind !== 'resize' && (
          <Unsuitable geometry={geometry} view={view} procedureId={placed.procedureId} />
        )}
        <Ghost
          {...{ geometry, view, placed, verdict }}
          isLengthened={placing.kind === 'hold' || placing.kind === 'resize'}
        />
      </div>
    )
  );
}

function AwaitingReason({ geometry, placed }: Props & { placed: readonly PlacedCase[] }) {
  const view = useStore(boardStore, (state) => state.view);
  useNow(1_000);
  return (
    view && (
      <div aria-hidden="true" className={styles.layer}>
        {placed.map((item) => {
          const verdict = verdictOf(view, item, callerNow());
          return <Ghost key={item.id} {...{ geometry, view, placed: item, verdict }} isAwaitingReason />;
        })}
      </div>
    )
  );
}

type OnBoard = Props & { view: BoardView };
type UnsuitableProps = OnBoard & Pick<PlacedCase, 'procedureId'>;

/**
 * Marks the rooms that lack something the case needs, on the room's name and never over a case. Does not depend on the place
 * of the ghost.
 */
const Unsuitable = memo(function Unsuitable({ geometry, view, procedureId }: UnsuitableProps) {
  const { axis, rooms, scale, roomHead, timeHead, breadth } = geometry;
  return rooms.map((room, nth) => {
    const needs = missingCapabilities(view, { procedureId }, room.id);
    return (
      needs.length > 0 && (
        <div
          key={room.id}
          data-unsuitable={room.id}
          className={`${styles.unsuitable} ${styles[axis]}`}
          style={boxOf(axis, 0, roomHead + scale.length, timeHead + nth * breadth, breadth)}
        >
          <div className={styles.why} style={boxOf(axis, 0, roomHead, 0, breadth)}>
            <b>{room.name}</b>
            <span>{placingWords.lacks(needs)}</span>
          </div>
        </div>
      )
    );
  });
});

type GhostProps = OnBoard & {
  placed: PlacedCase;
  verdict: Verdict;
  /** The question next to the ghost already lists the cautions, so the ghost shows only an obstacle. */
  isAwaitingReason?: boolean;
  /** Whether the label shows the length, because it is changing. */
  isLengthened?: boolean;
};

function Ghost({
  geometry,
  view,
  placed,
  verdict,
  isAwaitingReason = false,
  isLengthened = false,
}: GhostProps) {
  const { rooms, scale } = geometry;
  const index = rooms.findIndex(({ id }) => id === placed.roomId);
  if (index < 0) return null;
  const { obstacles, cautions, inTheWay } = verdict;
  const [obstacle] = obstacles;
  const verdictText = obstacle
    ? placingWords.taken(obstacleWords(obstacle, nameOf, scale.zone, meNow()))
    : cautions.length === 0
      ? placingWords.free
      : placingWords.cautions(cautions);
  const tone = obstacle ? 'bad' : cautions.length === 0 ? 'good' : 'doubtful';
  // Cut the ghost at the end of the shown days, because a longer one would lengthen the board.
  const [first, last] = [0, scale.minutes].map((minutes) => instantOfMinutes(scale, minutes)) as [
    string,
    string,
  ];
  const within = (at: string) => (at < first ? first : at > last ? last : at);
  const [start, end] = [within(placed.start), within(placed.end)];
  const claimed = {
    start: within(addMinutes(placed.start, -placed.setupMinutes)),
    end: within(addMinutes(placed.end, placed.cleanupMinutes)),
  };
  return (
    <>
      {inTheWay.map((id) => {
        const item = view.cases.get(id);
        const busy = view.board.busy.find((each) => each.id === id);
        const other = item && isPlaced(item) ? { ...item, ...happensAt(item) } : busy;
        const nth = other ? rooms.findIndex((room) => room.id === other.roomId) : -1;
        return (
          other &&
          nth >= 0 && (
            <div
              key={id}
              data-in-the-way={id}
              className={styles.inTheWay}
              style={boxOnBoard(geometry, nth, other.start, other.end, 1)}
            />
          )
        );
      })}
      <div
        data-claimed=""
        className={styles.claimed}
        style={boxOnBoard(geometry, index, claimed.start, claimed.end, 5)}
      />
      <div
        data-ghost={tone}
        className={`${styles.ghost} ${styles[tone]}`}
        style={boxOnBoard(geometry, index, start, end, 2)}
      />
      {(obstacle || !isAwaitingReason) && (
        <Label
          geometry={geometry}
          index={index}
          start={start}
          end={end}
          tone={tone}
          where={
            placingWords.where(placed, rooms[index]?.name ?? '', scale.zone, view.days > 1) +
            (isLengthened ? placingWords.length(placed.minutes) : '')
          }
          verdictText={verdictText}
        />
      )}
    </>
  );
}

type LabelProps = {
  geometry: Geometry;
  index: number;
  start: string;
  end: string;
  tone: string;
  where: string;
  verdictText: string;
};

/** The label next to the ghost, inside the visible area. */
function Label({ geometry, index, start, end, tone, where, verdictText }: LabelProps) {
  const label = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = label.current;
    const scroller = boardHandle()?.scroller;
    if (!element || !scroller) return undefined;
    const place = () => {
      const { axis, roomHead, timeHead } = geometry;
      const box = boxOnBoard(geometry, index, start, end);
      const ghost = boundsOf(box.left, box.top, box.width, box.height);
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
      const [left, top] = axis === 'x' ? [roomHead, timeHead] : [timeHead, roomHead];
      const visible = boundsOf(scrollLeft + left, scrollTop + top, clientWidth - left, clientHeight - top);
      const spot = ghostLabelPosition(axis, ghost, visible, {
        width: element.offsetWidth,
        height: element.offsetHeight,
      });
      element.style.left = `${spot.left}px`;
      element.style.top = `${spot.top}px`;
    };
    place();
    scroller.addEventListener('scroll', place, { passive: true });
    return () => scroller.removeEventListener('scroll', place);
  });
  return (
    <div ref={label} data-verdict={tone} className={`${styles.label} ${styles[tone]}`}>
      <b>{where}</b> <span>{verdictText}</span>
    </div>
  );
}

const boundsOf = (...sides: (number | string | undefined)[]): Bounds => {
  const [left = 0, top = 0, width = 0, height = 0] = sides.map(Number);
  return { left, top, right: left + width, bottom: top + height };
};
