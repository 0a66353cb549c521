import { hasLeft, isInRoom } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import { delayOf, stayOf } from '@slate/shared/reality';
import styles from './case-look.module.css';

/** The looks of a case. They depend on its state and the time. */
export const looks = [
  'hold',
  'booked',
  'confirmed',
  'late',
  'ready',
  'in-room',
  'overrun',
  'conflict',
  'turnover',
  'done',
  'depot',
  'off',
] as const;
export type Look = (typeof looks)[number];

/** A glyph for each look, because color alone must never show a state. */
export const glyphs: Record<Look, string> = {
  hold: '◔',
  booked: '○',
  confirmed: '◎',
  late: '◷',
  ready: '◐',
  'in-room': '●',
  overrun: '▲',
  conflict: '✕',
  turnover: '⟳',
  done: '✓',
  depot: '□',
  off: '–',
};

/** Returns the class that sets `--fill`, `--edge` and `--ink`. */
export const lookClass = (look: Look) => styles[look] ?? '';

type LookInput = Pick<Case, 'state' | 'start' | 'end' | 'cleanupMinutes' | 'milestones'>;

/** Returns the look of a case at a time, in milliseconds of the server's clock. */
export function lookOf(item: LookInput, now: number): Look {
  const { state, start, end, cleanupMinutes, milestones } = item;
  const isOverTime = () => start !== null && end !== null && isOver({ state, start, end, milestones }, now);
  const isLate = () =>
    start !== null &&
    end !== null &&
    delayOf({ state, start, end, milestones }, new Date(now).toISOString()) > 0;
  if (state === 'depot') return 'depot';
  if (state === 'held') return 'hold';
  if (state === 'scheduled' || state === 'confirmed' || state === 'in_holding') {
    if (isLate()) return 'late';
    return state === 'scheduled' ? 'booked' : state === 'confirmed' ? 'confirmed' : 'ready';
  }
  if (state === 'out_of_room' && milestones.out_of_room !== undefined) {
    return now < Date.parse(milestones.out_of_room) + cleanupMinutes * 60_000 ? 'turnover' : 'done';
  }
  if (hasLeft(state)) return 'done';
  if (isInRoom(state)) return isOverTime() ? 'overrun' : 'in-room';
  return 'off';
}

/** Whether a case is past its planned end, or past its own length if it started early. */
function isOver(item: Parameters<typeof stayOf>[0], now: number): boolean {
  const own = stayOf(item)?.end ?? item.end;
  return now >= Date.parse(own < item.end ? own : item.end);
}
