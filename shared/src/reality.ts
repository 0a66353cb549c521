import { hasBegun, hasLeft, isInRoom } from './case-state.ts';
import type { CaseState, Milestone } from './case-state.ts';
import { addMinutes, minutesBetween, overlaps } from './time.ts';
import type { TimeRange } from './time.ts';

// The actual times of a case where they are known, and the planned times where they are not. All code that draws, counts
// or claims a case uses these functions. The database stores `happensAt` of each case in the column `happens`.

const due: readonly CaseState[] = ['scheduled', 'confirmed', 'in_holding'];

type CaseTimes = TimeRange & {
  readonly state: CaseState;
  readonly milestones: Partial<Record<Milestone, string | undefined>>;
};

/** The usual time from closing to patient out. */
export const leavingMinutes = 10;
/** A case in the room without an end counts as going on for at most this time. */
export const longestStay = 24 * 60;
/** A case that has not begun counts as late for at most this time. */
const longestDelay = 4 * 60;
/** A case that waits for others is expected at most this long after its plan. */
export const longestWait = 12 * 60;

const earliest = (...times: (string | undefined)[]) =>
  times.reduce<string | undefined>(
    (first, at) => (at !== undefined && !(first && first < at) ? at : first),
    undefined,
  );

/**
 * Returns the time at which the patient entered the room; null before that. Without `in_room` it is the planned start,
 * unless the first fact is earlier, or a day later.
 */
export function beganAt({ state, start, milestones }: CaseTimes): string | null {
  if (!hasBegun(state)) return null;
  const { in_room: wheeledIn, incision, closed, out_of_room: leftAt, completed } = milestones;
  if (wheeledIn !== undefined) return wheeledIn;
  const first = earliest(incision, closed) ?? earliest(leftAt, completed) ?? start;
  return start <= first && first < addMinutes(start, longestStay) ? start : first;
}

/**
 * From patient in to patient out, actual times before planned ones. Null if the patient was out before the start. With
 * `now`, a patient in the room does not leave before then.
 */
export function stayOf(item: CaseTimes, now = ''): TimeRange | null {
  const start = beganAt(item);
  if (start === null) return { start: item.start, end: item.end };
  const { out_of_room: leftAt, closed, completed } = item.milestones;
  const planned = addMinutes(start, minutesBetween(item.start, item.end));
  let end = planned;
  if (hasLeft(item.state)) end = leftAt ?? earliest(planned, completed) ?? planned;
  else {
    const leaves = item.state === 'closed' && closed !== undefined ? addMinutes(closed, leavingMinutes) : '';
    if (leaves > start) end = leaves;
    if (now > end && now < addMinutes(start, longestStay)) end = now;
  }
  return end > start ? { start, end } : null;
}

/** When a case happens, independent of the current time. As planned if the patient was out before the start. */
export const happensAt = (item: CaseTimes): TimeRange => stayOf(item) ?? { start: item.start, end: item.end };

/**
 * When a case may happen, independent of the current time: up to a day while the patient is in the room, and before that as
 * late as a case may be expected.
 */
export function mayHappenAt(item: CaseTimes): TimeRange {
  const { start, end } = happensAt(item);
  if (due.includes(item.state)) return { start, end: addMinutes(end, longestWait) };
  if (!isInRoom(item.state)) return { start, end };
  const latest = addMinutes(start, longestStay);
  return { start, end: latest > end ? latest : end };
}

/** When a case is expected to happen. A late case is expected to start now and to take its planned length. */
export function expectedAt(item: CaseTimes, now: string): TimeRange {
  const late = delayOf(item, now);
  if (late > 0) return { start: now, end: addMinutes(item.end, late) };
  return stayOf(item, now) ?? { start: item.start, end: item.end };
}

/**
 * When a case is shown on these days: as it takes place, or else where it is expected. Null: it is not on them. Board,
 * list, print, figures and palette all use this. With `now`, a patient in the room does not leave before then.
 */
export function shownIn(
  days: TimeRange,
  item: CaseTimes,
  expected: () => TimeRange,
  now?: string,
): TimeRange | null {
  const stay = stayOf(item, now) ?? { start: item.start, end: item.end };
  if (overlaps(stay, days)) return stay;
  const later = expected();
  return overlaps(later, days) ? later : null;
}

/** The minutes since the planned start of a case that has not begun. */
export function delayOf({ state, start }: CaseTimes, now: string): number {
  if (!due.includes(state) || now <= start) return 0;
  const minutes = minutesBetween(start, now);
  return minutes < longestDelay ? minutes : 0;
}
