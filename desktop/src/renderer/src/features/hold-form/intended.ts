import type { Case } from '@slate/shared/cases';
import { whatIsMissing, saysWhat } from '@slate/shared/cases';
import { changeCase } from '@slate/shared/commands';
import type { AddToDepot } from '@slate/shared/commands';
import type { Procedure, Resource } from '@slate/shared/resources';
import { sentence } from '@slate/shared/sentences';
import { addMinutes, localDateOf, resolvePlanned } from '@slate/shared/time';
import type { Draft, Typed, TypedField } from '../../stores/drafts.ts';
import { holdFormWords as words } from '../../words/hold-form.ts';
import { timeOf } from '../../words/time.ts';

export type Around = {
  readonly procedures: readonly Procedure[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly zone: string;
};

export type Errors = Partial<Record<TypedField, string>>;

export type Intended = {
  /** The case as it would be: what the form shows and the preview judges. */
  readonly candidate: Case;
  /** What has to be said for that: only what changes. */
  readonly details: AddToDepot;
  /** Wall-clock date and time, if another start was typed. */
  readonly start: string | null;
  readonly errors: Errors;
  readonly isChanged: boolean;
};

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const textOrNull = (typed: string) => (typed.trim() === '' ? null : typed);

/** 12:15, also typed as 1215, 12.15 or 9. */
export function clockOf(typed: string): string | null {
  const found = /^\s*(\d{1,2})(?:[:.h ]?(\d{2}))?\s*$/.exec(typed);
  if (!found) return null;
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** 90, 90 min, 1:30 or 1h30. */
export function minutesOf(typed: string): number {
  const found = /^\s*(?:(\d{1,2})\s*[:h]\s*)?(\d{1,4})?\s*(?:m|min)?\s*$/i.exec(typed);
  if (!found || (found[1] === undefined && found[2] === undefined)) return Number.NaN;
  return Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0);
}

const localDateTimeOf = (at: string, zone: string) => `${localDateOf(at, zone)}T${timeOf(at, zone)}`;

/** What the fields say of the case as it is. */
export const valuesOf = (item: Case, zone: string): Required<Typed> => ({
  start: item.start === null ? '' : timeOf(item.start, zone),
  minutes: String(item.minutes),
  procedureId: item.procedureId,
  title: item.title ?? '',
  surgeonId: item.surgeonId,
  patientRef: item.patientRef ?? '',
  equipment: item.equipment,
  bed: item.bed,
  urgency: item.urgency,
  dueBy: item.dueBy === null ? '' : localDateTimeOf(item.dueBy, zone),
  note: item.note ?? '',
});

/** Another procedure brings its own length, equipment and bed, as the server has it, unless they were typed. */
function usualOf(item: Case, typed: Typed, { procedures }: Around): Case {
  if (typed.procedureId === undefined || typed.procedureId === item.procedureId) return item;
  const procedure = procedures.find(({ id }) => id === typed.procedureId);
  if (!procedure) return { ...item, procedureId: null };
  const { id: procedureId, name: title, service, minutes, equipment, bed } = procedure;
  const { setupMinutes, cleanupMinutes } = procedure;
  return { ...item, procedureId, title, service, minutes, equipment, bed, setupMinutes, cleanupMinutes };
}

export function intendedOf(item: Case, typed: Typed, around: Around): Intended {
  const { resources, zone } = around;
  const usual = usualOf(item, typed, around);
  const surgeonId = typed.surgeonId === undefined ? item.surgeonId : typed.surgeonId;
  const minutes = typed.minutes === undefined ? usual.minutes : minutesOf(typed.minutes);
  const dueBy = typed.dueBy === undefined ? item.dueBy : instantIn(typed.dueBy, zone);
  const wanted = {
    procedureId: usual.procedureId,
    title: typed.title === undefined ? usual.title : textOrNull(typed.title),
    surgeonId,
    service: usual.service ?? resources.get(surgeonId ?? '')?.attributes.service ?? null,
    patientRef: typed.patientRef === undefined ? item.patientRef : textOrNull(typed.patientRef),
    equipment: typed.equipment ?? usual.equipment,
    bed: typed.bed === undefined ? usual.bed : typed.bed,
    minutes,
    urgency: typed.urgency ?? item.urgency,
    dueBy,
    note: typed.note === undefined ? item.note : textOrNull(typed.note),
  };
  const clock = typed.start === undefined ? null : clockOf(typed.start);
  const start = clock === null || item.start === null ? null : `${localDateOf(item.start, zone)}T${clock}`;
  const isMoved = start !== null && clock !== valuesOf(item, zone).start;
  const at = isMoved ? (instantIn(start, zone) ?? item.start) : item.start;
  const length = Number.isInteger(minutes) && minutes > 0 ? minutes : item.minutes;
  const candidate: Case = {
    ...usual,
    ...wanted,
    minutes: length,
    start: at,
    end: at === null ? null : addMinutes(at, length),
  };
  const details: AddToDepot = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => !same(value, item[field as keyof typeof wanted])),
  );
  const errors: Errors = { ...errorsIn(item, details) };
  if (typed.start !== undefined && clock === null) errors.start = words.wrongTime;
  if (typed.minutes !== undefined && Number.isNaN(minutes)) errors.minutes = words.wrongLength;
  return {
    candidate,
    details,
    start: isMoved ? start : null,
    errors,
    isChanged: isMoved || Object.keys(details).length > 0 || Object.keys(errors).length > 0,
  };
}

function instantIn(local: string, zone: string): string | null {
  if (local === '') return null;
  const resolved = resolvePlanned(local, zone);
  if (resolved.kind === 'instant') return resolved.at;
  return resolved.kind === 'ambiguous' ? new Date(resolved.earlier).toISOString() : null;
}

/** By the schema that the server parses with: the same is refused here and there, in the same words. */
function errorsIn(item: Case, details: AddToDepot): Errors {
  const parsed = changeCase.safeParse({ version: item.version, ...details }, { error: sentence });
  if (parsed.success) return {};
  return Object.fromEntries(
    parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]),
  );
}

/** What is still open before it can be booked. */
export function missingIn(candidate: Case): Errors {
  return {
    ...(!saysWhat(candidate) && { [whatIsMissing.field]: whatIsMissing.reason }),
    ...(candidate.surgeonId === null && { surgeonId: words.sayWho }),
  };
}

/** Fields that somebody else has changed while the person was changing them. */
export function contested({ item, typed, seen }: Draft, zone: string): TypedField[] {
  const now = valuesOf(item, zone);
  return (Object.keys(typed) as TypedField[]).filter(
    (field) => field in seen && !same(seen[field], now[field]) && !same(typed[field], now[field]),
  );
}
