import { mayFrom } from '@slate/shared/case-state';
import type { PlacedCase } from '@slate/shared/cases';
import { memo } from 'react';
import { useStore } from 'zustand';
import { useClock, useNow } from '../../stores/clock.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { cutStore } from '../../stores/cut.ts';
import { placingStore } from '../../stores/placing.ts';
import { viewStore } from '../../stores/view.ts';
import { glyphs, lookClass, lookOf } from '../../ui/case-look.ts';
import { initialsOf } from '../../ui/initials.ts';
import { boardWords, spokenCase } from '../../words/board.ts';
import { countdown, timeOf } from '../../words/time.ts';
import styles from './card.module.css';
import { boxOf } from './geometry.ts';
import type { Axis } from './geometry.ts';
import { predictedEnd } from './running-over.ts';

export const cellId = (caseId: string) => `case-${caseId}`;

/** Only plain values and the case itself: whatever stays the same is not drawn again. */
type Props = {
  item: PlacedCase;
  axis: Axis;
  at: number;
  length: number;
  across: number;
  breadth: number;
  surgeon: string;
  room: string;
  zone: string;
  /** Who looks at it. */
  me: string;
  /** Another case will still be in the room when this one should begin. */
  isBlocked: boolean;
  /** Whether who looks at it may move cases at all. */
  mayMove: boolean;
};

export const CaseCard = memo(function CaseCard(props: Props) {
  const { item, axis, at, length, across, breadth, surgeon, room, zone, me } = props;
  const { id, start, end, holder, expiresAt } = item;
  const look = useClock(15_000, (now) => (props.isBlocked ? 'conflict' : lookOf(item, now)));
  const isSelected = useStore(viewStore, ({ selectedId }) => selectedId === id);
  const isCursor = useStore(cursorStore, ({ caseId, mode }) => mode === 'case' && caseId === id);
  const isLifted = useStore(placingStore, ({ placing }) => placing?.caseId === id);
  const isCut = useStore(cutStore, ({ item: cut }) => cut?.id === id);
  const isHeld = item.state === 'held';
  const title = item.title ?? boardWords.untitled;
  const holderName = isHeld && holder ? (holder.id === me ? boardWords.byYou : holder.name) : null;
  const tenSeconds = useClock(10_000, (now) => (isHeld ? now : 0));

  const lines =
    axis === 'x' ? (breadth >= 44 ? 3 : breadth >= 30 ? 2 : 1) : Math.max(1, Math.floor((length - 5) / 15));
  const width = axis === 'x' ? length : breadth;
  const isWide = width >= 46;
  const isTagged = isHeld && width >= 84;
  const className = [
    styles['card'],
    lookClass(look),
    styles[look],
    isSelected && styles['selected'],
    isCursor && styles['cursor'],
    (isLifted || isCut) && styles['lifted'],
    isTagged && styles['tagged'],
    axis === 'y' && styles['upright'],
    lines === 1 && styles['single'],
    axis === 'y' && length < 19 && styles['tiny'],
    !isWide && styles['slim'],
    axis === 'y' && lines > 4 && styles['roomy'],
  ];
  return (
    <div
      id={cellId(id)}
      data-case={id}
      role="gridcell"
      aria-selected={isSelected}
      aria-label={spokenCase({
        title,
        surgeon,
        room,
        start,
        end,
        zone,
        look,
        holder: holderName,
        leftMs: isHeld && expiresAt ? Date.parse(expiresAt) - tenSeconds : null,
      })}
      className={className.filter(Boolean).join(' ')}
      style={boxOf(axis, at, length, across, breadth)}
    >
      <span className={styles['label']} data-label="">
        <b>
          <span className={styles['glyph']}>{glyphs[look]}</span>
          {isWide && `\u00a0${title}`}
        </b>
        {isWide && (
          <Details
            item={item}
            axis={axis}
            lines={lines}
            width={width}
            surgeon={surgeon}
            zone={zone}
            isCounting={isHeld && !isTagged}
          />
        )}
      </span>
      {isTagged && expiresAt && (
        <span className={styles['countdown']}>
          <Countdown expiresAt={expiresAt} />
        </span>
      )}
      {isTagged && lines > 1 && holderName !== null && (
        <span className={styles['holder']}>
          {holder?.id === me ? boardWords.you : initialsOf(holderName)}
        </span>
      )}
      {(look === 'in-room' || look === 'overrun') && <Progress item={item} />}
      {props.mayMove && mayFrom('move', item.state) && <span data-edge="end" className={styles['handle']} />}
    </div>
  );
});

type DetailsProps = {
  item: PlacedCase;
  axis: Axis;
  lines: number;
  width: number;
  surgeon: string;
  zone: string;
  /** There is no corner for the countdown: it stands in place of the time. */
  isCounting: boolean;
};

/** As much as there is room for: when, who, and on a high card what for. */
function Details({ item, axis, lines, width, surgeon, zone, isCounting }: DetailsProps) {
  const counted = isCounting && item.expiresAt ? <Countdown expiresAt={item.expiresAt} /> : null;
  const time = counted ?? timeOf(item.start, zone);
  if (lines === 1) return width < 150 ? null : <span className={styles['detail']}> {surgeon}</span>;
  if (axis === 'y') {
    return (
      <span className={styles['detail']}>
        {lines > 4 ? null : <br />}
        {time}
        {lines > 2 && <br />}
        {lines > 2 && surgeon}
      </span>
    );
  }
  return (
    <span className={styles['detail']}>
      <br />
      {time}
      {width >= 76 && ` ${surgeon}`}
      {lines > 2 && <br />}
      {lines > 2 && width >= 76 && item.service}
    </span>
  );
}

/** Hurries nobody until there is reason to. */
const hurryMs = 30_000;

function Countdown({ expiresAt }: { expiresAt: string }) {
  const left = Date.parse(expiresAt) - useNow(1_000);
  return <span className={left < hurryMs ? styles['hurry'] : styles['count']}>{countdown(left)}</span>;
}

/** How much of the case is over, and where its end will be if it goes on as planned. */
function Progress({ item }: { item: PlacedCase }) {
  const now = useNow(15_000);
  const start = Date.parse(item.start);
  const length = Date.parse(item.end) - start;
  const share = (at: number) => `${Math.min(100, Math.max(0, ((at - start) / length) * 100)).toFixed(1)}%`;
  return (
    <span className={styles['progress']}>
      <span className={styles['over']} style={{ width: share(now) }} />
      <span className={styles['predicted']} style={{ left: share(predictedEnd(item, now)) }} />
    </span>
  );
}
