import { localDateOf } from '@slate/shared/time';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import type { Wish } from './dialogs.ts';

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

/** A case of the depot is looked for as it is, until it is due. */
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

/** What of a wish is asked of the server: nothing that was left to the procedure. */
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

/** What of a wish the hold then needs. */
export const neededBy = ({ procedureId, surgeonId, equipment, bed, urgency }: Wish) => ({
  ...(urgency !== 'elective' && { urgency }),
  ...(procedureId !== null && { procedureId }),
  ...(surgeonId !== null && { surgeonId }),
  ...(equipment && { equipment }),
  ...(bed && { bed }),
});

/** How long it is taken to be when nobody says. */
export const usualMinutes = ({ procedureId }: Wish, { procedures, site }: Board): number =>
  procedures.find(({ id }) => id === procedureId)?.minutes ?? site.settings.caseMinutes;
