import { hasBegun, hasLeft } from './case-state.ts';
import type { CaseState, Milestone } from './case-state.ts';
import { addMinutes, minutesBetween } from './time.ts';
import type { TimeRange } from './time.ts';

// When a case really happens, where that is known, and when it is planned, where it is not. Whoever draws, counts or
// claims a case asks here; `stay_under_way.sql` says the same to the checks that run under the locks.

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

/** Since when the patient is or was in the room; null: not yet. */
export function beganAt({ state, start, milestones }: Known): string | null {
  if (!hasBegun(state)) return null;
  const { in_room: wheeledIn, incision, closed } = milestones;
  return wheeledIn ?? earliest(start, incision, closed) ?? start;
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
    if (item.state === 'closed' && closed !== undefined) end = addMinutes(closed, leavingMinutes);
    if (now > end && now < addMinutes(start, believedMinutes)) end = now;
  }
  return end > start ? { start, end } : null;
}

/** The same, as things stand: what should have begun by now is expected to begin now, and takes as long as planned. */
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
