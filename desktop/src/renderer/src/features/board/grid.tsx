import { useVirtualizer } from '@tanstack/react-virtual';
import type { Resource } from '@slate/shared/resources';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { cursorStore } from '../../stores/cursor.ts';
import { preferencesStore } from '../../stores/preferences.ts';
import { myScope, sessionStore } from '../../stores/session.ts';
import { setInspectorOpen } from '../../stores/view.ts';
import { boardWords } from '../../words/board.ts';
import styles from './board.module.css';
import { setBoardHandle } from '../../board/board-handle.ts';
import { cellId } from './lanes/case-card.tsx';
import { ClaimHatch } from './lanes/claims.tsx';
import { placeCellId } from './lanes/free-cursor.tsx';
import type { Geometry } from '../../board/geometry.ts';
import { LaneRow } from './lanes/lane-row.tsx';
import { NowLine } from './now-line.tsx';
import { PendingLayer } from './placing/pending-layer.tsx';
import { PlacingLayer } from './placing/placing-layer.tsx';
import { press } from './placing/press.ts';
import { RoomHeads } from './room-heads.tsx';
import { scaleOf } from '../../board/scale.ts';
import { GridLines, TimeHeader } from './time-header.tsx';
import { useEdgeLabels } from './use-edge-labels.ts';
import { initialOffset, useScrollPosition } from './use-scroll-position.ts';

/** The time axis is drawn in pieces; pieces far from the view are left out. */
const pieceSize = 240;
/**
 * Columns are wider than lanes are high, and their hours are shorter by `columnPace`, so that a day fits on a page.
 */
const columnWidth = { 28: 88, 40: 118, 56: 152 } as const;
const columnPace = 0.66;
/** Fits five days side by side on a 1920-pixel screen with both panels open. Nights are even shorter. */
const weekPace = 0.16;
const wakingHours = { from: '07:00', to: '19:00', nightsShorter: 8 };

type Props = { date: string; days: number; rooms: readonly Resource[]; zone: string };

export const Grid = memo(function Grid({ date, days, rooms, zone }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { layout, rowHeight, pixelsPerHour } = useStore(preferencesStore);
  const me = useStore(sessionStore, (session) => (session.status === 'signed_in' ? session.me.id : ''));
  const mayMove = useStore(sessionStore, () => myScope('case.schedule') !== 'none');
  const axis = layout === 'lanes' ? 'x' : 'y';
  const geometry = useMemo((): Geometry => {
    const isWeek = days > 1;
    const pace = (isWeek ? weekPace : 1) * (axis === 'y' ? columnPace : 1);
    const scale = scaleOf({
      date,
      days,
      zone,
      pixelsPerHour: pixelsPerHour * pace,
      ...(isWeek && { wakingHours }),
    });
    return axis === 'x'
      ? { axis, scale, rooms, breadth: rowHeight, roomHead: 104, timeHead: isWeek ? 44 : 28 }
      : { axis, scale, rooms, breadth: columnWidth[rowHeight], roomHead: 40, timeHead: 56 };
  }, [axis, date, days, zone, pixelsPerHour, rowHeight, rooms]);
  const { scale, breadth, roomHead, timeHead } = geometry;
  const name = useMemo(() => (days > 1 ? boardWords.week(date) : boardWords.board(date)), [days, date]);

  // Must run before the virtualizers read the scroll position.
  useScrollPosition(scroller, geometry);
  // Late in the day, the board cannot scroll far enough.
  const maxOffset = Math.max(
    0,
    roomHead + scale.length - (axis === 'x' ? window.innerWidth : window.innerHeight),
  );
  const [firstOffset] = useState(() => Math.min(initialOffset(scale), maxOffset));
  const isSettled = useSettled();
  const initialRect = { width: window.innerWidth, height: window.innerHeight };
  // Another breadth needs new keys, or the virtualizer keeps its old measurements.
  const getItemKey = useCallback((index: number) => `${breadth} ${index}`, [breadth]);
  const lanes = useVirtualizer({
    count: rooms.length,
    getItemKey,
    getScrollElement: () => scroller.current,
    estimateSize: () => breadth,
    paddingStart: timeHead,
    horizontal: axis === 'y',
    initialRect,
    overscan: isSettled ? 3 : 0,
  });
  const pieces = useVirtualizer({
    count: Math.ceil(scale.length / pieceSize),
    getScrollElement: () => scroller.current,
    estimateSize: () => pieceSize,
    paddingStart: roomHead,
    horizontal: axis === 'x',
    initialRect,
    initialOffset: firstOffset,
    // The board is at its position already; `firstOffset` only says what to draw first.
    scrollToFn: () => {},
    overscan: isSettled ? 1 : 0,
  });
  useLayoutEffect(
    () => (scroller.current ? setBoardHandle({ scroller: scroller.current, geometry }) : undefined),
    [geometry],
  );
  useEdgeLabels(scroller, geometry);

  const drawnPieces = pieces.getVirtualItems();
  const from = (drawnPieces[0]?.index ?? 0) * pieceSize;
  const to = ((drawnPieces.at(-1)?.index ?? -1) + 1) * pieceSize;
  const shown = useMemo(() => ({ from, to }), [from, to]);

  const cursorRoom = useStore(cursorStore, ({ roomId }) => roomId);
  const activeCell = useStore(cursorStore, ({ mode, caseId, roomId }) =>
    roomId === null ? undefined : mode === 'case' && caseId !== null ? cellId(caseId) : placeCellId,
  );
  const drawnLanes = lanes.getVirtualItems();
  const firstLane = drawnLanes[0]?.index ?? 0;
  const lastLane = drawnLanes.at(-1)?.index ?? -1;
  const drawn = new Set(drawnLanes.map(({ index }) => index));
  const cursorIndex = rooms.findIndex(({ id }) => id === cursorRoom);
  if (cursorIndex >= 0) drawn.add(cursorIndex);

  const size = { along: roomHead + scale.length, across: timeHead + rooms.length * breadth };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="grid"
      tabIndex={0}
      data-board=""
      aria-label={name}
      aria-rowcount={rooms.length}
      aria-activedescendant={activeCell}
      onPointerDown={(event) => press(event.nativeEvent)}
      onDoubleClick={({ target }) => {
        if (target instanceof Element && target.closest('[data-case]')) setInspectorOpen(true);
      }}
    >
      <div
        role="presentation"
        className={styles.content}
        style={
          axis === 'x'
            ? { width: size.along, height: size.across }
            : { height: size.along, width: size.across }
        }
      >
        <ClaimHatch />
        <GridLines geometry={geometry} days={days} />
        <RoomHeads geometry={geometry} from={firstLane} to={lastLane} />
        <TimeHeader geometry={geometry} days={days} />
        {[...drawn]
          .toSorted((a, b) => a - b)
          .map((index) => {
            const room = rooms[index];
            return (
              room && (
                <LaneRow
                  key={room.id}
                  roomId={room.id}
                  index={index}
                  axis={axis}
                  scale={scale}
                  date={date}
                  days={days}
                  breadth={breadth}
                  roomHead={roomHead}
                  timeHead={timeHead}
                  shown={shown}
                  me={me}
                  mayMove={mayMove}
                />
              )
            );
          })}
        <NowLine geometry={geometry} />
        <PendingLayer geometry={geometry} />
        <PlacingLayer geometry={geometry} />
      </div>
    </div>
  );
});

const settledMs = 100;

/** False until after the first paint, so that the first paint draws only what is visible. */
function useSettled(): boolean {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    // The second frame starts only after the first one was painted.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        timer = setTimeout(() => setSettled(true), settledMs);
      });
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return isSettled;
}
