import { UnstyledButton } from '@mantine/core';
import type { DayWithout, Opening } from '@slate/shared/contract/reads';
import { useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { nameOf } from '../../stores/board.ts';
import { zoneNow } from '../../stores/view.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Callout } from '../../ui/callout.tsx';
import { openingsWords as words, whyNoOpening } from '../../words/openings.ts';
import { dayOf, dayWords, rangeOf } from '../../words/time.ts';
import { useChanging } from '../../forms/use-changing.ts';
import type { Found } from './use-openings.ts';
import { maxResults } from '../../stores/criteria.ts';
import styles from './openings.module.css';

type Props = {
  found: Found;
  isSearching: boolean;
  isOwnOnly: boolean;
  choose: (opening: Opening) => void;
  show: (opening: Opening) => void;
  retry: () => void;
};

export function Results({ found, isSearching, isOwnOnly, choose, show, retry }: Props) {
  const count = found.kind === 'found' ? found.openings.length : 0;
  return (
    <>
      <p className={styles.status} role="status">
        {isSearching
          ? words.searching
          : count >= maxResults
            ? words.most(count)
            : count > 0
              ? words.found(count)
              : ''}
      </p>
      <div className={styles.results} aria-busy={isSearching}>
        {found.kind === 'found' && count === 0 && !isSearching && (
          <p className={styles.none}>{isOwnOnly ? words.noneOwn : words.none}</p>
        )}
        {found.kind === 'found' && !isSearching && <DaysWithout days={found.without} />}
        {found.kind === 'refused' && <Callout>{words.refused(found.reason)}</Callout>}
        {found.kind === 'waiting' && <Callout>{words.tooOften(found.seconds)}</Callout>}
        {found.kind === 'unreachable' && (
          <Callout>
            {words.unreachable}{' '}
            <UnstyledButton className={styles.again} onClick={retry}>
              {words.tryAgain}
            </UnstyledButton>
          </Callout>
        )}
        {found.kind === 'found' && count > 0 && (
          <Rows openings={found.openings} choose={choose} show={show} />
        )}
      </div>
      <div className={styles.keys}>
        <span>
          <Kbd>↵</Kbd> {words.hold}
        </span>
        <span>
          <Kbd>1</Kbd>–<Kbd>9</Kbd> {words.digits}
        </span>
        <span>
          <Kbd>Alt 1</Kbd> {words.digitsAnywhere}
        </span>
      </div>
    </>
  );
}

const daysListed = 5;

/** Explains why days have no openings, day by day for the first ones. */
function DaysWithout({ days }: { days: readonly DayWithout[] }) {
  if (days.length === 0) return null;
  const more = days.length - daysListed;
  return (
    <ul className={styles.without} aria-label={words.without}>
      {days.slice(0, daysListed).map(({ date, obstacles }) => (
        <li key={date}>{words.dayWithout(dayWords(date), whyNoOpening(obstacles, nameOf))}</li>
      ))}
      {more > 0 && <li>{words.moreDays(more)}</li>}
    </ul>
  );
}

/** The results have one tab stop; the arrow keys move through them. */
function Rows({ openings, choose, show }: { openings: readonly Opening[] } & Pick<Props, 'choose' | 'show'>) {
  const list = useRef<HTMLOListElement>(null);
  const [at, goTo] = useState(0);
  const here = Math.min(at, openings.length - 1);
  const { why, changing } = useChanging();
  const whyId = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: openings.length - 1 }[event.key];
    if (to === undefined || event.altKey) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('[data-opening]')[to]?.focus();
  };
  return (
    <>
      {why !== null && (
        <div id={whyId}>
          <Callout>{why}</Callout>
        </div>
      )}
      <ol ref={list} className={styles.list} aria-label={words.results} onKeyDown={onKeyDown}>
        {openings.map((opening, index) => (
          <li key={`${opening.roomId} ${opening.start}`}>
            <UnstyledButton
              className={styles.row}
              data-opening
              tabIndex={index === here ? 0 : -1}
              onFocus={() => {
                goTo(index);
                show(opening);
              }}
              {...changing(() => choose(opening), whyId)}
            >
              <Row opening={opening} nth={index + 1} />
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </>
  );
}

const lastDigit = 9;

function Row({ opening: { roomId, start, end, block, cautions }, nth }: { opening: Opening; nth: number }) {
  const zone = zoneNow();
  return (
    <>
      <span className={styles.nth}>{nth <= lastDigit && <Kbd isHidden>{nth}</Kbd>}</span>
      <span className={styles.when}>
        <span className={styles.day}>{dayOf(start, zone)}</span> {rangeOf(start, end, zone)}
      </span>
      <span className={styles.room}>{nameOf(roomId)}</span>
      <span className={styles.block} data-block={block}>
        {words.block[block]}
      </span>
      {cautions.map((caution) => (
        <span key={caution} className={styles.caution}>
          <span aria-hidden="true">▲ </span>
          {caution}
        </span>
      ))}
    </>
  );
}
