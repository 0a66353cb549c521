import { addMinutes } from './time.ts';
import type { Case } from './cases.ts';
import type { AddToDepot } from './contract/cases.ts';
import type { Procedure, Resource } from './resources.ts';
import type { SiteSettings } from './sites.ts';

/** What a person said of a case; what was left out is as the procedure, the room and the site have it. */
export type Details = AddToDepot;

export type Usual = {
  procedure: Procedure | null;
  room: Resource | null;
  surgeon: Resource | null;
  settings: SiteSettings;
};

type Needs = Pick<
  Case,
  | 'procedureId'
  | 'title'
  | 'surgeonId'
  | 'service'
  | 'patientRef'
  | 'equipment'
  | 'bed'
  | 'minutes'
  | 'setupMinutes'
  | 'cleanupMinutes'
  | 'urgency'
  | 'dueBy'
  | 'note'
>;

export type Turnover = { readonly setupMinutes: number; readonly cleanupMinutes: number };

/** The usual minutes before and after a case: the procedure says, else the room, else the site. */
export function turnoverOf(
  room: Resource | null,
  procedure: Procedure | null,
  settings: SiteSettings,
): Turnover {
  return {
    setupMinutes: procedure?.setupMinutes ?? room?.attributes.setupMinutes ?? settings.setupMinutes,
    cleanupMinutes: procedure?.cleanupMinutes ?? room?.attributes.cleanupMinutes ?? settings.cleanupMinutes,
  };
}

/** The needs of a new case. */
export function draftNeeds(said: Details, { procedure, room, surgeon, settings }: Usual): Needs {
  const turnover = turnoverOf(room, procedure, settings);
  return {
    procedureId: said.procedureId ?? null,
    title: said.title === undefined ? (procedure?.name ?? null) : said.title,
    surgeonId: said.surgeonId ?? null,
    service:
      said.service === undefined ? (procedure?.service ?? surgeon?.attributes.service ?? null) : said.service,
    patientRef: said.patientRef ?? null,
    equipment: said.equipment ?? procedure?.equipment ?? [],
    bed: said.bed === undefined ? (procedure?.bed ?? null) : said.bed,
    minutes: said.minutes ?? procedure?.minutes ?? settings.caseMinutes,
    setupMinutes: said.setupMinutes ?? turnover.setupMinutes,
    cleanupMinutes: said.cleanupMinutes ?? turnover.cleanupMinutes,
    urgency: said.urgency ?? 'elective',
    dueBy: said.dueBy ?? null,
    note: said.note ?? null,
  };
}

/** A new case: what it needs is known, where and when it is done is not, and nothing has happened to it. */
export const draftCase = (said: Details, usual: Usual): Omit<Case, 'id' | 'number' | 'createdBy'> => ({
  ...draftNeeds(said, usual),
  version: 1,
  state: 'depot',
  roomId: null,
  start: null,
  end: null,
  list: null,
  holder: null,
  heldSince: null,
  expiresAt: null,
  depotSince: null,
  bumped: null,
  reason: null,
  overrideReason: null,
  milestones: {},
});

/**
 * A case with what was said anew. Another procedure brings its own length, equipment and bed with it, unless
 * they were said too; everything else that was not said stays.
 */
export function changeNeeds(before: Case, said: Details, usual: Usual): Case {
  const anew = said.procedureId !== undefined && said.procedureId !== before.procedureId;
  const base: Needs = anew
    ? draftNeeds(
        {
          ...said,
          surgeonId: said.surgeonId === undefined ? before.surgeonId : said.surgeonId,
          patientRef: said.patientRef === undefined ? before.patientRef : said.patientRef,
          urgency: said.urgency ?? before.urgency,
          dueBy: said.dueBy === undefined ? before.dueBy : said.dueBy,
          note: said.note === undefined ? before.note : said.note,
        },
        usual,
      )
    : before;
  const after = { ...before, ...base, ...withoutUndefined(said) };
  return placedAt(after, after.roomId, after.start);
}

export const placedAt = (item: Case, roomId: string | null, start: string | null): Case => ({
  ...item,
  roomId,
  start,
  end: start === null ? null : addMinutes(start, item.minutes),
});

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const withoutUndefined = <T extends object>(said: T) =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as Defined<T>;
