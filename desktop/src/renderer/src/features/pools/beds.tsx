import { byPosition } from '@slate/shared/resources';
import { Button } from '@mantine/core';
import type { Board } from '@slate/shared/contract/reads';
import { bedRange } from '@slate/shared/cases';
import { addDays, instantOf } from '@slate/shared/time';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Callout } from '../../ui/callout.tsx';
import { poolWords as words } from '../../words/pools.ts';
import { dayWords, timeOf } from '../../words/time.ts';
import { daysBefore, nightsShown, useStays } from './use-stays.ts';
import { UsesButton } from './uses-button.tsx';
import { fullest, stretchesOf, poolUses } from './uses.ts';
import styles from './pools.module.css';

export function Beds({ date }: { date: string }) {
  const { board, isUnreachable, retry } = useStays(date);
  return (
    <section className={styles.section}>
      <h2>{words.beds}</h2>
      <p className={styles.definition}>
        {words.bedsIs(daysBefore)}
        {board && ` ${words.asOf(timeOf(board.at, board.site.timeZone))}.`}
      </p>
      {isUnreachable && (
        <Callout>
          {words.bedsUnreachable}{' '}
          <Button size="compact-xs" variant="default" onClick={retry}>
            {words.retry}
          </Button>
        </Callout>
      )}
      {board ? (
        <Nights board={board} date={date} />
      ) : (
        !isUnreachable && <Skeleton label={words.loading} count={6} height={30} />
      )}
    </section>
  );
}

function Nights({ board, date }: { board: Board; date: string }) {
  const zone = board.site.timeZone;
  const pools = board.resources.filter(({ kind, active }) => kind === 'bed' && active).toSorted(byPosition);
  if (pools.length === 0) return <p>{words.noBeds}</p>;
  const nights = Array.from({ length: nightsShown }, (_, nth) => addDays(date, nth));
  return (
    <table className={styles.nights}>
      <thead>
        <tr>
          <th scope="col">{words.pool}</th>
          {nights.map((night) => (
            <th key={night} scope="col">
              {dayWords(night)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pools.map((pool) => {
          const uses = poolUses(pool, {
            cases: board.cases,
            closures: board.closures,
            zone,
            now: board.at,
          });
          return (
            <tr key={pool.id}>
              <th scope="row">{pool.name}</th>
              {nights.map((night) => {
                const { start, end } = bedRange(instantOf(night, '12:00', zone), 1, zone);
                const range = { start: Date.parse(start), end: Date.parse(end) };
                const most = fullest(stretchesOf(uses, range));
                const used = most?.used ?? 0;
                const isFull = used >= pool.capacity;
                return (
                  <td key={night}>
                    <UsesButton
                      name={words.nightOf(pool.name, dayWords(night), used, pool.capacity)}
                      title={`${words.night(dayWords(night))} · ${words.occupied(used, pool.capacity)}`}
                      uses={most?.uses ?? []}
                      className={styles.night}
                      data-full={isFull || undefined}
                    >
                      <span className={styles.bar} aria-hidden="true">
                        <i style={{ width: `${Math.min(1, used / pool.capacity) * 100}%` }} />
                      </span>
                      <span>{words.occupied(used, pool.capacity)}</span>{' '}
                      {isFull && <span className={styles.full}>{words.full}</span>}
                    </UsesButton>
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
