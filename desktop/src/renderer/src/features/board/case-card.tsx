import type { PlacedCase } from '@slate/shared/cases';
import { memo } from 'react';
import { useStore } from 'zustand';
import { useClock, useNow } from '../../stores/clock.ts';
import { cursorStore } from '../../stores/cursor.ts';
import { placingStore } from '../../stores/placing.ts';
import { viewStore } from '../../stores/view.ts';
import { glyphs, lookClass, lookOf } from '../../ui/case-look.ts';
import { boardWords, spokenCase } from '../../words/board.ts';
import { timeOf } from '../../words/time.ts';
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
  columnIndex: number;
  surgeon: string;
  room: string;
  zone: string;
  /** Who looks at it. */
  me: string;
  /** Another case will still be in the room when this one should begin. */
  isBlocked: boolean;
};

export const CaseCard = memo(function CaseCard(props: Props) {
  const { item, axis, at, length, across, breadth, columnIndex, surgeon, room, zone, me, isBlocked } = props;
  const { id, start, end, holder, expiresAt } = item;
  const look = useClock(15_000, (now) => (isBlocked ? 'conflict' : lookOf(item, now)));
  const isSelected = useStore(viewStore, ({ selectedId }) => selectedId === id);
  const isCursor = useStore(cursorStore, ({ caseId, mode }) => mode === 'case' && caseId === id);
  const isLifted = useStore(placingStore, ({ placing }) => placing?.caseId === id);
  const isHeld = item.state === 'held';
  const title = item.title ?? boardWords.untitled;
  const holderName = isHeld && holder ? (holder.id === me ? boardWords.you : holder.name) : null;
  const tenSeconds = useClock(10_000, (now) => (isHeld ? now : 0));

  const isNarrow = axis === 'x' && length < 30;
  const hasSecondLine = axis === 'y' || breadth >= 32;
  const className = [
    styles['card'],
    lookClass(look),
    styles[look],
    isSelected && styles['selected'],
    isCursor && styles['cursor'],
    isLifted && styles['lifted'],
    isHeld && length >= 84 && styles['tagged'],
    axis === 'y' && styles['upright'],
    !hasSecondLine && styles['single'],
  ];
  return (
    <div
      id={cellId(id)}
      data-case={id}
      role="gridcell"
      aria-colindex={columnIndex}
      aria-selected={isSelected}
      aria-label={spokenCase({
        title,
        surgeon,
        room,
        start,
        end,
        zone,
        look,
        holder: holderName?.toLowerCase() === 'you' ? 'you' : holderName,
        leftMs: isHeld && expiresAt ? Date.parse(expiresAt) - tenSeconds : null,
      })}
      className={className.filter(Boolean).join(' ')}
      style={boxOf(axis, at, length, across, breadth)}
    >
      <span className={styles['glyph']}>{glyphs[look]}</span>
      {!isNarrow && (
        <>
          {' '}
          <b>{title}</b>
          {hasSecondLine && <br />}
          <span className={styles['detail']}>
            {hasSecondLine ? '' : ' '}
            {timeOf(start, zone)} {surgeon}
          </span>
        </>
      )}
      {isHeld && expiresAt && !isNarrow && <Countdown expiresAt={expiresAt} />}
      {holderName !== null && length >= 60 && hasSecondLine && (
        <span className={styles['holder']}>{initialsOf(holderName)}</span>
      )}
      {(look === 'in-room' || look === 'overrun') && <Progress item={item} />}
      <span data-edge="end" className={styles['handle']} />
    </div>
  );
});

const initialsOf = (name: string) =>
  name === boardWords.you
    ? name
    : name
        .split(/[\s.]+/)
        .filter(Boolean)
        .map((part) => part[0])
        .slice(0, 2)
        .join('');

/** Hurries nobody until there is reason to. */
const hurryMs = 30_000;

function Countdown({ expiresAt }: { expiresAt: string }) {
  const left = Date.parse(expiresAt) - useNow(1_000);
  return (
    <span className={left < hurryMs ? `${styles['countdown']} ${styles['hurry']}` : styles['countdown']}>
      {boardWords.left(left)}
    </span>
  );
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
