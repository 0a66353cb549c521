import { isPlaced } from './cases.ts';
import type { Case, PlacedCase } from './cases.ts';
import type { Resource } from './resources.ts';
import { shownIn } from './reality.ts';
import type { Closure, Site } from './sites.ts';
import { localDay, minutesBetween } from './time.ts';
import type { TimeRange } from './time.ts';
import { closedHours } from './opening-hours.ts';
import { commonMinutes, union, without } from './spans.ts';
import type { Span } from './spans.ts';

// `words/figures.ts` explains each figure to the user and must match what is computed here.

/** How late the patient of a first case may be and still count as on time. */
export const graceMinutes = 5;
/** A longer gap between two patients is not a turnover: the room was empty. */
export const longestTurnover = 90;

/** Cases with the same code; without a code, with the same text. */
export type CountedReason = { code: string | null; text: string | null; count: number };

type FirstCase = { item: PlacedCase; isOnTime: boolean | null; minutesLate: number };

export type RoomFigures = {
  room: Resource;
  /** Null for a room that is open around the clock: it has no start, end or share. */
  openMinutes: number | null;
  caseCount: number;
  inRoomMinutes: number;
  withTurnoverMinutes: number;
  firstCase: FirstCase | null;
  turnovers: number[];
};

export type Figures = {
  rooms: RoomFigures[];
  /** Shares of the open time of all rooms; null if none is open. */
  primeTime: number | null;
  adjusted: number | null;
  firstCases: { onTime: number; counted: number };
  turnover: { median: number | null; count: number };
  cancelled: { count: number; of: number; reasons: CountedReason[] };
  /** Why cases were delayed, and why they were placed against a rule. */
  delays: CountedReason[];
  overrides: CountedReason[];
  holds: number;
};

/** A room with its claims. */
type Lane = {
  readonly room: Resource;
  readonly cases: readonly PlacedCase[];
  readonly closures: readonly Closure[];
};
type Board = { readonly site: Pick<Site, 'timeZone'>; readonly cases: readonly Case[] };
type Days = {
  readonly board: Board;
  readonly rooms: readonly Resource[];
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly date: string;
};

/**
 * Computes the figures of the first of these days, from its cases, at an instant of the server's clock. A case over midnight
 * counts on both days, each with its own minutes.
 */
export function figuresOfDay(
  { board, lanes, rooms, date }: Days,
  now: number,
  expectedOf: (item: PlacedCase) => TimeRange,
): Figures {
  const zone = board.site.timeZone;
  const day = localDay(date, zone);
  const moment = new Date(now).toISOString();
  const shownOf = (item: PlacedCase) => shownIn(day, item, () => expectedOf(item), moment);

  const dayMs = { start: Date.parse(day.start), end: Date.parse(day.end) };
  const ofRooms = rooms.flatMap((room) => {
    const lane = lanes.get(room.id);
    return lane ? [figuresOfLane(lane, { date, zone, day: dayMs, now, shownOf })] : [];
  });

  const measured = ofRooms.filter(({ openMinutes }) => openMinutes !== null);
  const total = (of: (each: RoomFigures) => number) => measured.reduce((sum, each) => sum + of(each), 0);
  const open = total((each) => each.openMinutes ?? 0);
  const share = (minutes: number) => (open > 0 ? minutes / open : null);
  const firsts = ofRooms.flatMap(({ firstCase }) => firstCase ?? []).filter((each) => each.isOnTime !== null);
  const turnovers = ofRooms.flatMap((each) => each.turnovers);
  const placed = board.cases.filter(isPlaced).filter(shownOf);
  const cancelled = placed.filter(({ state }) => state === 'cancelled');

  return {
    rooms: ofRooms,
    primeTime: share(total((each) => each.inRoomMinutes)),
    adjusted: share(total((each) => each.withTurnoverMinutes)),
    firstCases: { onTime: firsts.filter((each) => each.isOnTime).length, counted: firsts.length },
    turnover: { median: median(turnovers), count: turnovers.length },
    cancelled: {
      count: cancelled.length,
      of: cancelled.length + ofRooms.reduce((sum, each) => sum + each.caseCount, 0),
      reasons: countReasons(cancelled.map(({ reason, reasonCode }) => ({ text: reason, code: reasonCode }))),
    },
    delays: countReasons(
      placed.flatMap(({ delayReason: text, delayReasonCode: code }) => (text === null ? [] : { text, code })),
    ),
    overrides: countReasons(
      placed.flatMap(({ overrideReason: text, overrideReasonCode: code }) =>
        text === null ? [] : { text, code },
      ),
    ),
    holds: placed.filter((item) => item.state === 'held' && Date.parse(item.expiresAt ?? item.end) > now)
      .length,
  };
}

type DayContext = {
  date: string;
  zone: string;
  day: Span;
  now: number;
  shownOf: (item: PlacedCase) => TimeRange | null;
};
/** A case, and when the patient was, is or will be in the room. */
type Shown = { item: PlacedCase; stay: Span };

// A lane stays the same object until something in its room changes, so a change on the board recounts one room only, and
// the rooms of cases that it delays into the day.
const countedLanes = new WeakMap<Lane, { date: string; now: number; times: string; figures: RoomFigures }>();

function figuresOfLane(lane: Lane, context: DayContext): RoomFigures {
  const { date, day, now, shownOf } = context;
  const shown = lane.cases.flatMap((item) => {
    const time = item.state === 'held' ? null : shownOf(item);
    return time ? [{ item, time }] : [];
  });
  const times = shown.map(({ time }) => `${time.start} ${time.end}`).join();
  const before = countedLanes.get(lane);
  if (before?.date === date && before.now === now && before.times === times) return before.figures;
  const booked = shown.map(({ item, time }) => ({ item, stay: spanOf(time) }));
  const figures = figuresOfRoom(lane.room, { open: openSpans(lane, context), day, now }, booked);
  countedLanes.set(lane, { date, now, times, figures });
  return figures;
}

function figuresOfRoom(
  room: Resource,
  { open, day, now }: { open: readonly Span[] | null; day: Span; now: number },
  booked: readonly Shown[],
): RoomFigures {
  const stays = booked.map(({ stay }) => stay);
  const around = booked.map(({ item, stay }) => ({
    start: stay.start - item.setupMinutes * 60_000,
    end: stay.end + item.cleanupMinutes * 60_000,
  }));
  const cases = booked.map(({ item }) => item);
  // The first as planned; a case that was planned for the night is not a first case.
  const first = cases
    .filter(({ start }) => open?.some((span) => includes(span, Date.parse(start))))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1))[0];
  return {
    room,
    openMinutes: open && commonMinutes(open, open),
    caseCount: cases.length,
    inRoomMinutes: commonMinutes(open ?? [day], union(stays)),
    withTurnoverMinutes: commonMinutes(open ?? [day], union(around)),
    firstCase: first ? firstCaseOf(first, now) : null,
    turnovers: turnoversOf(cases),
  };
}
const includes = ({ start, end }: Span, at: number) => start <= at && at < end;
const spanOf = ({ start, end }: TimeRange): Span => ({ start: Date.parse(start), end: Date.parse(end) });

/** Opening hours without closures; null if the room is open around the clock. */
function openSpans({ room, closures }: Lane, { date, zone, day }: DayContext): Span[] | null {
  const closed = closedHours(room, date, 1, zone);
  return closed.length === 0 ? null : without(day, [...closed, ...closures].map(spanOf));
}

function firstCaseOf(item: PlacedCase, now: number): FirstCase {
  const latest = Date.parse(item.start) + graceMinutes * 60_000;
  const began = item.milestones.in_room;
  if (began === undefined) {
    const isDue = now > latest;
    return { item, isOnTime: isDue ? false : null, minutesLate: isDue ? lateBy(item, now) : 0 };
  }
  const at = Date.parse(began);
  return { item, isOnTime: at <= latest, minutesLate: Math.max(0, lateBy(item, at)) };
}
const lateBy = (item: PlacedCase, at: number) => Math.floor((at - Date.parse(item.start)) / 60_000);

function turnoversOf(cases: readonly PlacedCase[]): number[] {
  const begun = cases
    .filter(({ milestones }) => milestones.in_room !== undefined)
    .toSorted((a, b) => Date.parse(a.milestones.in_room ?? '') - Date.parse(b.milestones.in_room ?? ''));
  return begun.flatMap((item, index) => {
    const leftAt = begun[index - 1]?.milestones.out_of_room;
    const began = item.milestones.in_room;
    if (leftAt === undefined || began === undefined) return [];
    const minutes = minutesBetween(leftAt, began);
    return minutes >= 0 && minutes <= longestTurnover ? [minutes] : [];
  });
}

function countReasons(given: readonly Omit<CountedReason, 'count'>[]): CountedReason[] {
  const groups = Map.groupBy(given, ({ code, text }) => (code === null ? `text ${text}` : `code ${code}`));
  return [...groups.values()]
    .flatMap((all) => {
      const [first] = all;
      if (!first) return [];
      return { code: first.code, text: first.code === null ? first.text : null, count: all.length };
    })
    .toSorted((a, b) => b.count - a.count || keyOf(a).localeCompare(keyOf(b)));
}
const keyOf = ({ code, text }: CountedReason) => code ?? text ?? '';

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
