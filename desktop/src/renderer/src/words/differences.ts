import type { Case } from '@slate/shared/cases';
import type { ListedReason } from '@slate/shared/reasons';
import { bedFor, equipmentOf, fieldWords, stateWords, urgencyWords } from './cases.ts';
import type { CaseField } from './cases.ts';
import { dayAndTimeOf, minutesShort } from './time.ts';

export type Names = {
  zone: string;
  resource: (id: string | null) => string;
  procedure: (id: string | null) => string;
  reasons: readonly ListedReason[];
};

const none = 'none';
const fields = Object.keys(fieldWords) as CaseField[];

/** Returns the differences between two versions of a case, field by field. */
export function differences(
  before: Case,
  after: Case,
  names: Names,
): { field: CaseField; was: string; is: string }[] {
  return fields
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, was: valueOf(before, field, names), is: valueOf(after, field, names) }));
}

export const differenceWords = ({ field, was, is }: { field: CaseField; was: string; is: string }) =>
  `${fieldWords[field]}: ${was} → ${is}`;

function valueOf(item: Case, field: CaseField, { zone, resource, procedure }: Names): string {
  const moment = (at: string | null) => (at === null ? none : dayAndTimeOf(at, zone));
  const words: Record<CaseField, () => string> = {
    roomId: () => resource(item.roomId),
    start: () => moment(item.start),
    minutes: () => minutesShort(item.minutes),
    procedureId: () => procedure(item.procedureId),
    title: () => item.title ?? none,
    surgeonId: () => resource(item.surgeonId),
    service: () => item.service ?? none,
    patientRef: () => item.patientRef ?? none,
    equipment: () => equipmentOf(item.equipment, resource).join(', '),
    bed: () => (item.bed ? bedFor(resource(item.bed.resourceId), item.bed.nights) : none),
    setupMinutes: () => minutesShort(item.setupMinutes),
    cleanupMinutes: () => minutesShort(item.cleanupMinutes),
    urgency: () => urgencyWords[item.urgency],
    dueBy: () => moment(item.dueBy),
    note: () => item.note ?? none,
    state: () => stateWords[item.state],
  };
  return words[field]() || none;
}
