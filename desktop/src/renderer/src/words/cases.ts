import type { CaseCause } from '@slate/shared/changes';
import type { Case } from '@slate/shared/cases';
import type { CaseState, Milestone } from '@slate/shared/case-state';
import type { Resource } from '@slate/shared/resources';

/** Returns `C-20418`. */
export const numberOf = ({ number }: Pick<Case, 'number'>) => `C-${number}`;

/** Returns the name of a case in a sentence: its title, or its number if it has none. */
export const nameOfCase = ({ title, number }: Pick<Case, 'title' | 'number'>) =>
  title ?? numberOf({ number });

/** Returns `Total knee (Main OR 4 09:30)`, to distinguish cases with the same title. */
export const nameWithPlace = (name: string, by: string) => `${name} (${by})`;

/** Returns the label of a surgeon in a list. */
export const surgeonChoice = ({ name, attributes: { service } }: Resource) =>
  service === undefined ? name : `${name} · ${service}`;

/** Shown instead of a missing title. */
export const untitled = 'No procedure yet';

/** Returns `2 × C-arm`; for one unit, only the name. */
export const unitsOf = (quantity: number, name: string) => (quantity === 1 ? name : `${quantity} × ${name}`);

/** Returns each item with its quantity. */
export const equipmentOf = (needs: Case['equipment'], nameOf: (resourceId: string) => string): string[] =>
  needs.map(({ quantity, resourceId }) => unitsOf(quantity, nameOf(resourceId)));

/** Returns `PACU, 2 nights`. */
export const bedFor = (name: string, nights: number) =>
  `${name}, ${nights} ${nights === 1 ? 'night' : 'nights'}`;

export const busy = 'Busy';
export const closedFor = (reason: string) => `Closed: ${reason}`;
export const noCases = 'No cases on this day.';

/** States within a sentence: "the case is … now". */
export const stateWords: Record<CaseState, string> = {
  depot: 'in the depot',
  held: 'held',
  scheduled: 'booked',
  confirmed: 'confirmed',
  in_holding: 'ready, in holding',
  in_room: 'in the room',
  incision: 'under way',
  closed: 'closing',
  out_of_room: 'out of the room',
  completed: 'completed',
  expired: 'expired',
  released: 'released',
  cancelled: 'cancelled',
  voided: 'voided',
};

export const milestoneWords: Record<Milestone, string> = {
  in_holding: 'Patient in holding',
  in_room: 'Patient in room',
  incision: 'Incision',
  closed: 'Closed',
  out_of_room: 'Patient out of room',
  completed: 'Completed',
};

export const urgencyWords: Record<Case['urgency'], string> = {
  immediate: 'Immediate',
  urgent: 'Urgent, within 24 h',
  expedited: 'Expedited',
  elective: 'Elective',
};

/** Changes to a case, as the history lists them. */
export const causeWords: Record<CaseCause, string> = {
  added: 'Added to the depot',
  held: 'Hold placed',
  changed: 'Changed',
  extended: 'Hold extended',
  taken_over: 'Hold taken over',
  booked: 'Booked',
  confirmed: 'Confirmed',
  released: 'Hold released',
  expired: 'Hold expired',
  cancelled: 'Cancelled',
  moved: 'Moved',
  bumped: 'Bumped to the depot',
  voided: 'Voided: entered in error',
  milestone: 'Recorded',
};

/** The names of a case’s fields in forms and comparisons. */
export const fieldWords = {
  roomId: 'Room',
  start: 'Start',
  minutes: 'Length',
  procedureId: 'Procedure',
  title: 'Title',
  surgeonId: 'Surgeon',
  service: 'Service',
  patientRef: 'Patient reference',
  equipment: 'Equipment',
  bed: 'Recovery bed',
  setupMinutes: 'Setup',
  cleanupMinutes: 'Cleanup',
  urgency: 'Urgency',
  dueBy: 'Due by',
  note: 'Note',
  state: 'State',
} as const;
export type CaseField = keyof typeof fieldWords;
