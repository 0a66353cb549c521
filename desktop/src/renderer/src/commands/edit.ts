import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import type { FieldError } from '@slate/shared/errors';
import { caseNow } from '../stores/board.ts';
import { chooseElsewhere } from '../stores/drafts.ts';
import type { Place } from '../stores/place.ts';
import { mayI } from '../stores/session.ts';
import { versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { toastDone, undoBy } from './outcome-toasts.ts';
import { closeBooked, nameOfHold } from './hold.ts';
import { moveTo, restoring } from './move.ts';
import { on, send, withReason } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/** Changes the details of a case; only the changed ones are sent. */
export const changeDetails = (item: Case, details: AddToDepot, overrideReason?: string): Promise<void> =>
  saveForm(item, { details, start: null, place: null }, 'keep', {
    overrideReason,
    again: () => void changeDetails(caseNow(item.id) ?? item, details, overrideReason),
  });

export type Wanted = {
  details: AddToDepot;
  /** A new start in the same room, if entered; it may be wall-clock time of the site. */
  start: { roomId: string; start: string } | null;
  /** The resulting place, drawn until the answer. */
  place: Place | null;
};

/** The form that sends the command. */
export type FormAround = {
  /** Shows errors at the fields. False: the form does not have all of them. */
  atFields?: (errors: readonly FieldError[]) => boolean;
  done?: () => void;
};
type Form = FormAround & {
  overrideReason?: string | undefined;
  again?: (() => void) | null;
};

/**
 * Saves a form, and books the case if wanted, in one command: all of it is done, or none. An alternative time only moves
 * the case: the form stays open with the new time, and the person saves it again.
 */
export function saveForm(
  before: Case,
  { details, start, place }: Wanted,
  then: 'keep' | 'book',
  { overrideReason, again = null, atFields, done }: Form = {},
): Promise<void> {
  const isChanged = Object.keys(details).length > 0;
  if (!isChanged && start === null && then === 'keep') {
    done?.();
    return Promise.resolve();
  }
  const title = details.title ?? nameOfHold(before);
  const elsewhere = (instead: Place) => {
    const item = caseNow(before.id) ?? before;
    if (!isPlaced(item)) return;
    chooseElsewhere(item.id);
    void moveTo(item, instead);
  };
  return send(
    {
      command: 'changeCase',
      title: then === 'book' ? titles.book(title) : titles.change(title),
      item: before,
      input: (reason) => ({
        ...on(before),
        body: {
          version: versionOf(before),
          ...details,
          ...start,
          ...(then === 'book' && { to: 'scheduled' as const }),
          ...withReason(reason),
        },
      }),
      pending: [{ caseId: before.id, place, title: details.title ?? before.title }],
      done: ({ case: after }) => {
        done?.();
        if (then === 'book') return closeBooked(after);
        const restored = { needs: isChanged, place: start !== null };
        const back = undoWords.changed(nameOfHold(before));
        const undo = undoBy(
          back,
          [before.id],
          () => restoring(back.label, before, after, restored),
          before.overrideReason,
        );
        toastDone(wordsOfOutcome.changed(nameOfHold(after)), undo);
      },
      remedies: {
        again,
        asked: place,
        retry: mayI('case.schedule') === 'any' && place ? elsewhere : null,
        ...(atFields && { atFields }),
      },
    },
    overrideReason,
  );
}
