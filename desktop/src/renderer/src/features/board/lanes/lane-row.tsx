import { mayFrom } from '@slate/shared/case-state';
import { busyAt } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { memo } from 'react';
import { useStore } from 'zustand';
import { boxOf, drawnSpan, everywhere } from '../../../board/geometry.ts';
import type { Axis, Span } from '../../../board/geometry.ts';
import type { Drawn } from '../../../board/lane-layout.ts';
import type { Scale } from '../../../board/scale.ts';
import { boardStore } from '../../../stores/board.ts';
import type { Lane } from '../../../stores/board.ts';
import { useClock } from '../../../stores/clock.ts';
import { boardWords, spokenBusy } from '../../../words/board.ts';
import { CaseCard } from './case-card.tsx';
import { Claims, pathOf } from './claims.tsx';
import { FreeCursor } from './free-cursor.tsx';
import { looksOf, useBlocked, useExpectedEnds, useLayout, useMarks } from './lane-state.ts';
import { Underlay } from './underlay.tsx';
import styles from '../board.module.css';
import cardStyles from './card.module.css';

type Props = {
  roomId: string;
  index: number;
  axis: Axis;
  scale: Scale;
  date: string;
  days: number;
  breadth: number;
  roomHead: number;
  timeHead: number;
  shown: Span;
  me: string;
  mayMove: boolean;
};

const inset = 3;

/** A room with its cases. Redrawn only if something in this room changes. */
export const LaneRow = memo(function LaneRow(props: Props) {
  const lane = useStore(boardStore, ({ view }) => view?.lanes.get(props.roomId));
  const resources = useStore(boardStore, ({ view }) => view?.resources);
  const shortNames = useStore(boardStore, ({ view }) => view?.shortNames);
  const isPatientShown = useStore(
    boardStore,
    ({ view }) => view?.board.site.settings.patientsOnCards === true,
  );
  return (
    lane && resources && shortNames && <Row {...props} {...{ lane, resources, shortNames, isPatientShown }} />
  );
});

type RowProps = Props & {
  lane: Lane;
  /** For the names of surgeons. */
  resources: ReadonlyMap<string, Resource>;
  shortNames: ReadonlyMap<string, string>;
  isPatientShown: boolean;
};

function Row(props: RowProps) {
  const { lane, index, axis, scale, breadth, roomHead, timeHead, shown, resources, me, mayMove } = props;
  const { room } = lane;
  const layout = useLayout(lane);
  const { cases, busy } = layout;
  const blocked = useBlocked(room.id);
  const moment = useClock(15_000, (now) =>
    busy.some(({ busy: { growsFrom } }) => growsFrom !== null) ? new Date(now).toISOString() : '',
  );
  const looks = useClock(15_000, (now) => looksOf(cases, blocked, now));
  const tenSeconds = useClock(10_000, (now) => (lane.cases.some(({ state }) => state === 'held') ? now : 0));
  const marks = useMarks(room.id);
  const inner = breadth - 2 * inset;
  const cards = cases.flatMap(({ item, start, end, claimed, level, levels }, nth) => {
    const { id, state, surgeonId, expiresAt } = item;
    // The case under the cursor stays in the DOM even if it is scrolled out of view.
    const visible = id === marks.cursorId ? everywhere : shown;
    const claim = drawnSpan(scale, claimed.start, claimed.end, visible);
    const box = claim && drawnSpan(scale, start, end, everywhere);
    // A case that starts after midnight has only its setup on this day.
    if (!box || box.at >= scale.length) return [];
    const height = Math.floor(inner / levels);
    const across = inset + level * height;
    return {
      claim: pathOf(axis, claim, box, across + 2, height - 4),
      card: (
        <CaseCard
          key={id}
          item={item}
          start={start}
          end={end}
          look={looks[nth] ?? 'booked'}
          axis={axis}
          at={box.at}
          length={box.length}
          across={across}
          breadth={levels > 1 ? height - 1 : height}
          shortName={(item.title !== null && props.shortNames.get(item.title)) || null}
          patient={props.isPatientShown ? item.patientRef : null}
          surgeon={(surgeonId !== null && resources.get(surgeonId)?.name) || ''}
          room={room.name}
          zone={scale.zone}
          me={me}
          leftMs={state === 'held' && expiresAt !== null ? Date.parse(expiresAt) - tenSeconds : null}
          isSelected={id === marks.selectedId}
          isCursor={id === marks.cursorId && marks.isOnCase}
          isLifted={id === marks.liftedId || id === marks.cutId}
          isMovable={mayMove && mayFrom('move', state)}
        />
      ),
    };
  });

  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className={`${styles.lane} ${styles[axis]}`}
      style={boxOf(axis, 0, roomHead + scale.length, timeHead + index * breadth, breadth)}
    >
      <div role="rowheader" className={styles.spoken}>
        {[room.name, room.attributes.service ?? room.attributes.area].filter(Boolean).join(' ')}
      </div>
      <div className={styles.track} role="presentation" data-track="">
        <Underlay
          lane={lane}
          layout={layout}
          axis={axis}
          scale={scale}
          shown={shown}
          breadth={breadth}
          date={props.date}
          days={props.days}
          resources={resources}
        />
        <Claims path={cards.map(({ claim }) => claim).join('')} />
        {cards.map(({ card }) => card)}
        {busy.map(({ busy: time, level, levels }) => {
          const { id } = time;
          const { start, end } = busyAt(time, moment);
          const box = drawnSpan(scale, start, end, shown);
          const height = Math.floor(inner / levels);
          return (
            box && (
              <div
                key={id}
                role="gridcell"
                aria-label={spokenBusy(room.name, start, end, scale.zone)}
                className={cardStyles['busy']}
                style={boxOf(axis, box.at, box.length, inset + level * height, height)}
              >
                {boardWords.busy}
              </div>
            )
          );
        })}
        <Overtimes cases={cases} axis={axis} scale={scale} breadth={breadth} shown={shown} />
        <FreeCursor lane={lane} axis={axis} scale={scale} breadth={breadth} />
      </div>
    </div>
  );
}

const thickness = 5;

/** Shows how far the cases are expected to run past their drawn ends, on top of the cases after them. */
const Overtimes = memo(function Overtimes({
  cases,
  axis,
  scale,
  breadth,
  shown,
}: {
  cases: readonly Drawn[];
  axis: Axis;
  scale: Scale;
  breadth: number;
  shown: Span;
}) {
  const ends = useExpectedEnds(cases);
  return cases.map(({ item, end }, nth) => {
    const until = ends[nth] ?? '';
    const box = until > end && drawnSpan(scale, end, until, shown);
    return (
      box && (
        <div
          key={item.id}
          aria-hidden="true"
          className={cardStyles['overtime']}
          style={boxOf(axis, box.at, box.length, breadth - thickness - 1, thickness)}
        />
      )
    );
  });
});
