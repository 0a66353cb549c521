import { isPlaced, missingProcedure } from '@slate/shared/cases';
import type { FieldError } from '@slate/shared/errors';
import { addToDepot } from '../../commands/depot.ts';
import { saveForm } from '../../commands/edit.ts';
import { closeForm } from '../../stores/dialogs.ts';
import { draftOf, forgetDraft, setErrors, newCaseKey, setSaving } from '../../stores/drafts.ts';
import type { Draft } from '../../stores/drafts.ts';
import { caseFormWords as words } from '../../words/case-form.ts';
import { missingIn } from './parse-form.ts';
import type { Errors } from './parse-form.ts';
import type { Form } from './use-form.ts';

const fieldsOfForm: readonly string[] = [
  'start',
  'minutes',
  'procedureId',
  'title',
  'surgeonId',
  'patientRef',
  'equipment',
  'bed',
  'urgency',
  'dueBy',
  'note',
];

/** Returns the errors that prevent sending the form, by field. */
export function blockingErrors({ parsed, contested }: Form, isComplete: boolean): Errors {
  return {
    ...(isComplete && missingIn(parsed.candidate)),
    ...Object.fromEntries(contested.map((field) => [field, words.chooseFirst])),
    ...parsed.errors,
  };
}

export const showErrors = (key: string, errors: Errors) =>
  setErrors(
    key,
    Object.entries(errors).map(([field, reason]) => ({ field, reason })),
  );

/** Shows the server's errors at their fields. Returns false if one is not about a field of the form. */
const showServerErrors = (key: string) => (found: readonly FieldError[]) => {
  const isOfForm = ({ field }: FieldError) => fieldsOfForm.includes(field.replace(/\..*/, ''));
  if (!draftOf(key) || !found.every(isOfForm)) return false;
  setErrors(key, found);
  return true;
};

/** Saves the form, and books the case with `then: 'book'`. If a field is wrong, the form stays open and shows the error. */
export async function submit(form: Form, then: 'keep' | 'book'): Promise<void> {
  const { key, draft, parsed } = form;
  if (draft.isSaving) return;
  const errors = blockingErrors(form, then === 'book');
  if (Object.keys(errors).length > 0) return showErrors(key, errors);
  const { candidate, details, start } = parsed;
  const place = isPlaced(candidate)
    ? { roomId: candidate.roomId, start: candidate.start, end: candidate.end }
    : null;
  const { roomId } = draft.item;
  const elsewhere = start === null || roomId === null ? null : { roomId, start };
  setSaving(key, true);
  await saveForm(draft.item, { details, start: elsewhere, place }, then, {
    showAtFields: showServerErrors(key),
    done: () => leaveForm(key, draft),
  });
  setSaving(key, false);
}

/** Adds a new case to the depot. */
export async function addNew(form: Form): Promise<void> {
  const { key, draft, parsed } = form;
  if (draft.isSaving) return;
  const { [missingProcedure.field]: what } = missingIn(parsed.candidate) as Record<string, string>;
  const errors = { ...(what !== undefined && { procedureId: what }), ...parsed.errors };
  if (Object.keys(errors).length > 0) return showErrors(key, errors);
  setSaving(key, true);
  await addToDepot(parsed.details, {
    showAtFields: showServerErrors(key),
    done: () => leaveForm(key, draft),
    content: draft.edition,
  });
  setSaving(key, false);
}

/** Closes the form after saving, unless the person has typed more since. */
function leaveForm(key: string, { edition }: Draft) {
  if (draftOf(key)?.edition !== edition) return;
  forgetDraft(key);
  closeForm(key === newCaseKey ? null : key);
}
