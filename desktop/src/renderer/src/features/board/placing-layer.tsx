import { addMinutes } from '@slate/shared/time';
import { isPlaced } from '@slate/shared/cases';
import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { lacks } from '../../preview/verdict.ts';
import type { BoardView } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { judge, placedNow, placingStore } from '../../stores/placing.ts';
import type { Placing } from '../../stores/placing.ts';
import { obstacleWords, placingWords } from '../../words/placing.ts';
import { boardHandle } from './board-handle.ts';
import styles from './placing.module.css';
import { boxOf, boxOnBoard } from './geometry.ts';
import type { Geometry } from './geometry.ts';

type Props = { geometry: Geometry; view: BoardView };

/** What is being placed, over the board: nothing beneath it is drawn again while it moves. */
export function PlacingLayer({ geometry, view }: Props) {
  const placing = useStore(placingStore, (state) => state.placing);
  return placing && <Ghost geometry={geometry} view={view} placing={placing} />;
}

function Ghost({ geometry, view, placing }: Props & { placing: Placing }) {
  // Holds expire while one hesitates.
  useNow(1_000);
  const { axis, rooms, scale, roomHead, timeHead, breadth } = geometry;
  const { place } = placing;
  const placed = placedNow(view, placing);
  const verdict = judge(view, placing);
  const index = rooms.findIndex(({ id }) => id === place.roomId);
  if (!placed || !verdict || index < 0) return null;

  const [obstacle] = verdict.obstacles;
  const [caution] = verdict.cautions;
  const nameOf = (id: string | null) => (id !== null && view.resources.get(id)?.name) || '';
  const judged = obstacle
    ? placingWords.taken(obstacleWords(obstacle, nameOf, scale.zone))
    : caution === undefined
      ? placingWords.free
      : placingWords.caution(caution);
  const tone = obstacle ? 'bad' : caution === undefined ? 'good' : 'doubtful';
  const claimed = {
    start: addMinutes(place.start, -placed.setupMinutes),
    end: addMinutes(place.end, placed.cleanupMinutes),
  };
  return (
    <div aria-hidden="true" className={styles['layer']}>
      {rooms.map((room, nth) => {
        const needs = lacks(view, placed, room.id);
        return (
          needs.length > 0 && (
            <div
              key={room.id}
              className={styles['unsuitable']}
              style={boxOf(axis, roomHead, scale.length, timeHead + nth * breadth, breadth)}
            >
              <span>{placingWords.lacks(needs)}</span>
            </div>
          )
        );
      })}
      {verdict.inTheWay.map((id) => {
        const other = view.cases.get(id) ?? view.board.busy.find((busy) => busy.id === id);
        const nth = other ? rooms.findIndex((room) => room.id === other.roomId) : -1;
        return (
          other &&
          isPlaced(other) &&
          nth >= 0 && (
            <div
              key={id}
              data-in-the-way={id}
              className={styles['inTheWay']}
              style={boxOnBoard(geometry, nth, other.start, other.end, 1)}
            />
          )
        );
      })}
      <div className={styles['claimed']} style={boxOnBoard(geometry, index, claimed.start, claimed.end, 5)} />
      <div
        data-ghost={tone}
        className={`${styles['ghost']} ${styles[tone]}`}
        style={boxOnBoard(geometry, index, place.start, place.end, 2)}
      />
      <Label
        geometry={geometry}
        index={index}
        start={place.start}
        end={place.end}
        tone={tone}
        where={placingWords.where(place.start, place.end, rooms[index]?.name ?? '', scale.zone)}
        judged={judged}
      />
    </div>
  );
}

type LabelProps = {
  geometry: Geometry;
  index: number;
  start: string;
  end: string;
  tone: string;
  where: string;
  judged: string;
};

/** Beside the ghost and never over the edge of what can be seen. */
function Label({ geometry, index, start, end, tone, where, judged }: LabelProps) {
  const label = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = label.current;
    const scroller = boardHandle()?.scroller;
    if (!element || !scroller) return;
    const box = boxOnBoard(geometry, index, start, end);
    const [x, y, width, height] = [box.left, box.top, box.width, box.height].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const head =
      geometry.axis === 'x'
        ? { x: geometry.roomHead, y: geometry.timeHead }
        : { x: geometry.timeHead, y: geometry.roomHead };
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = scroller;
    const { offsetWidth, offsetHeight } = element;
    const within = (at: number, first: number, last: number) => Math.max(first, Math.min(at, last));
    const above = y - offsetHeight - 4;
    const top = above >= scrollTop + head.y ? above : y + height + 4;
    const first = scrollLeft + head.x + 4;
    element.style.left = `${within(geometry.axis === 'x' ? x : x + width + 6, first, scrollLeft + clientWidth - offsetWidth - 8)}px`;
    element.style.top = `${within(geometry.axis === 'x' ? top : y, scrollTop + head.y, scrollTop + clientHeight - offsetHeight - 8)}px`;
  });
  return (
    <div ref={label} data-verdict={tone} className={`${styles['label']} ${styles[tone]}`}>
      <b>{where}</b> <span>{judged}</span>
    </div>
  );
}
