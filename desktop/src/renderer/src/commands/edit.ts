import type { GivenReason } from '@slate/shared/reasons';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import type { FieldError } from '@slate/shared/errors';
import { caseNow } from '../stores/board.ts';
import { replaceEnteredStart } from '../stores/drafts.ts';
import type { Place } from '../stores/place.ts';
import { myScope } from '../stores/session.ts';
import { caseBefore, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { stepOfBooking, toastDone } from './outcome-toasts.ts';
import { closeBooked, nameOfHold } from './hold.ts';
import { isPlaceholder, saveRequestedHold } from './requested-hold.ts';
import type { FormChanges } from './requested-hold.ts';
import { moveTo, restoreRequest } from './move.ts';
import { caseParams, overrideOf, send, undoBy, withReason } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/** Changes the details of a case; only the changed ones are sent. */
export const changeDetails = (item: Case, details: AddToDepot, overrideReason?: GivenReason): Promise<void> =>
  saveForm(item, { details, start: null, place: null }, 'keep', {
    overrideReason,
    repeat: () => void changeDetails(caseNow(item.id) ?? item, details, overrideReason),
  });

/** Callbacks of the form that sends the command. */
export type FormCallbacks = {
  /** Shows errors at the fields; returns false if the form does not have all of these fields. */
  showAtFields?: (errors: readonly FieldError[]) => boolean;
  done?: () => void;
};
type Form = FormCallbacks & {
  overrideReason?: GivenReason | undefined;
  repeat?: (() => void) | null;
};

/**
 * Saves a form, and books the case with `then: 'book'`, in one atomic command. Choosing an alternative time only moves the
 * case: the form stays open with the new time, and the person saves it again.
 */
export async function saveForm(
  item: Case,
  { details, start, place }: FormChanges,
  then: 'keep' | 'book',
  { overrideReason, repeat = null, showAtFields, done }: Form = {},
): Promise<void> {
  const isChanged = Object.keys(details).length > 0;
  if (!isChanged && start === null && then === 'keep') {
    done?.();
    return;
  }
  if (isPlaceholder(item.id)) {
    if (await saveRequestedHold(item, { details, start, place }, then)) done?.();
    return;
  }
  const title = details.title ?? nameOfHold(item);
  const elsewhere = (instead: Place) => {
    const current = caseNow(item.id) ?? item;
    if (!isPlaced(current)) return;
    replaceEnteredStart(current.id);
    void moveTo(current, instead);
  };
  await send(
    {
      command: 'changeCase',
      title: then === 'book' ? titles.book(title) : titles.change(title),
      item,
      input: (reason) => ({
        ...caseParams(item),
        body: {
          version: versionOf(item),
          ...details,
          ...start,
          ...(then === 'book' && { to: 'scheduled' as const }),
          ...withReason(reason),
        },
      }),
      pending: [{ caseId: item.id, place, title: details.title ?? item.title }],
      undo: ({ case: after }) => {
        if (then === 'book') return stepOfBooking(after);
        const before = caseBefore(item, after);
        const restored = { needs: isChanged, place: start !== null };
        const back = undoWords.changed(nameOfHold(before));
        return undoBy(
          back,
          [item.id],
          () => restoreRequest(back.label, before, after, restored),
          overrideOf(before),
        );
      },
      done: ({ case: after }, undo) => {
        done?.();
        if (then === 'book') closeBooked(after, undo);
        else toastDone(wordsOfOutcome.changed(nameOfHold(after)), undo);
      },
      queued: () => done?.(),
      remedies: {
        repeat,
        requested: place,
        retryAt: myScope('case.schedule') === 'any' && place ? elsewhere : null,
        ...(showAtFields && { showAtFields }),
      },
    },
    overrideReason,
  );
}
