import type { PlacedCase } from '@slate/shared/cases';
import { memo } from 'react';
import { useNow } from '../../stores/clock.ts';
import { glyphs, lookClass } from '../../ui/case-look.ts';
import type { Look } from '../../ui/case-look.ts';
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
  look: Look;
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
  /** How long a hold lasts, for those who listen. */
  leftMs: number | null;
  isSelected: boolean;
  isCursor: boolean;
  /** On its way to another place, by hand or by cut and paste. */
  isLifted: boolean;
  isMovable: boolean;
};

/**
 * A board draws hundreds of these at once, so that each is one box with one title and one text in it: no wrappers,
 * and no subscriptions of its own. What cannot be said by one string is the exception: holds, and who is in the room.
 */
export const CaseCard = memo(function CaseCard(props: Props) {
  const { item, look, axis, at, length, across, breadth, surgeon, room, zone, me, isSelected } = props;
  const { id, start, end, holder, expiresAt } = item;
  const isHeld = item.state === 'held';
  const title = item.title ?? boardWords.untitled;
  const holderName = isHeld && holder ? (holder.id === me ? boardWords.byYou : holder.name) : null;

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
    props.isCursor && styles['cursor'],
    props.isLifted && styles['lifted'],
    props.isMovable && styles['movable'],
    isTagged && styles['tagged'],
    axis === 'y' && styles['upright'],
    lines === 1 && styles['single'],
    axis === 'y' && length < 19 && styles['tiny'],
    !isWide && styles['slim'],
    axis === 'y' && lines > 4 && styles['roomy'],
  ];
  const isCounting = isHeld && !isTagged && expiresAt !== null && lines > 1;
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
        leftMs: props.leftMs,
      })}
      className={className.filter(Boolean).join(' ')}
      style={boxOf(axis, at, length, across, breadth)}
    >
      <b data-glyph={glyphs[look]}>{isWide && `\u00a0${title}`}</b>
      {isCounting && isWide && (
        <>
          {'\n'}
          <Countdown expiresAt={expiresAt} />
        </>
      )}
      {isWide && details({ item, axis, lines, width, surgeon, time: isCounting ? '' : timeOf(start, zone) })}
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
    </div>
  );
});

type Details = {
  item: PlacedCase;
  axis: Axis;
  lines: number;
  width: number;
  surgeon: string;
  /** Empty where the countdown stands in its place. */
  time: string;
};

/** As much as there is room for after the title: when, who, and on a high card what for. */
function details({ item, axis, lines, width, surgeon, time }: Details): string {
  if (lines === 1) return width < 150 ? '' : ` ${surgeon}`;
  // On a roomy card the title is a paragraph, after which a new line begins by itself.
  if (axis === 'y') return `${lines > 4 ? '' : '\n'}${time}${lines > 2 ? `\n${surgeon}` : ''}`;
  const first = time === '' ? '' : `\n${time}`;
  if (width < 76) return first;
  return `${first} ${surgeon}${lines > 2 && item.service !== null ? `\n${item.service}` : ''}`;
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
