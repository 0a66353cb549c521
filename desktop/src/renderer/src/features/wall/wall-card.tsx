import type { PlacedCase } from '@slate/shared/cases';
import { memo } from 'react';
import { wallText } from '../../board/card-text.ts';
import { useClock, useNow } from '../../stores/clock.ts';
import { glyphs, lookClass, lookOf } from '../../ui/case-look.ts';
import { spokenCase } from '../../words/board.ts';
import { holdTimeOf } from '../../stores/hold-time.ts';
import { timeOf } from '../../words/time.ts';
import { wallWords } from '../../words/wall.ts';
import styles from './wall.module.css';

type Props = {
  item: PlacedCase;
  start: string;
  end: string;
  left: number;
  width: number;
  /** In pixels, the same for the whole wall. */
  row: number;
  type: number;
  smallest: number;
  /** The procedure or service, but nothing that may identify the patient. */
  procedure: string | null;
  shortName: string | null;
  surgeon: string;
  room: string;
  zone: string;
  isBlocked: boolean;
};

export const WallCard = memo(function WallCard({
  item,
  start,
  end,
  left,
  width,
  row,
  type,
  smallest,
  procedure,
  shortName,
  surgeon,
  room,
  zone,
  isBlocked,
}: Props) {
  const look = useClock(15_000, (now) => (isBlocked ? 'conflict' : lookOf(item, now)));
  const title = procedure ?? wallWords.unnamed;
  const isCounting = item.state === 'held' && item.expiresAt !== null;
  const fields = { time: timeOf(start, zone), title, shortName, surgeon };
  const text = wallText(fields, { width, row, type, smallest }, isCounting);
  return (
    <div
      role="cell"
      className={`${styles.card} ${lookClass(look)} ${styles[look]}`}
      style={{ left, width, fontSize: text.size }}
      aria-label={spokenCase({
        title: text.name,
        surgeon,
        room,
        start,
        end,
        zone,
        look,
        holder: null,
        leftMs: null,
      })}
    >
      {glyphs[look]}&nbsp;
      {isCounting && item.expiresAt && <Countdown expiresAt={item.expiresAt} />}
      {text.title}
      {text.detail !== '' && (
        <span className={styles.detail} style={{ fontSize: text.detailSize }}>
          {text.detail}
        </span>
      )}
    </div>
  );
});

function Countdown({ expiresAt }: { expiresAt: string }) {
  return <span className={styles.countdown}>{holdTimeOf(expiresAt, useNow(1_000))} </span>;
}
