import { busyAt } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { addDays, localDay, overlaps } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import { shownTime } from '../../preview/collisions.ts';
import type { BoardView, Lane } from '../../stores/board.ts';
import { serverInstant } from '../../stores/clock.ts';
import { stateWords } from '../../words/cases.ts';
import { printWords as words } from '../../words/print.ts';

type Row = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly what: string;
  /** Null for a closure or another office's time. */
  readonly item: Case | null;
  readonly state: string;
};
export type RoomList = { readonly room: Resource; readonly rows: readonly Row[] };
export type DayOfLists = {
  readonly date: string;
  readonly rooms: readonly RoomList[];
  readonly without: readonly string[];
};

const stateOf = (item: PlacedCase) =>
  item.state === 'held' && item.holder ? words.heldBy(item.holder.name) : stateWords[item.state];

function rowsOf(view: BoardView, lane: Lane, day: TimeRange, now: string): Row[] {
  const cases = lane.cases.flatMap((item): Row[] => {
    const shown = shownTime(view, item, Date.parse(now), day);
    const what = item.title ?? words.untitled;
    return shown ? [{ id: item.id, ...shown, what, item, state: stateOf(item) }] : [];
  });
  const others: Row[] = [
    ...lane.busy.map((busy) => ({
      id: busy.id,
      ...busyAt(busy, now),
      what: words.busy,
      item: null,
      state: '',
    })),
    ...lane.closures.map(({ id, start, end, reason }) => ({
      id,
      start,
      end,
      what: words.closed(reason),
      item: null,
      state: '',
    })),
  ];
  return [...cases, ...others.filter((row) => overlaps(row, day))].toSorted((a, b) =>
    a.start < b.start ? -1 : 1,
  );
}

/** Returns the printed lists of a board: for each day the rooms with cases, and the names of the other rooms. */
export function listsOf(view: BoardView): DayOfLists[] {
  const { board, date, days, rooms, lanes } = view;
  const now = serverInstant();
  return Array.from({ length: days }, (_none, nth) => {
    const on = addDays(date, nth);
    const day = localDay(on, board.site.timeZone);
    const all = rooms.map((room) => {
      const lane = lanes.get(room.id);
      return { room, rows: lane ? rowsOf(view, lane, day, now) : [] };
    });
    return {
      date: on,
      rooms: all.filter(({ rows }) => rows.length > 0),
      without: all.filter(({ rows }) => rows.length === 0).map(({ room }) => room.name),
    };
  });
}
