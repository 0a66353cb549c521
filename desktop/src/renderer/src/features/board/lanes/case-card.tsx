import type { PlacedCase } from '@slate/shared/cases';
import { expectedAt } from '@slate/shared/reality';
import { memo } from 'react';
import { useNow } from '../../../stores/clock.ts';
import { glyphs, lookClass } from '../../../ui/case-look.ts';
import type { Look } from '../../../ui/case-look.ts';
import { initialsOf } from '../../../ui/initials.ts';
import { boardWords, hintOf, spokenCase } from '../../../words/board.ts';
import { holdTimeOf } from '../../../stores/hold-time.ts';
import { timeOf } from '../../../words/time.ts';
import { cardText } from '../../../board/card-text.ts';
import styles from './card.module.css';
import { boxOf } from '../../../board/geometry.ts';
import type { Axis } from '../../../board/geometry.ts';

export const cellId = (caseId: string) => `case-${caseId}`;

/** Only plain values and the case itself, so that React skips unchanged cards. */
type Props = {
  item: PlacedCase;
  /** As planned until the case starts, then as recorded. */
  start: string;
  end: string;
  look: Look;
  axis: Axis;
  at: number;
  length: number;
  across: number;
  breadth: number;
  /** Shown instead of the title. */
  shortName: string | null;
  /** Null if the site does not show patients on cards. */
  patient: string | null;
  surgeon: string;
  room: string;
  zone: string;
  /** The person at the console. */
  me: string;
  /** The time left of a hold, for screen readers. */
  leftMs: number | null;
  isSelected: boolean;
  isCursor: boolean;
  /** Being moved, by dragging or by cut and paste. */
  isLifted: boolean;
  isMovable: boolean;
};

/**
 * A case on the board. A board draws hundreds of these at once, so each is one box with a title and a text, without wrappers
 * or subscriptions. Holds and cases in the room are the exception.
 */
export const CaseCard = memo(function CaseCard(props: Props) {
  const { item, start, end, look, axis, at, length, across, breadth, surgeon, room, zone, me, isSelected } =
    props;
  const { id, holder, expiresAt } = item;
  const isHeld = item.state === 'held';
  const { patient, shortName } = props;
  const title = item.title ?? boardWords.untitled;
  const name = shortName ?? title;
  const holderName = isHeld && holder ? (holder.id === me ? boardWords.byYou : holder.name) : null;

  const time = timeOf(start, zone);
  const fields = { title: name, surgeon, patient, service: item.service, time };
  const text = cardText(fields, axis, length, breadth, isHeld);
  const { isTagged, isCounting } = text;
  const className = [
    styles.card,
    lookClass(look),
    styles[look],
    isSelected && styles.selected,
    props.isCursor && styles.cursor,
    props.isLifted && styles.lifted,
    props.isMovable && styles.movable,
    isTagged && styles.tagged,
    axis === 'y' && styles.upright,
    text.lines === 1 && styles.single,
    text.isTiny && styles.tiny,
    text.isLow && styles.low,
    !text.isWhole && styles.hinted,
    !text.isWide && styles.slim,
    text.isRoomy && styles.roomy,
  ];
  return (
    <div
      id={cellId(id)}
      data-case={id}
      role="gridcell"
      aria-selected={isSelected}
      data-hint={text.isWhole ? undefined : hintOf({ title, surgeon, patient, time })}
      // Visible text must be part of the accessible name.
      aria-label={spokenCase({
        title: name,
        patient,
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
      <b data-glyph={text.isBare ? undefined : glyphs[look]}>{text.title && `\u00a0${text.title}`}</b>
      {isCounting && expiresAt !== null && (
        <>
          {'\n'}
          <Countdown expiresAt={expiresAt} />{' '}
        </>
      )}
      {text.text}
      {isTagged && expiresAt && (
        <span className={styles.countdown}>
          <Countdown expiresAt={expiresAt} />
        </span>
      )}
      {isTagged && text.lines > 1 && holderName !== null && (
        <span className={styles.holder}>{holder?.id === me ? boardWords.you : initialsOf(holderName)}</span>
      )}
      {(look === 'in-room' || look === 'overrun') && <Progress item={item} start={start} end={end} />}
    </div>
  );
});

/** A countdown is highlighted only in its last seconds. */
const hurryMs = 30_000;

function Countdown({ expiresAt }: { expiresAt: string }) {
  const now = useNow(1_000);
  const isNear = Date.parse(expiresAt) - now < hurryMs;
  return <span className={isNear ? styles.hurry : styles.count}>{holdTimeOf(expiresAt, now)}</span>;
}

/** Shows how much of the case is over, and its expected end. */
function Progress({ item, start, end }: Pick<Props, 'item' | 'start' | 'end'>) {
  const now = useNow(15_000);
  const from = Date.parse(start);
  const length = Date.parse(end) - from;
  const share = (at: number) => `${Math.min(100, Math.max(0, ((at - from) / length) * 100)).toFixed(1)}%`;
  const expected = Date.parse(expectedAt(item, new Date(now).toISOString()).end);
  return (
    <span className={styles.progress}>
      <span className={styles.over} style={{ width: share(now) }} />
      <span className={styles.predicted} style={{ left: share(expected) }} />
    </span>
  );
}
