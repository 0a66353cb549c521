import { z } from 'zod';

export const caseState = z.enum([
  'depot',
  'held',
  'scheduled',
  'confirmed',
  'in_holding',
  'in_room',
  'incision',
  'closed',
  'out_of_room',
  'completed',
  'expired',
  'released',
  'cancelled',
  'voided',
]);
export type CaseState = z.infer<typeof caseState>;

/** What really happened, in the order it happens. Each is also the state the case is then in. */
export const milestone = z.enum(['in_holding', 'in_room', 'incision', 'closed', 'out_of_room', 'completed']);
export type Milestone = z.infer<typeof milestone>;

const planned: readonly CaseState[] = ['scheduled', 'confirmed'];
const underWay: readonly CaseState[] = ['in_holding', 'in_room', 'incision', 'closed', 'out_of_room'];

/** The states in which a case claims its room and all else it needs. */
export const claimingStates: readonly CaseState[] = ['held', ...planned, ...underWay, 'completed'];
export const isClaiming = (state: CaseState) => claimingStates.includes(state);

/** The states in which the patient is in the room. */
export const isInRoom = (state: CaseState) =>
  state === 'in_room' || state === 'incision' || state === 'closed';

/** The states that leave the board; a case of the depot stands in the depot instead. */
export const offTheBoard: readonly CaseState[] = ['expired', 'released', 'voided'];

/** The states in which the patient is out of the room. */
export const hasLeft = (state: CaseState) => state === 'out_of_room' || state === 'completed';

/** The states in which the patient is or was in the room. */
export const hasBegun = (state: CaseState) => isInRoom(state) || hasLeft(state);

/** From which states each command may be given. A fact (a milestone) is taken in any state. */
export const allowedFrom = {
  place: ['depot'],
  extend: ['held'],
  takeover: ['held'],
  release: ['held'],
  book: ['held'],
  confirm: ['scheduled'],
  change: ['depot', 'held', ...planned, 'in_holding', 'in_room', 'incision', 'closed'],
  move: ['held', ...planned, 'in_holding'],
  bump: [...planned, 'in_holding'],
  cancel: ['depot', ...planned, 'in_holding'],
  void: ['depot', ...planned, ...underWay, 'completed', 'cancelled'],
} as const satisfies Record<string, readonly CaseState[]>;
export type CaseCommand = keyof typeof allowedFrom;

export const mayFrom = (command: CaseCommand, state: CaseState) =>
  (allowedFrom[command] as readonly CaseState[]).includes(state);

/**
 * The state after the known facts. Facts may arrive late and out of order: the furthest one counts. A case
 * that is not on its way (a hold, the depot, a cancelled one) keeps its state, and the fact is kept beside it.
 * `before` is what it was before anything had happened: it is that again once the last fact is withdrawn.
 */
export function stateAfter(
  state: CaseState,
  facts: Partial<Record<Milestone, string>>,
  before: CaseState = 'scheduled',
): CaseState {
  if (planned.includes(state)) before = state;
  else if (!underWay.includes(state) && state !== 'completed') return state;
  return milestone.options.findLast((fact) => facts[fact] !== undefined) ?? before;
}
