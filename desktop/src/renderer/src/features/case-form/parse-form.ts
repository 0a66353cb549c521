import type { Case } from '@slate/shared/cases';
import { changeNeeds } from '@slate/shared/case-draft';
import { missingProcedure, hasProcedureOrTitle } from '@slate/shared/cases';
import { changeCase } from '@slate/shared/contract/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import type { Procedure, Resource } from '@slate/shared/resources';
import type { SiteSettings } from '@slate/shared/sites';
import { validationMessage } from '@slate/shared/validation-message';
import { addMinutes, localDateOf, resolvePlanned } from '@slate/shared/time';
import { valuesOf } from '../../stores/typed.ts';
import type { Draft } from '../../stores/drafts.ts';
import type { Typed, TypedField } from '../../stores/typed.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { timeOf } from '../../words/time.ts';
import { clockOf, minutesOf } from '../../words/typed-time.ts';

export type Catalog = {
  readonly procedures: readonly Procedure[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly settings: SiteSettings;
  readonly zone: string;
};

export type Errors = Partial<Record<TypedField, string>>;

export type ParsedForm = {
  /** The case with the changes, as the form shows it and the preview judges it. */
  readonly candidate: Case;
  /** The changed fields, as a command sends them. */
  readonly details: AddToDepot;
  /** Local date and time, if another start was entered. */
  readonly start: string | null;
  readonly errors: Errors;
  readonly isChanged: boolean;
};

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const textOrNull = (typed: string) => (typed.trim() === '' ? null : typed);

export function parseForm(item: Case, typed: Typed, catalog: Catalog): ParsedForm {
  const { procedures, resources, settings, zone } = catalog;
  const details = detailsOf(item, typed, catalog);
  const procedureId = details.procedureId === undefined ? item.procedureId : details.procedureId;
  const clock = typed.start === undefined ? null : clockOf(typed.start);
  const isMoved = clock !== null && item.start !== null && clock !== timeOf(item.start, zone);
  const start = isMoved ? `${localDateOf(item.start ?? '', zone)}T${clock}` : null;
  const errors = errorsIn(item, details);
  if (typed.start !== undefined && clock === null) errors.start = words.wrongTime;
  if (start !== null && instantIn(start, zone) === null) errors.start = words.noSuchTime;
  if (typed.dueBy && instantIn(typed.dueBy, zone) === null) errors.dueBy = words.noSuchTime;
  if (Number.isNaN(details.minutes)) errors.minutes = words.wrongLength;
  // Computed as on the server: another procedure brings its own length, equipment and bed.
  const { minutes, ...others } = details;
  const needs = errors.minutes === undefined && minutes !== undefined ? { ...others, minutes } : others;
  const candidate = changeNeeds(item, needs, {
    procedure: procedures.find(({ id }) => id === procedureId) ?? null,
    room: resources.get(item.roomId ?? '') ?? null,
    surgeon: resources.get(details.surgeonId ?? item.surgeonId ?? '') ?? null,
    settings,
  });
  const at = start === null ? item.start : (instantIn(start, zone) ?? item.start);
  return {
    candidate: { ...candidate, start: at, end: at === null ? null : addMinutes(at, candidate.minutes) },
    details,
    start,
    errors,
    isChanged: isMoved || Object.keys(details).length > 0 || Object.keys(errors).length > 0,
  };
}

/** Returns the entered values as a command sends them: only the ones that differ. */
function detailsOf(item: Case, typed: Typed, { resources, zone, procedures }: Catalog): AddToDepot {
  const procedure = procedures.find(({ id }) => id === typed.procedureId);
  const surgeon = resources.get(typed.surgeonId ?? '');
  const all: AddToDepot = {
    ...(typed.procedureId !== undefined && { procedureId: typed.procedureId }),
    ...(typed.title !== undefined && { title: textOrNull(typed.title) }),
    ...(typed.surgeonId !== undefined && { surgeonId: typed.surgeonId }),
    ...(typed.patientRef !== undefined && { patientRef: textOrNull(typed.patientRef) }),
    ...(typed.equipment !== undefined && { equipment: typed.equipment }),
    ...(typed.bed !== undefined && { bed: typed.bed }),
    ...(typed.minutes !== undefined && { minutes: minutesOf(typed.minutes) }),
    ...(typed.urgency !== undefined && { urgency: typed.urgency }),
    ...(typed.dueBy !== undefined && { dueBy: instantIn(typed.dueBy, zone) }),
    ...(typed.note !== undefined && { note: textOrNull(typed.note) }),
    // Without a procedure, the service is the surgeon's.
    ...(item.service === null &&
      !procedure &&
      surgeon?.attributes.service !== undefined && { service: surgeon.attributes.service }),
  };
  // With another procedure, send every entered value, because missing ones are replaced by the procedure's own.
  const isAnew = typed.procedureId !== undefined && typed.procedureId !== item.procedureId;
  return Object.fromEntries(
    Object.entries(all).filter(([field, value]) => isAnew || !same(value, item[field as keyof Case])),
  );
}

function instantIn(local: string, zone: string): string | null {
  if (local === '') return null;
  const resolved = resolvePlanned(local, zone);
  if (resolved.kind === 'instant') return resolved.at;
  return resolved.kind === 'ambiguous' ? new Date(resolved.earlier).toISOString() : null;
}

/** Checks with the schema of the server, so that both refuse the same values in the same words. */
function errorsIn(item: Case, details: AddToDepot): Errors {
  const parsed = changeCase.safeParse({ version: item.version, ...details }, { error: validationMessage });
  if (parsed.success) return {};
  return Object.fromEntries(
    parsed.error.issues.toReversed().map(({ path, message }) => [String(path[0]), message]),
  );
}

/** Returns errors for the fields that booking requires. */
export function missingIn(candidate: Case): Errors {
  return {
    ...(!hasProcedureOrTitle(candidate) && { [missingProcedure.field]: missingProcedure.reason }),
    ...(candidate.surgeonId === null && { surgeonId: words.chooseSurgeon }),
  };
}

/** Returns the fields that someone else changed while the person was changing them. */
export function contested({ item, typed, baseline }: Draft, zone: string): TypedField[] {
  const now = valuesOf(item, zone);
  return (Object.keys(typed) as TypedField[]).filter(
    (field) => field in baseline && !same(baseline[field], now[field]) && !same(typed[field], now[field]),
  );
}
