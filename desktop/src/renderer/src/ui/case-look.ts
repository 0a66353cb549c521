import { hasLeft } from '@slate/shared/case-state';
import type { CaseState } from '@slate/shared/case-state';
import styles from './case-look.module.css';

/** How a case looks: what it says of itself, and what the clock says of it. */
export const looks = [
  'hold',
  'booked',
  'confirmed',
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

/** A shape for each, beside its colour: none of them is needed to know a state. */
export const glyphs: Record<Look, string> = {
  hold: '◔',
  booked: '○',
  confirmed: '◎',
  ready: '◐',
  'in-room': '●',
  overrun: '▲',
  conflict: '✕',
  turnover: '⟳',
  done: '✓',
  depot: '□',
  off: '–',
};

/** Gives what it stands on `--fill`, `--edge` and `--ink`. */
export const lookClass = (look: Look) => styles[look] ?? '';

type Looked = {
  state: CaseState;
  end: string | null;
  cleanupMinutes: number;
  milestones: { out_of_room?: string | undefined };
};

/** The look at a moment, in milliseconds of the server's clock. */
export function lookOf({ state, end, cleanupMinutes, milestones }: Looked, now: number): Look {
  if (state === 'depot') return 'depot';
  if (state === 'held') return 'hold';
  if (state === 'scheduled') return 'booked';
  if (state === 'confirmed') return 'confirmed';
  if (state === 'in_holding') return 'ready';
  if (state === 'out_of_room' && milestones.out_of_room !== undefined) {
    return now < Date.parse(milestones.out_of_room) + cleanupMinutes * 60_000 ? 'turnover' : 'done';
  }
  if (hasLeft(state)) return 'done';
  if (isInRoom(state)) return end !== null && now >= Date.parse(end) ? 'overrun' : 'in-room';
  return 'off';
}

export const isInRoom = (state: CaseState) =>
  state === 'in_room' || state === 'incision' || state === 'closed';
