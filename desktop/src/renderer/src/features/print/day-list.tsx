import { Portal } from '@mantine/core';
import { minutesBetween } from '@slate/shared/time';
import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { boardStore, nameIn } from '../../stores/board.ts';
import type { BoardView } from '../../stores/board.ts';
import { serverInstant } from '../../stores/clock.ts';
import { connectionStore } from '../../stores/connection.ts';
import { sessionStore } from '../../stores/session.ts';
import { equipmentOf } from '../../words/cases.ts';
import { printWords as words } from '../../words/print.ts';
import { listsOf } from './lists.ts';
import type { DayOfLists, RoomList } from './lists.ts';
import styles from './print.module.css';

/** The day list. It is in the DOM only while printing. */
export function DayList() {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    // The browser prints the page when these handlers return, so render synchronously.
    const before = () => flushSync(() => setPrinting(true));
    const after = () => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  const { view } = boardStore.getState();
  if (!isPrinting || !view) return null;
  return (
    <Portal>
      <div className={styles.lists}>
        {listsOf(view).map((day) => (
          <Day key={day.date} day={day} view={view} />
        ))}
      </div>
    </Portal>
  );
}

function asOf(view: BoardView): string {
  const { connection, lastContactAt } = connectionStore.getState();
  const zone = view.board.site.timeZone;
  // A board from memory or from the disk has a time of its own.
  if (boardStore.getState().isStale) return words.asOfOld(view.board.at, zone);
  if (connection.status === 'live') return words.asOf(serverInstant(), zone);
  return words.asOfOld(lastContactAt === null ? view.board.at : new Date(lastContactAt).toISOString(), zone);
}

function Day({ day, view }: { day: DayOfLists; view: BoardView }) {
  const session = sessionStore.getState();
  const by = session.status === 'signed_in' ? session.me.name : '';
  // No empty patient column for people who may not see patients.
  const hasPatients = view.board.cases.some(({ patientRef }) => patientRef !== null);
  return (
    <article className={styles.day}>
      <header>
        <h1>{words.title(view.board.site.name, day.date)}</h1>
        <p>
          {asOf(view)} · {words.printedBy(by)}
        </p>
      </header>
      {day.rooms.length === 0 && <p>{words.empty}</p>}
      {day.rooms.map((list) => (
        <Room key={list.room.id} list={list} view={view} hasPatients={hasPatients} />
      ))}
      {day.without.length > 0 && <p>{words.withoutCases(day.without)}</p>}
    </article>
  );
}

type RoomProps = { list: RoomList; view: BoardView; hasPatients: boolean };

function Room({ list: { room, rows }, view, hasPatients }: RoomProps) {
  const { columns } = words;
  const nameOf = (id: string | null | undefined) => nameIn(view, id);
  return (
    <section aria-labelledby={`list-${room.id}`}>
      <h2 id={`list-${room.id}`}>
        {room.name} <small>{room.attributes.service}</small>
      </h2>
      <table>
        <thead>
          <tr>
            <th scope="col" className={styles.time}>
              {columns.time}
            </th>
            <th scope="col" className={styles.minutes}>
              {columns.minutes}
            </th>
            <th scope="col">{columns.what}</th>
            <th scope="col" className={styles.surgeon}>
              {columns.surgeon}
            </th>
            {hasPatients && (
              <th scope="col" className={styles.patient}>
                {columns.patient}
              </th>
            )}
            <th scope="col">{columns.needs}</th>
            <th scope="col" className={styles.state}>
              {columns.state}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, start, end, what, item, state }) => (
            <tr key={id}>
              <th scope="row">{words.time(start, end, view.board.site.timeZone)}</th>
              <td>{Math.round(minutesBetween(start, end))}</td>
              <td>{what}</td>
              <td>{nameOf(item?.surgeonId)}</td>
              {hasPatients && <td>{item?.patientRef}</td>}
              <td>
                {[...equipmentOf(item?.equipment ?? [], nameOf), nameOf(item?.bed?.resourceId)]
                  .filter((name) => name !== '')
                  .join(', ')}
              </td>
              <td>{state}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
