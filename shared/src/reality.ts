import { hasBegun, hasLeft, isInRoom } from './case-state.ts';
import type { CaseState, Milestone } from './case-state.ts';
import { addMinutes, minutesBetween } from './time.ts';
import type { TimeRange } from './time.ts';

// When a case really happens, where that is known, and when it is planned, where it is not. Everything that draws, counts
// or claims a case asks here. The database keeps `happensAt` of each case in the column `happens`.

type Known = TimeRange & {
  readonly state: CaseState;
  readonly milestones: Partial<Record<Milestone, string | undefined>>;
};

/** From the closing until the patient is usually out of the room. */
export const leavingMinutes = 10;
/** Nobody has ended it for so long: then it is not believed that it still goes on. */
const believedMinutes = 24 * 60;
/** Nobody has begun it for so long: then it is not believed that it is merely late. */
const longestDelay = 4 * 60;

const earliest = (...times: (string | undefined)[]) =>
  times.reduce<string | undefined>(
    (first, at) => (at !== undefined && !(first && first < at) ? at : first),
    undefined,
  );

/**
 * Since when the patient is or was in the room; null: not yet. Without wheels-in it is the planned start, unless the first
 * fact is earlier, or a day later.
 */
export function beganAt({ state, start, milestones }: Known): string | null {
  if (!hasBegun(state)) return null;
  const { in_room: wheeledIn, incision, closed, out_of_room: left, completed } = milestones;
  if (wheeledIn !== undefined) return wheeledIn;
  const first = earliest(incision, closed) ?? earliest(left, completed) ?? start;
  return start <= first && first < addMinutes(start, believedMinutes) ? start : first;
}

/**
 * From patient in to patient out: as it happened, then as it was planned. Null: out before it began. With `now`, who
 * is still in the room does not leave before that.
 */
export function stayOf(item: Known, now = ''): TimeRange | null {
  const start = beganAt(item);
  if (start === null) return { start: item.start, end: item.end };
  const { out_of_room: left, closed, completed } = item.milestones;
  const planned = addMinutes(start, minutesBetween(item.start, item.end));
  let end = planned;
  if (hasLeft(item.state)) end = left ?? earliest(planned, completed) ?? planned;
  else {
    const leaves = item.state === 'closed' && closed !== undefined ? addMinutes(closed, leavingMinutes) : '';
    if (leaves > start) end = leaves;
    if (now > end && now < addMinutes(start, believedMinutes)) end = now;
  }
  return end > start ? { start, end } : null;
}

/** When a case happens, whatever the time is now. Out of the room before it began: as planned. */
export const happensAt = (item: Known): TimeRange => stayOf(item) ?? { start: item.start, end: item.end };

/** All the time in which it may happen, whatever the time is now: while the patient is in the room, up to a day. */
export function mayHappenAt(item: Known): TimeRange {
  const { start, end } = happensAt(item);
  if (!isInRoom(item.state)) return { start, end };
  const latest = addMinutes(start, believedMinutes);
  return { start, end: latest > end ? latest : end };
}

/** When it is expected to happen, as things stand: what should have begun by now is expected to begin now, and takes as long as planned. */
export function expectedAt(item: Known, now: string): TimeRange {
  const late = delayOf(item, now);
  if (late > 0) return { start: now, end: addMinutes(item.end, late) };
  return stayOf(item, now) ?? { start: item.start, end: item.end };
}

const due: readonly CaseState[] = ['scheduled', 'confirmed', 'in_holding'];

/** For how many minutes a case has been due to begin. */
export function delayOf({ state, start }: Known, now: string): number {
  if (!due.includes(state) || now <= start) return 0;
  const minutes = minutesBetween(start, now);
  return minutes < longestDelay ? minutes : 0;
}
