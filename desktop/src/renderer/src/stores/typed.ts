import type { Case } from '@slate/shared/cases';
import { localDateOf } from '@slate/shared/time';
import { timeOf } from '../words/time.ts';

/** The fields of a case form that a person has changed. */
export type Typed = {
  /** Wall-clock time of the site on the day of the case, such as 12:15. */
  start?: string;
  minutes?: string;
  procedureId?: string | null;
  title?: string;
  surgeonId?: string | null;
  patientRef?: string;
  equipment?: Case['equipment'];
  bed?: Case['bed'];
  urgency?: Case['urgency'];
  /** Wall-clock date and time of the site, such as 2026-11-21T12:00. */
  dueBy?: string;
  note?: string;
};
export type TypedField = keyof Typed;
/** All fields of a form. */
export type Values = Required<Typed>;

/** Returns the form values of a case. */
export const valuesOf = (item: Case, zone: string): Values => ({
  start: item.start === null ? '' : timeOf(item.start, zone),
  minutes: String(item.minutes),
  procedureId: item.procedureId,
  title: item.title ?? '',
  surgeonId: item.surgeonId,
  patientRef: item.patientRef ?? '',
  equipment: item.equipment,
  bed: item.bed,
  urgency: item.urgency,
  dueBy: item.dueBy === null ? '' : `${localDateOf(item.dueBy, zone)}T${timeOf(item.dueBy, zone)}`,
  note: item.note ?? '',
});
