import { busyAt } from '@slate/shared/cases';
import type { Procedure } from '@slate/shared/resources';
import { useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { layOut } from '../../board/lane-layout.ts';
import { pixelOf, scaleOf, spanOf, ticksOf } from '../../board/scale.ts';
import type { Scale } from '../../board/scale.ts';
import { blockedIn } from '../../preview/collisions.ts';
import { boardStore, nameIn } from '../../stores/board.ts';
import type { BoardView, Lane } from '../../stores/board.ts';
import { useClock, useNow } from '../../stores/clock.ts';
import { connectionStore, isCutOff } from '../../stores/connection.ts';
import { boardAsOf } from '../../stores/cut-off.ts';
import { goToDate, showScreen, today, zoneNow } from '../../stores/view.ts';
import { boardWords } from '../../words/board.ts';
import { connectionWords } from '../../words/connection.ts';
import { dateWords, timeOf, zoneName } from '../../words/time.ts';
import { wallWords } from '../../words/wall.ts';
import { LiveAge } from '../header/live-age.tsx';
import { WallCard } from './wall-card.tsx';
import { firstHour, hoursOnWall, roomNames, wallLayout } from './wall-layout.ts';
import type { RoomNames } from './wall-layout.ts';
import styles from './wall.module.css';

/** Each page is shown this long if the rooms need several. */
const pageMs = 15_000;

const reloadPage = () => location.reload();

/**
 * Today's board for a corridor: without patients or controls, and readable from five meters. On a console it can be closed.
 */
export function WallBoard({ leave }: { leave?: () => void }) {
  const view = useStore(boardStore, (state) => state.view);
  const date = useClock(60_000, () => today());
  useEffect(() => {
    showScreen('day');
    goToDate(date);
  }, [date]);
  useStore(connectionStore, isCutOff);
  const asOf = useStore(boardStore, boardAsOf);
  const failure = useStore(boardStore, (state) => state.failure);
  useNewPage(reloadPage);
  useEffect(() => {
    if (!leave) return undefined;
    const onKeyDown = ({ key }: KeyboardEvent) => key === 'Escape' && leave();
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [leave]);
  const { width, height } = useWindowSize();
  const { pages, rowsPerPage, row, type, smallest, head } = wallLayout(view?.rooms.length ?? 1, height);
  const page = useClock(pageMs, (now) => Math.floor(now / pageMs) % pages);
  return (
    <main
      data-wall=""
      data-frozen={asOf !== null || undefined}
      className={styles.wall}
      style={{ fontSize: type }}
    >
      <header className={styles.header} style={{ height: head * 0.6, fontSize: head * 0.34 }}>
        <h1>{dateWords(date)}</h1>
        {pages > 1 && <span>{wallWords.page(page + 1, pages)}</span>}
        <span className={styles.gap} />
        {asOf === null ? (
          <LiveAge />
        ) : (
          <strong className={styles.asOf} role="status">
            <span aria-hidden="true">▲</span> {wallWords.asOf(timeOf(asOf, zoneNow()))}
          </strong>
        )}
        <Clock />
        {leave && (
          <button type="button" className={styles.leave} onClick={leave}>
            {wallWords.leave}
          </button>
        )}
      </header>
      {view ? (
        <Rooms
          view={view}
          first={page * rowsPerPage}
          count={rowsPerPage}
          row={row}
          head={head * 0.4}
          type={type}
          smallest={smallest}
          names={roomNames(view.rooms, { row, type, width })}
          width={width}
        />
      ) : (
        <p role="status">
          {failure ? `${connectionWords.failed}. ${connectionWords.failure(failure)}` : boardWords.loading}
        </p>
      )}
    </main>
  );
}

function Clock() {
  const now = new Date(useNow(60_000)).toISOString();
  return (
    <time dateTime={now}>
      <b>{timeOf(now, zoneNow())}</b> <small>{zoneName(now, zoneNow())}</small>
    </time>
  );
}

type RoomsProps = {
  view: BoardView;
  first: number;
  count: number;
  row: number;
  head: number;
  type: number;
  smallest: number;
  names: RoomNames;
  width: number;
};

function Rooms({ view, first, count, row, head, type, smallest, names, width }: RoomsProps) {
  const { width: roomWidth, service } = names;
  const { board, date, rooms, lanes } = view;
  const zone = board.site.timeZone;
  const pixelsPerHour = (width - roomWidth) / hoursOnWall;
  const scale = scaleOf({ date, days: 1, zone, pixelsPerHour });
  const from = useClock(60_000, (now) =>
    firstHour(Number(timeOf(new Date(now).toISOString(), zone).slice(0, 2))),
  );
  const offset = from * pixelsPerHour;
  const procedures = new Map(board.procedures.map((procedure) => [procedure.id, procedure]));
  return (
    <div role="table" aria-label={wallWords.board(board.site.name)} className={styles.rooms}>
      <div className={styles.hours} style={{ height: head }} aria-hidden="true">
        {ticksOf(scale, type * 3.2).map(({ at, instant, minutes }) => {
          const left = at - offset;
          return (
            left >= 0 &&
            left < width - roomWidth && (
              <span key={minutes} style={{ left: roomWidth + left }}>
                {timeOf(instant, zone)}
              </span>
            )
          );
        })}
      </div>
      {rooms.slice(first, first + count).map((room) => {
        const lane = lanes.get(room.id);
        return (
          lane && (
            <WallLane
              key={room.id}
              view={view}
              lane={lane}
              scale={scale}
              offset={offset}
              row={row}
              type={type}
              smallest={smallest}
              roomWidth={roomWidth}
              service={service}
              procedures={procedures}
            />
          )
        );
      })}
      <Now scale={scale} offset={offset} left={roomWidth} top={head} />
    </div>
  );
}

type LaneProps = {
  view: BoardView;
  lane: Lane;
  scale: Scale;
  offset: number;
  row: number;
  type: number;
  smallest: number;
  roomWidth: number;
  service: RoomNames['service'];
  procedures: ReadonlyMap<string, Procedure>;
};

function WallLane(props: LaneProps) {
  const { view, lane, scale, offset, row, type, smallest, roomWidth, service, procedures } = props;
  const { room, closures } = lane;
  const { cases, busy } = useClock(15_000, (now) => layOut(view, lane, now));
  const moment = useClock(15_000, (now) =>
    busy.some(({ busy: { growsFrom } }) => growsFrom !== null) ? new Date(now).toISOString() : '',
  );
  const blocked = useClock(15_000, (now) => blockedIn(view, room.id, now));
  const box = (start: string, end: string) => {
    const { at, length } = spanOf(scale, start, end);
    const left = Math.max(0, at - offset);
    return { left, width: at + length - offset - left };
  };
  return (
    <div role="row" className={styles.lane} style={{ height: row }}>
      <div role="rowheader" className={styles.room} data-service={service} style={{ width: roomWidth }}>
        <b>{room.name}</b> {service !== 'none' && <span>{room.attributes.service}</span>}
      </div>
      <div className={styles.track} role="presentation">
        {closures.map(({ id, start, end, reason }) => (
          <div key={id} role="cell" className={styles.closure} style={box(start, end)}>
            {reason}
          </div>
        ))}
        {cases.map(({ item, start, end, claimed }) => {
          const claim = box(claimed.start, claimed.end);
          const { left, width } = box(start, end);
          const procedure = procedures.get(item.procedureId ?? '');
          return (
            claim.width > 0 && [
              <div key={`${item.id} claim`} aria-hidden="true" className={styles.claim} style={claim} />,
              width > 0 && (
                <WallCard
                  key={item.id}
                  item={item}
                  start={start}
                  end={end}
                  left={left}
                  width={width}
                  row={row}
                  type={type}
                  smallest={smallest}
                  procedure={procedure?.name ?? item.service}
                  shortName={procedure?.shortName ?? null}
                  surgeon={nameIn(view, item.surgeonId)}
                  room={room.name}
                  zone={scale.zone}
                  isBlocked={blocked.split(',').includes(item.id)}
                />
              ),
            ]
          );
        })}
        {busy.map(({ busy: time }) => {
          const { start, end } = busyAt(time, moment);
          return (
            <div key={time.id} role="cell" className={styles.busy} style={box(start, end)}>
              {boardWords.busy}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Now({ scale, offset, left, top }: { scale: Scale; offset: number; left: number; top: number }) {
  const now = useNow(15_000);
  const minutes = (now - scale.origin) / 60_000;
  const at = Math.round(pixelOf(scale, minutes));
  return at < offset || minutes >= scale.minutes ? null : (
    <div aria-hidden="true" className={styles.now} style={{ left: left + at - offset, top }} />
  );
}

const subscribe = (listener: () => void) => {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
};

function useWindowSize() {
  const width = useSyncExternalStore(subscribe, () => window.innerWidth);
  const height = useSyncExternalStore(subscribe, () => window.innerHeight);
  return { width, height };
}

const retryMs = 30_000;

/**
 * Reloads the wall after the server was updated. Waits until the page can be loaded, because otherwise the browser would show
 * its own error page and stay there.
 */
export function useNewPage(reload: () => void) {
  const isOutdated = useStore(connectionStore, ({ connection }) => connection.status === 'outdated');
  useEffect(() => {
    if (!isOutdated) return undefined;
    const check = () =>
      fetch(location.origin, { method: 'HEAD', cache: 'no-store' }).then(
        ({ ok }) => ok && reload(),
        () => {},
      );
    const timer = setInterval(() => void check(), retryMs * (0.75 + Math.random() / 2));
    return () => clearInterval(timer);
  }, [isOutdated, reload]);
}
