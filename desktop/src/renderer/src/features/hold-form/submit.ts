import { isPlaced } from '@slate/shared/cases';
import { saveForm } from '../../flows/edit.ts';
import { closeAllDialogs } from '../../stores/dialogs.ts';
import { draftOf, forgetDraft, foundWrong, saving } from '../../stores/drafts.ts';
import { holdFormWords as words } from '../../words/hold-form.ts';
import { missingIn } from './intended.ts';
import type { Errors } from './intended.ts';
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

/** What keeps the form from being sent, by field. */
export function hindrances({ intended, contested }: Form, isComplete: boolean): Errors {
  return {
    ...(isComplete && missingIn(intended.candidate)),
    ...Object.fromEntries(contested.map((field) => [field, words.chooseFirst])),
    ...intended.errors,
  };
}

export const tellHindrances = (key: string, errors: Errors) =>
  foundWrong(
    key,
    Object.entries(errors).map(([field, reason]) => ({ field, reason })),
  );

/** Saves what was typed, and books if that is wanted. What is wrong with a field is told there; the form stays. */
export async function submit(form: Form, then: 'keep' | 'book'): Promise<void> {
  const { key, draft, intended } = form;
  if (draft.isSaving) return;
  const errors = hindrances(form, then === 'book');
  if (Object.keys(errors).length > 0) return tellHindrances(key, errors);
  const { candidate, details, start } = intended;
  const place = isPlaced(candidate)
    ? { roomId: candidate.roomId, start: candidate.start, end: candidate.end }
    : null;
  saving(key, true);
  await saveForm(draft.item, { details, start, place }, then, {
    atFields: (found) => {
      if (!draftOf(key) || !found.every(({ field }) => fieldsOfForm.includes(field.split('.')[0] ?? ''))) {
        return false;
      }
      foundWrong(key, found);
      return true;
    },
    done: () => {
      forgetDraft(key);
      closeAllDialogs();
    },
  });
  saving(key, false);
}
