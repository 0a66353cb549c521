import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { happensAt } from '@slate/shared/reality';
import type { Resource } from '@slate/shared/resources';
import { addMinutes, instantOf, localDateOf, minutesBetween, overlaps, weekdayOf } from '@slate/shared/time';
import { Temporal } from 'temporal-polyfill';
import type { BoardView, Lane } from '../stores/board.ts';
import { onStep } from '../stores/clock.ts';
import type { Cursor } from '../stores/cursor.ts';
import { ceilToStep, freeFrom, stepMinutes, takenIn, usualTurnover } from './free-time.ts';
import { layOut } from './lane-layout.ts';

/** A cursor with a place. All moves are pure: they take a board and a cursor, and return a new cursor. */
export type Spot = Cursor & { roomId: string; at: string };

export const hasPlace = (cursor: Cursor): cursor is Spot => cursor.roomId !== null && cursor.at !== null;

const laneOf = (view: BoardView, roomId: string): Lane | undefined => view.lanes.get(roomId);
/** Returns the cases that are drawn in a room, by the time they take place. A running case may reach the next day later. */
function casesIn(view: BoardView, roomId: string): readonly PlacedCase[] {
  const lane = laneOf(view, roomId);
  const drawn = lane ? layOut(view, lane, onStep(15_000)).cases : [];
  return drawn.filter((each) => overlaps(each, view.board.range)).map(({ item }) => item);
}

function distance(item: PlacedCase, at: string) {
  const { start, end } = happensAt(item);
  return at < start ? minutesBetween(at, start) : at < end ? 0 : minutesBetween(end, at);
}

/** Returns the case nearest to that time in the room; if two are equally near, the earlier one. */
export function nearestCase(view: BoardView, roomId: string, at: string): PlacedCase | null {
  let best: PlacedCase | null = null;
  for (const item of casesIn(view, roomId)) {
    if (!best || distance(item, at) < distance(best, at)) best = item;
  }
  return best;
}

export const spotOnCase = (item: PlacedCase): Spot => ({
  mode: 'case',
  caseId: item.id,
  roomId: item.roomId,
  at: happensAt(item).start,
  minutes: null,
});

/** Returns the first place of the cursor: the selected case, or a case near now. */
export function firstSpot(view: BoardView, selected: PlacedCase | null, now: string): Spot | null {
  if (selected && view.lanes.has(selected.roomId)) return spotOnCase(selected);
  const { start, end } = view.board.range;
  const at = now > start && now < end ? now : start;
  const roomId = view.rooms.find(({ id }) => casesIn(view, id).length > 0)?.id ?? view.rooms[0]?.id;
  if (roomId === undefined) return null;
  const item = nearestCase(view, roomId, at);
  return item ? spotOnCase(item) : { mode: 'case', caseId: null, roomId, at, minutes: null };
}

/** Moves to the next or previous case in the room. */
export function toNextCase(view: BoardView, from: Spot, by: 1 | -1): Spot {
  const cases = casesIn(view, from.roomId);
  const here = cases.findIndex(({ id }) => id === from.caseId);
  const next =
    here >= 0
      ? cases[here + by]
      : by > 0
        ? cases.find((item) => happensAt(item).start >= from.at)
        : cases.findLast((item) => happensAt(item).start < from.at);
  return next ? spotOnCase(next) : from;
}

/** Moves `by` rooms at the same time: to the nearest case, or to the empty room. */
export function acrossRooms(view: BoardView, from: Spot, by: number): Spot {
  const here = view.rooms.findIndex(({ id }) => id === from.roomId);
  const to = view.rooms[Math.min(view.rooms.length - 1, Math.max(0, here + by))];
  if (!to || to.id === from.roomId) return from;
  if (from.mode === 'free') return { ...from, roomId: to.id };
  return { ...from, roomId: to.id, caseId: nearestCase(view, to.id, from.at)?.id ?? null };
}

export function toEdgeOfDay(view: BoardView, from: Spot, edge: 'start' | 'end'): Spot {
  const day = localDateOf(from.at, view.board.site.timeZone);
  if (from.mode === 'free') {
    const room = view.rooms.find(({ id }) => id === from.roomId);
    const { open, close } = room ? hoursOf(view, room, day) : dayOf(view, day);
    return { ...from, at: edge === 'start' ? open : addMinutes(close, -(from.minutes ?? stepMinutes)) };
  }
  const { timeZone } = view.board.site;
  const ofDay = casesIn(view, from.roomId).filter(
    (item) => localDateOf(happensAt(item).start, timeZone) === day,
  );
  const item = edge === 'start' ? ofDay[0] : ofDay.at(-1);
  return item ? spotOnCase(item) : from;
}

const dayOf = (view: BoardView, day: string) => {
  const { timeZone } = view.board.site;
  return { open: instantOf(day, '00:00', timeZone), close: instantOf(day, '24:00', timeZone) };
};

/** Returns the room's opening hours on that day; all day if it has none. */
function hoursOf(view: BoardView, room: Resource, day: string) {
  const { timeZone } = view.board.site;
  const hours = room.attributes.hours?.filter(({ days }) => days.includes(weekdayOf(day))) ?? [];
  const open = hours.map((each) => each.open).toSorted()[0];
  const close = hours
    .map((each) => each.close)
    .toSorted()
    .at(-1);
  if (open === undefined || close === undefined) return dayOf(view, day);
  return { open: instantOf(day, open, timeZone), close: instantOf(day, close, timeZone) };
}

/** Moves along free time within the shown days. */
export function alongFreeTime(view: BoardView, from: Spot, minutes: number): Spot {
  const { start, end } = view.board.range;
  const length = from.minutes ?? stepMinutes;
  const to = addMinutes(from.at, minutes);
  const last = addMinutes(end, -length);
  return { ...from, at: to < start ? start : to > last ? last : to };
}

/** Moves to the next start or end of a gap in the room. */
export function toNextEdge(view: BoardView, from: Spot, by: 1 | -1): Spot {
  const lane = laneOf(view, from.roomId);
  const { start, end } = view.board.range;
  const taken = lane ? takenIn(view, lane).flatMap((each) => [each.start, each.end]) : [];
  const edges = [start, ...taken.map((each) => ceilToStep(each)), end].filter(
    (at) => at >= start && at <= end,
  );
  const to = by > 0 ? edges.find((at) => at > from.at) : edges.findLast((at) => at < from.at);
  return to === undefined ? from : alongFreeTime(view, from, minutesBetween(from.at, to));
}

const maxMinutes = 24 * 60;

/** Makes the marked free time longer or shorter. */
export function resizeMark(view: BoardView, from: Spot, by: number, usual: number): Spot {
  const room = minutesBetween(from.at, view.board.range.end);
  const minutes = Math.min(maxMinutes, room, Math.max(stepMinutes, (from.minutes ?? usual) + by));
  return { ...from, minutes };
}

/** Switches from a case to the free time after it, or from free time to the nearest case. */
export function switchMode(view: BoardView, from: Spot): Spot {
  if (from.mode === 'free') {
    const item = nearestCase(view, from.roomId, from.at);
    return { ...from, mode: 'case', minutes: null, caseId: item?.id ?? null };
  }
  const lane = laneOf(view, from.roomId);
  const item = lane?.cases.find(({ id }) => id === from.caseId);
  const after = ceilToStep(item ? happensAt(item).end : from.at);
  const taken = lane ? takenIn(view, lane) : [];
  const free = freeFrom(taken, after);
  // A hold after a case needs its setup time first.
  const { setupMinutes } = usualTurnover(view, from.roomId);
  const ready = item ? ceilToStep(addMinutes(free, setupMinutes)) : free;
  const at = freeFrom(taken, ready) === ready ? ready : free;
  return { ...from, mode: 'free', caseId: null, at: at < view.board.range.end ? at : after };
}

/**
 * Returns the cursor after a change of the board. It follows a case that this person moved, and stays in place if somebody
 * else moved or removed the case. On another day it keeps the time of day.
 */
export function cursorAfterChange(
  before: BoardView,
  view: BoardView,
  from: Cursor,
  isMine: (caseId: string) => boolean,
): Cursor {
  if (!hasPlace(from)) return from;
  if (!view.lanes.has(from.roomId)) {
    const room = view.rooms[0];
    return room
      ? { ...from, caseId: null, roomId: room.id }
      : { ...from, caseId: null, roomId: null, at: null };
  }
  const { start, end } = view.board.range;
  // A case that runs into the day began before it.
  const isDrawn = casesIn(view, from.roomId).some(({ id }) => id === from.caseId);
  if ((from.at < start || from.at >= end) && !isDrawn) return onDayOf(view, from);
  const arrived = casePlacedHere(before, view, from, isMine);
  if (arrived) return spotOnCase(arrived);
  if (from.caseId === null) return from;
  const item = view.cases.get(from.caseId);
  const itemBefore = before.cases.get(from.caseId);
  // The reply to a new hold may be ahead of the board.
  const isUnderCursor = !item || (item.roomId === from.roomId && item.start === from.at);
  if (!itemBefore && isUnderCursor) return from;
  if (!item || !isPlaced(item) || !casesIn(view, item.roomId).includes(item))
    return { ...from, caseId: null };
  if (itemBefore && itemBefore.roomId === item.roomId && itemBefore.start === item.start) return from;
  if (isMine(item.id)) return spotOnCase(item);
  // The case was moved but is still under the cursor.
  const isHere =
    item.roomId === from.roomId && itemBefore && isPlaced(itemBefore) && overlaps(itemBefore, item);
  return isHere ? from : { ...from, caseId: null };
}

/** Finds a case that this person placed at the cursor, from another day or from the depot. */
const casePlacedHere = (
  before: BoardView,
  view: BoardView,
  from: Spot,
  isMine: (caseId: string) => boolean,
) =>
  casesIn(view, from.roomId).find(
    (item) =>
      item.id !== from.caseId &&
      item.start === from.at &&
      before.cases.get(item.id)?.start !== item.start &&
      isMine(item.id),
  );

function onDayOf(view: BoardView, from: Spot): Spot {
  const { timeZone } = view.board.site;
  const time = Temporal.Instant.from(from.at).toZonedDateTimeISO(timeZone).toPlainTime();
  const at = instantOf(view.date, time.toString({ smallestUnit: 'minute' }), timeZone);
  if (from.mode === 'free') return { ...from, at };
  const item = nearestCase(view, from.roomId, at);
  return item ? { ...spotOnCase(item), at } : { ...from, at, caseId: null };
}
