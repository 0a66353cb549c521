import type { Case, Urgency } from '@slate/shared/cases';
import type { PlaceHold } from '@slate/shared/contract/cases';
import type { Board, OpeningsSearch } from '@slate/shared/contract/reads';
import { localDateOf } from '@slate/shared/time';

/** What a search for an opening asks for. Null: as the procedure says, or any. */
export type Wish = {
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
  /** The hours in which it starts; null: daytime, or any hour if it is urgent. */
  times: { readonly from: string; readonly to: string } | null;
  /** Monday is 1; empty: any day. */
  weekdays: readonly number[];
  urgency: Urgency;
};

export const emptyWish = (date: string): Wish => ({
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

const soon = 7;
const most = 31;

/** The search for a time for a depot case: its own needs, up to its due date. */
export const wishFor = (item: Case, date: string, zone: string): Wish => ({
  ...emptyWish(date),
  days:
    item.dueBy === null ? soon : Math.min(most, Math.max(1, daysUntil(date, localDateOf(item.dueBy, zone)))),
  urgency: item.urgency,
  procedureId: item.procedureId,
  surgeonId: item.surgeonId,
  minutes: item.minutes,
  equipment: item.equipment,
  bed: item.bed,
});

const daysUntil = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** The request for a wish. Fields that are left to the procedure are not sent. */
export const searchOf = (wish: Wish, service: string | null) => ({
  date: wish.date,
  days: wish.days,
  blocks: wish.blocks,
  limit: mostShown,
  urgency: wish.urgency,
  ...wish.times,
  ...(wish.weekdays.length > 0 && { weekdays: [...wish.weekdays] }),
  ...(service !== null && wish.procedureId === null && { service }),
  ...(wish.minutes !== null && { minutes: wish.minutes }),
  ...neededBy(wish),
  ...(wish.roomIds.length > 0 && { roomIds: [...wish.roomIds] }),
  ...(wish.capabilities.length > 0 && { capabilities: [...wish.capabilities] }),
});
export const mostShown = 30;

/** The fields that the hold takes over. */
export const neededBy = ({ procedureId, surgeonId, equipment, bed, urgency }: Wish) => ({
  ...(urgency !== 'elective' && { urgency }),
  ...(procedureId !== null && { procedureId }),
  ...(surgeonId !== null && { surgeonId }),
  ...(equipment && { equipment }),
  ...(bed && { bed }),
});

/** The length when none was entered. */
export const usualMinutes = ({ procedureId }: Wish, { procedures, site }: Board): number =>
  procedures.find(({ id }) => id === procedureId)?.minutes ?? site.settings.caseMinutes;
