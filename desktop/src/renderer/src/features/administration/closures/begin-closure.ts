import { draftKey, keepAdminDraft, openRecords, showPage } from '../../../stores/administration.ts';

export type ClosureValues = {
  resourceId: string | null;
  /** Local date and time of the site, such as `2026-11-21T07:30`. */
  start: string;
  end: string;
  quantity: number | '';
  reason: string;
};

export const blankClosure: ClosureValues = { resourceId: null, start: '', end: '', quantity: '', reason: '' };

/** Opens the form of a new closure of a resource. */
export function beginClosure(resourceId: string) {
  showPage('closures');
  const values = { ...blankClosure, resourceId };
  keepAdminDraft(draftKey('closures', []), { base: blankClosure, values, theirs: {} });
  openRecords([]);
}
