import { urgency } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';

type Waiting = Pick<Case, 'urgency' | 'dueBy' | 'depotSince' | 'bumped' | 'number'>;
const rank = (item: Waiting) => urgency.options.indexOf(item.urgency);
/** Compares two times; missing ones come last. */
const earlier = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;

/** Compares by urgency, then bumped cases first, then by due time, then by time in the depot. */
export const byPriority = (a: Waiting, b: Waiting) =>
  rank(a) - rank(b) ||
  Number(a.bumped === null) - Number(b.bumped === null) ||
  earlier(a.dueBy, b.dueBy) ||
  earlier(a.depotSince, b.depotSince) ||
  a.number - b.number;

export const minutesLeft = ({ dueBy }: Pick<Case, 'dueBy'>, now: number): number | null =>
  dueBy === null ? null : (Date.parse(dueBy) - now) / 60_000;
