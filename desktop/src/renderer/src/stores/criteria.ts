import type { Case, Urgency } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Board, OpeningsSearch } from '@slate/shared/contract/reads';
import { localDateOf } from '@slate/shared/time';

/** The criteria of a search for openings. Null: as the procedure requires, or any. */
export type Criteria = {
  procedureId: string | null;
  surgeonId: string | null;
  minutes: number | null;
  date: string;
  days: number;
  blocks: OpeningsSearch['blocks'];
  roomIds: readonly string[];
  capabilities: readonly string[];
  equipment: PlaceHold['equipment'] | null;
  bed: PlaceHold['bed'] | null;
  /** The range of start times; null: daytime, or any hour if it is urgent. */
  times: { readonly from: string; readonly to: string } | null;
  /** Monday is 1; empty: any day. */
  weekdays: readonly number[];
  urgency: Urgency;
};

export const emptyCriteria = (date: string): Criteria => ({
  procedureId: null,
  surgeonId: null,
  minutes: null,
  date,
  days: 7,
  blocks: 'any',
  roomIds: [],
  capabilities: [],
  equipment: null,
  bed: null,
  times: null,
  weekdays: [],
  urgency: 'elective',
});

const defaultDays = 7;
const maxDays = 31;

/** Returns the criteria for a depot case: its own needs, up to its due date. */
export const criteriaFor = (item: Case, date: string, zone: string): Criteria => ({
  ...emptyCriteria(date),
  days:
    item.dueBy === null
      ? defaultDays
      : Math.min(maxDays, Math.max(1, daysUntil(date, localDateOf(item.dueBy, zone)))),
  urgency: item.urgency,
  procedureId: item.procedureId,
  surgeonId: item.surgeonId,
  minutes: item.minutes,
  equipment: item.equipment,
  bed: item.bed,
});

const daysUntil = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** Returns the request of a search. Omits the fields that the procedure decides. */
export const searchOf = (criteria: Criteria, service: string | null) => ({
  date: criteria.date,
  days: criteria.days,
  blocks: criteria.blocks,
  limit: maxResults,
  urgency: criteria.urgency,
  ...criteria.times,
  ...(criteria.weekdays.length > 0 && { weekdays: [...criteria.weekdays] }),
  ...(service !== null && criteria.procedureId === null && { service }),
  ...(criteria.minutes !== null && { minutes: criteria.minutes }),
  ...holdFieldsOf(criteria),
  ...(criteria.roomIds.length > 0 && { roomIds: [...criteria.roomIds] }),
  ...(criteria.capabilities.length > 0 && { capabilities: [...criteria.capabilities] }),
});
export const maxResults = 30;

/** Returns the criteria that a hold of the opening takes over. */
export const holdFieldsOf = ({ procedureId, surgeonId, equipment, bed, urgency }: Criteria) => ({
  ...(urgency !== 'elective' && { urgency }),
  ...(procedureId !== null && { procedureId }),
  ...(surgeonId !== null && { surgeonId }),
  ...(equipment && { equipment }),
  ...(bed && { bed }),
});

/** Returns the length to use if none was entered. */
export const usualMinutes = ({ procedureId }: Criteria, { procedures, site }: Board): number =>
  procedures.find(({ id }) => id === procedureId)?.minutes ?? site.settings.caseMinutes;
