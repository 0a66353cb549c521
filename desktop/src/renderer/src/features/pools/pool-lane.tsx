import type { Resource } from '@slate/shared/resources';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { poolWords as words } from '../../words/pools.ts';
import { rangeOf } from '../../words/time.ts';
import { UsesButton } from './uses-button.tsx';
import { fullest } from './uses.ts';
import type { Stretch } from './uses.ts';
import styles from './pools.module.css';

type Axis = { readonly start: number; readonly end: number };

/** In units of the SVG, which is stretched to the available space. */
const width = 1000;
const unit = 10;

/** The use of a pool over the day, as a chart. It has one tab stop; the arrow keys move through the stretches. */
export function PoolLane({
  pool,
  stretches,
  axis,
  zone,
}: {
  pool: Resource;
  stretches: readonly Stretch[];
  axis: Axis;
  zone: string;
}) {
  const lane = useRef<HTMLDivElement>(null);
  const [at, goTo] = useState(0);
  const here = Math.min(at, stretches.length - 1);
  const most = fullest(stretches)?.used ?? 0;
  const x = (time: number) => ((time - axis.start) / (axis.end - axis.start)) * width;
  const share = (time: number) => `${x(time) / (width / 100)}%`;
  const when = ({ start, end }: Stretch) =>
    rangeOf(new Date(start).toISOString(), new Date(end).toISOString(), zone);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: stretches.length - 1 }[event.key];
    const button = to === undefined ? null : lane.current?.querySelectorAll('button')[to];
    if (!button || event.altKey) return;
    event.preventDefault();
    button.focus();
  };

  return (
    <li className={styles.lane}>
      <div className={styles.name}>
        <strong>{pool.name}</strong>
        <span>{most === 0 ? words.neverUsed : words.peak(most, pool.capacity)}</span>
      </div>
      <div ref={lane} className={styles.track} onKeyDown={onKeyDown}>
        <svg viewBox={`0 0 ${width} ${pool.capacity * unit}`} preserveAspectRatio="none" aria-hidden="true">
          {Array.from({ length: pool.capacity - 1 }, (_, nth) => (
            <line key={nth} x1={0} x2={width} y1={(nth + 1) * unit} y2={(nth + 1) * unit} />
          ))}
          {stretches.map(({ start, end, used }) => (
            <rect
              key={start}
              x={x(start)}
              width={x(end) - x(start)}
              y={(pool.capacity - Math.min(used, pool.capacity)) * unit}
              height={Math.min(used, pool.capacity) * unit}
              data-full={used >= pool.capacity || undefined}
            />
          ))}
        </svg>
        {stretches.map((stretch, nth) => (
          <UsesButton
            key={stretch.start}
            name={words.stretch(pool.name, when(stretch), stretch.used, pool.capacity)}
            title={`${when(stretch)} · ${words.inUse(stretch.used, pool.capacity)}`}
            uses={stretch.uses}
            isTabStop={nth === here}
            onFocus={() => goTo(nth)}
            className={styles.stretch}
            data-full={stretch.used >= pool.capacity || undefined}
            style={{ left: share(stretch.start), right: `calc(100% - ${share(stretch.end)})` }}
          >
            {stretch.used >= pool.capacity && <span className={styles.full}>{words.full}</span>}
          </UsesButton>
        ))}
      </div>
    </li>
  );
}
