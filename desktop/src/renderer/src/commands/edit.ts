import type { Case } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import type { FieldError } from '@slate/shared/errors';
import { caseNow } from '../stores/board.ts';
import { command, on } from './command.ts';
import type { Place } from '../stores/place.ts';
import { chooseElsewhere } from '../stores/drafts.ts';
import { mayI } from '../stores/session.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { bookedNow, nameOfHold } from './hold.ts';
import { moveTo, sendBack } from './move.ts';
import type { Restored } from './move.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/** What a case is and needs: only what changes is said. */
export const changeDetails = (item: Case, details: AddToDepot, overrideReason?: string): Promise<void> =>
  saveForm(item, { details, start: null, place: null }, 'keep', {
    overrideReason,
    again: () => void changeDetails(caseNow(item.id) ?? item, details, overrideReason),
  });

export type Wanted = {
  details: AddToDepot;
  /** Another start, in its room, if that is wanted; it may be told by the clock of the site. */
  start: { roomId: string; start: string } | null;
  /** Where it comes to stand, to show it while it is asked for. */
  place: Place | null;
};

/** The form that a command is given from. */
export type FormAround = {
  /** Takes what is wrong with single fields. False: it has not all of them. */
  atFields?: (errors: readonly FieldError[]) => boolean;
  done?: () => void;
};
type Form = FormAround & {
  overrideReason?: string | undefined;
  again?: (() => void) | null;
};

/**
 * Saves everything a form says, and books if wanted, in one command: all of it is done, or none. Where it would fit
 * instead, the case is only moved: the form stays with the new time, and the person sends it again.
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
  return perform(
    {
      title: then === 'book' ? deed.book(title) : deed.change(title),
      item: before,
      send: (reason) => {
        const body = {
          version: versionOf(before),
          ...details,
          ...start,
          ...(then === 'book' && { to: 'scheduled' as const }),
          ...withReason(reason),
        };
        return command(
          'changeCase',
          { ...on(before), body },
          { place, title: details.title ?? before.title },
        );
      },
      done: ({ case: after }) => {
        done?.();
        if (then === 'book') return bookedNow(after);
        tellDone(
          wordsOfOutcome.changed(nameOfHold(after)),
          changingBack(before, after, { needs: isChanged, place: start !== null }),
        );
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

const changingBack = (before: Case, after: Case, what: Restored) => {
  const back = backWords.changed(nameOfHold(before));
  return wayBack(back, [before.id], () => ({
    title: back.label,
    item: after,
    send: (reason) => sendBack(before, after, what, reason),
    done: ({ case: now }) => isSameAs(before, now),
    overrideReason: before.overrideReason ?? undefined,
  }));
};
