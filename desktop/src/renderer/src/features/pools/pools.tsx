import { byPosition } from '@slate/shared/resources';
import { localDay } from '@slate/shared/time';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { expectedUses } from '../../preview/collisions.ts';
import { boardStore } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { useClock } from '../../stores/clock.ts';
import { myScope } from '../../stores/session.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { poolWords as words } from '../../words/pools.ts';
import { dateWords, timeOf } from '../../words/time.ts';
import { Beds } from './beds.tsx';
import { PoolLane } from './pool-lane.tsx';
import { stretchesOf, poolUses } from './uses.ts';
import styles from './pools.module.css';

const hourMs = 3_600_000;
/** These hours are always shown. */
const usualHours = { from: 6, to: 20 };
/** With more hours than this, only every second one is labeled. */
const maxLabeled = 18;

/** Shows when equipment is in use, and how many beds are taken each night. */
export function Pools() {
  const view = useStore(boardStore, (state) => state.view);
  if (myScope('cases.read') !== 'any') return <p className={styles.none}>{words.notPermitted}</p>;
  return (
    <div className={styles.page}>
      {view ? (
        <>
          <Equipment view={view} />
          <Beds date={view.date} />
        </>
      ) : (
        <Skeleton label={words.loading} count={6} height={30} />
      )}
    </div>
  );
}

function Equipment({ view }: { view: BoardView }) {
  const { board, date } = view;
  const now = useClock(60_000, (ms) => new Date(ms).toISOString());
  const zone = board.site.timeZone;
  const { pools, axis } = useMemo(() => {
    const day = localDay(date, zone);
    const range = { start: Date.parse(day.start), end: Date.parse(day.end) };
    const drawn = board.resources
      .filter(({ kind, active }) => kind === 'equipment' && active)
      .toSorted(byPosition)
      .map((pool) => ({
        pool,
        stretches: stretchesOf(
          [
            ...poolUses(pool, { cases: board.cases, closures: board.closures, zone, now }),
            ...expectedUses(view, pool.id, Date.parse(now)).map((use) => ({
              ...use,
              start: Date.parse(use.start),
              end: Date.parse(use.end),
            })),
          ],
          range,
        ),
      }));
    const all = drawn.flatMap(({ stretches }) => stretches);
    const hourOf = (at: number) => (at - range.start) / hourMs;
    const from = Math.min(usualHours.from, ...all.map(({ start }) => Math.floor(hourOf(start))));
    const to = Math.max(usualHours.to, ...all.map(({ end }) => Math.ceil(hourOf(end))));
    const last = Math.min(range.end, range.start + to * hourMs);
    return { pools: drawn, axis: { start: range.start + from * hourMs, end: last } };
  }, [view, board, date, zone, now]);

  const count = Math.ceil((axis.end - axis.start) / hourMs);
  const every = count > maxLabeled ? 2 : 1;
  const hours = Array.from(
    { length: Math.ceil(count / every) },
    (_, nth) => axis.start + nth * every * hourMs,
  );
  const share = (at: number) => `${((at - axis.start) / (axis.end - axis.start)) * 100}%`;

  return (
    <section className={styles.section}>
      <h2>{words.equipment(dateWords(date))}</h2>
      <p className={styles.definition}>{words.equipmentIs}</p>
      {pools.length === 0 && <p>{words.noEquipment}</p>}
      {pools.length > 0 && (
        <div className={styles.lanes}>
          <div className={styles.axis} aria-hidden="true">
            {hours.map((at) => (
              <span key={at} style={{ left: share(at) }}>
                {timeOf(new Date(at).toISOString(), zone)}
              </span>
            ))}
          </div>
          <ul>
            {pools.map(({ pool, stretches }) => (
              <PoolLane key={pool.id} pool={pool} stretches={stretches} axis={axis} zone={zone} />
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
