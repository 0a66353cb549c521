import { figureWords as words } from '../../words/figures.ts';
import type { RoomFigures } from '@slate/shared/figures';
import styles from './figures.module.css';

/** The figures of each room. */
export function RoomTable({ rooms }: { rooms: readonly RoomFigures[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{words.room}</th>
          <th scope="col">{words.open}</th>
          <th scope="col">{words.cases}</th>
          <th scope="col">{words.use}</th>
          <th scope="col">{words.useWithTurnover}</th>
          <th scope="col">{words.firstCase}</th>
          <th scope="col">{words.turnover}</th>
        </tr>
      </thead>
      <tbody>
        {rooms.map((each) => (
          <tr key={each.room.id}>
            <th scope="row">{each.room.name}</th>
            <td>{openWords(each)}</td>
            <td>{each.caseCount}</td>
            <td>
              <Share minutes={each.inRoomMinutes} of={each.openMinutes} />
            </td>
            <td>
              <Share minutes={each.withTurnoverMinutes} of={each.openMinutes} />
            </td>
            <td>{firstWords(each)}</td>
            <td>{turnoverWords(each)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Share({ minutes, of }: { minutes: number; of: number | null }) {
  if (of === null) return words.hours(minutes);
  const share = of > 0 ? minutes / of : null;
  return (
    <span className={styles.share}>
      <span className={styles.bar} aria-hidden="true">
        <i style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
      </span>
      {words.percent(share)}
    </span>
  );
}

const openWords = ({ openMinutes }: RoomFigures) =>
  openMinutes === null
    ? words.aroundTheClock
    : openMinutes === 0
      ? words.closedToday
      : words.hours(openMinutes);

function firstWords({ firstCase }: RoomFigures): string {
  if (!firstCase) return '–';
  if (firstCase.isOnTime === null) return words.notYet;
  return firstCase.isOnTime ? `✓ ${words.onTime}` : `▲ ${words.late(firstCase.minutesLate)}`;
}

function turnoverWords({ turnovers }: RoomFigures): string {
  if (turnovers.length === 0) return '–';
  const mean = turnovers.reduce((sum, each) => sum + each, 0) / turnovers.length;
  return `${words.minutes(mean)} (${turnovers.length})`;
}
