import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { expectedTime } from '../../preview/collisions.ts';
import { boardStore } from '../../stores/board.ts';
import { useNow } from '../../stores/clock.ts';
import { myScope } from '../../stores/session.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { figureWords as words } from '../../words/figures.ts';
import { dateWords } from '../../words/time.ts';
import { figuresOfDay, graceMinutes, longestTurnover } from '@slate/shared/figures';
import type { CountedReason, Figures as Measured } from '@slate/shared/figures';
import { fullReason } from '@slate/shared/reasons';
import type { ListedReason, ReasonKind } from '@slate/shared/reasons';
import { RoomTable } from './room-table.tsx';
import styles from './figures.module.css';

/** The day in a few figures, each next to its meaning. */
export function Figures() {
  const view = useStore(boardStore, (state) => state.view);
  const now = useNow(60_000);
  const figures = useMemo(
    () => (view ? figuresOfDay(view, now, (item) => expectedTime(view, item, now)) : null),
    [view, now],
  );
  if (myScope('cases.read') !== 'any') return <p className={styles.none}>{words.notPermitted}</p>;
  if (!view || !figures) {
    return (
      <div className={styles.page}>
        <Skeleton label={words.loading} count={8} height={26} />
      </div>
    );
  }
  return (
    <section className={styles.page} aria-label={words.title} tabIndex={0}>
      <h2>
        {words.title}, {dateWords(view.date)}
      </h2>
      <Summary figures={figures} />
      <h3>{words.perRoom}</h3>
      {figures.rooms.length === 0 ? <p>{words.noRooms}</p> : <RoomTable rooms={figures.rooms} />}
      <h3>{words.reasons}</h3>
      {figures.cancelled.count === 0 && <p>{words.noCancelled}</p>}
      <Reasons kind="cancel" counted={figures.cancelled.reasons} label={words.reasons} />
      {figures.delays.length > 0 && <h3>{words.delays}</h3>}
      <Reasons kind="delay" counted={figures.delays} label={words.delays} />
      {figures.overrides.length > 0 && <h3>{words.overrides}</h3>}
      <Reasons kind="override" counted={figures.overrides} label={words.overrides} />
    </section>
  );
}

function Summary({ figures }: { figures: Measured }) {
  const { primeTime, adjusted, firstCases, turnover, cancelled, holds } = figures;
  return (
    <dl className={styles.summary}>
      <Figure
        name={words.primeTime}
        value={words.percent(primeTime)}
        bar={primeTime}
        is={words.primeTimeIs}
      />
      <Figure name={words.adjusted} value={words.percent(adjusted)} bar={adjusted} is={words.adjustedIs} />
      <Figure
        name={words.firstCases}
        value={words.ofCount(firstCases.onTime, firstCases.counted)}
        bar={firstCases.counted > 0 ? firstCases.onTime / firstCases.counted : null}
        is={words.firstCasesIs(graceMinutes)}
      />
      <Figure
        name={words.turnovers}
        value={words.minutes(turnover.median)}
        is={`${words.turnoversIs(longestTurnover)} ${words.turnoverCount(turnover.count)}.`}
      />
      <Figure
        name={words.cancelled}
        value={words.ofCount(cancelled.count, cancelled.of)}
        is={words.cancelledIs}
      />
      <Figure name={words.holds} value={String(holds)} is={words.holdsIs} />
    </dl>
  );
}

function Figure({
  name,
  value,
  is,
  bar,
}: {
  name: string;
  value: string;
  is: string;
  bar?: number | null;
}): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={styles.value}>{value}</dd>
      {bar !== undefined && bar !== null && (
        <dd className={styles.bar} aria-hidden="true">
          <i style={{ width: `${Math.min(1, bar) * 100}%` }} />
        </dd>
      )}
      <dd className={styles.definition}>{is}</dd>
    </div>
  );
}

/** The reasons of a kind, counted by code. A retired code keeps its text. */
function Reasons({
  kind,
  counted,
  label,
}: {
  kind: ReasonKind;
  counted: readonly CountedReason[];
  label: string;
}) {
  const reasons = useStore(boardStore, ({ view }) => view?.board.site.reasons ?? none);
  if (counted.length === 0) return null;
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{words.reason}</th>
          <th scope="col">{words.count}</th>
        </tr>
      </thead>
      <tbody>
        {counted.map(({ code, text, count }) => (
          <tr key={`${code} ${text}`}>
            <th scope="row">{fullReason(reasons, kind, text, code) ?? words.noReason}</th>
            <td>{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
const none: readonly ListedReason[] = [];
