import { addMinutes } from './time.ts';
import type { Case } from './cases.ts';
import type { AddToDepot } from './contract/cases.ts';
import type { Procedure, Resource } from './resources.ts';
import type { SiteSettings } from './sites.ts';

/** The values entered for a case. A field that is left out gets the default of the procedure, the room or the site. */
export type Details = AddToDepot;

export type Defaults = {
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

/** The usual setup and cleanup: of the procedure in this room, else of the procedure, else of the room or the site. */
export function turnoverOf(
  room: Pick<Resource, 'id' | 'attributes'> | null,
  procedure: Procedure | null,
  settings: SiteSettings,
): Turnover {
  const inRoom = procedure?.turnoverByRoom.find(({ roomId }) => roomId === room?.id);
  const usual = inRoom ?? procedure;
  return {
    setupMinutes: usual?.setupMinutes ?? room?.attributes.setupMinutes ?? settings.setupMinutes,
    cleanupMinutes: usual?.cleanupMinutes ?? room?.attributes.cleanupMinutes ?? settings.cleanupMinutes,
  };
}

type Move = Pick<Defaults, 'procedure' | 'settings'> & { from: Resource | null; to: Resource | null };

/**
 * The setup and cleanup of a case after a move: the usual minutes of its new room. Minutes that differ from the usual ones of
 * the old room were entered for the case itself, and stay.
 */
export function turnoverAfterMove(item: Turnover, { from, to, procedure, settings }: Move): Turnover {
  const [before, after] = [turnoverOf(from, procedure, settings), turnoverOf(to, procedure, settings)];
  const pick = (field: keyof Turnover) => (item[field] === before[field] ? after[field] : item[field]);
  return { setupMinutes: pick('setupMinutes'), cleanupMinutes: pick('cleanupMinutes') };
}

/** The needs of a new case. */
export function draftNeeds(entered: Details, { procedure, room, surgeon, settings }: Defaults): Needs {
  const turnover = turnoverOf(room, procedure, settings);
  return {
    procedureId: entered.procedureId ?? null,
    title: entered.title === undefined ? (procedure?.name ?? null) : entered.title,
    surgeonId: entered.surgeonId ?? null,
    service:
      entered.service === undefined
        ? (procedure?.service ?? surgeon?.attributes.service ?? null)
        : entered.service,
    patientRef: entered.patientRef ?? null,
    equipment: entered.equipment ?? procedure?.equipment ?? [],
    bed: entered.bed === undefined ? (procedure?.bed ?? null) : entered.bed,
    minutes: entered.minutes ?? procedure?.minutes ?? settings.caseMinutes,
    setupMinutes: entered.setupMinutes ?? turnover.setupMinutes,
    cleanupMinutes: entered.cleanupMinutes ?? turnover.cleanupMinutes,
    urgency: entered.urgency ?? 'elective',
    dueBy: entered.dueBy ?? null,
    note: entered.note ?? null,
  };
}

/** A new case: its needs are known; it has no place, no time and no history yet. */
export const draftCase = (
  entered: Details,
  defaults: Defaults,
): Omit<Case, 'id' | 'number' | 'createdBy'> => ({
  ...draftNeeds(entered, defaults),
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
  reasonCode: null,
  overrideReason: null,
  overrideReasonCode: null,
  delayReason: null,
  delayReasonCode: null,
  milestones: {},
});

/**
 * The case after an edit. A different procedure brings its own length, equipment and bed, unless the edit names them
 * too. Every other field that the edit leaves out stays.
 */
export function changeNeeds(before: Case, entered: Details, defaults: Defaults): Case {
  const isOtherProcedure = entered.procedureId !== undefined && entered.procedureId !== before.procedureId;
  const base: Needs = isOtherProcedure
    ? draftNeeds(
        {
          ...entered,
          surgeonId: entered.surgeonId === undefined ? before.surgeonId : entered.surgeonId,
          patientRef: entered.patientRef === undefined ? before.patientRef : entered.patientRef,
          urgency: entered.urgency ?? before.urgency,
          dueBy: entered.dueBy === undefined ? before.dueBy : entered.dueBy,
          note: entered.note === undefined ? before.note : entered.note,
        },
        defaults,
      )
    : before;
  const after = { ...before, ...base, ...withoutUndefined(entered) };
  return placedAt(after, after.roomId, after.start);
}

export const placedAt = (item: Case, roomId: string | null, start: string | null): Case => ({
  ...item,
  roomId,
  start,
  end: start === null ? null : addMinutes(start, item.minutes),
});

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
const withoutUndefined = <T extends object>(entered: T) =>
  Object.fromEntries(Object.entries(entered).filter(([, value]) => value !== undefined)) as Defined<T>;
