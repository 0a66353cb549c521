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

/** The facts of a case, in the order they happen. Each is also the state of the case from then on. */
export const milestone = z.enum(['in_holding', 'in_room', 'incision', 'closed', 'out_of_room', 'completed']);
export type Milestone = z.infer<typeof milestone>;

const planned: readonly CaseState[] = ['scheduled', 'confirmed'];
const underWay: readonly CaseState[] = ['in_holding', 'in_room', 'incision', 'closed', 'out_of_room'];

/** The states in which a case claims its room and everything else it needs. */
export const claimingStates: readonly CaseState[] = ['held', ...planned, ...underWay, 'completed'];
export const isClaiming = (state: CaseState) => claimingStates.includes(state);

/** The states in which the patient is in the room. */
export const isInRoom = (state: CaseState) =>
  state === 'in_room' || state === 'incision' || state === 'closed';

/** The states that take a case off the board. A case in the depot is listed there instead. */
export const offTheBoard: readonly CaseState[] = ['expired', 'released', 'voided'];

/** The states in which the patient is out of the room. */
export const hasLeft = (state: CaseState) => state === 'out_of_room' || state === 'completed';

/** The states in which the patient is or was in the room. */
export const hasBegun = (state: CaseState) => isInRoom(state) || hasLeft(state);

/** The states in which each command is allowed. A milestone is accepted in any state. */
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
 * The state that follows from the facts. Facts may arrive late and out of order: the furthest one counts. A case
 * that is neither booked nor under way (a hold, in the depot, cancelled) keeps its state.
 * `before` is the state before the first fact. The case returns to it when the last fact is withdrawn.
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
