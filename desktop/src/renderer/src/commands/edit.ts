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
import { bookedNow, nameOfHold, needsOf } from './hold.ts';
import { inTurn } from './in-turn.ts';
import type { Step } from './in-turn.ts';
import { moveTo } from './move.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';
import { placeWords } from './where.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/** What a case is and needs: only what changes is said. */
export const changeDetails = (item: Case, details: AddToDepot, overrideReason?: string): Promise<void> =>
  saveForm(item, { details, to: null, place: null }, 'keep', {
    overrideReason,
    again: () => void changeDetails(caseNow(item.id) ?? item, details, overrideReason),
  });

export type Wanted = {
  details: AddToDepot;
  /** Another room or start, if that is wanted; the start may be told by the clock of the site. */
  to: { roomId: string; start: string } | null;
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
 * Saves what a form says and, if that is wanted, books: the other time, then the details, then the booking. Where it would
 * fit instead is only moved to: the form stays, says the new time, and is given again by the person.
 */
export function saveForm(
  before: Case,
  { details, to, place }: Wanted,
  then: 'keep' | 'book',
  { overrideReason, again = null, atFields, done }: Form = {},
): Promise<void> {
  const name = details.title ?? nameOfHold(before);
  const isChanged = Object.keys(details).length > 0;
  const about = (item: Case) => ({ caseId: item.id, place, title: details.title ?? item.title });
  const change: Step = {
    send: (item, reason) => sendChange(item, details, reason, about(item)),
    told: (after) => wordsOfOutcome.changed(nameOfHold(after)),
  };
  // Nothing comes after it that could fail.
  const book: Step = { send: sendBook, told: () => '' };
  const elsewhere = (instead: Place) => {
    const item = caseNow(before.id) ?? before;
    if (!isPlaced(item)) return;
    chooseElsewhere(item.id);
    void moveTo(item, instead);
  };
  return perform(
    {
      title: then === 'book' ? deed.book(name) : deed.change(name),
      item: before,
      ...inTurn(before, [
        ...(to === null ? [] : [moveStep(to, details.minutes, about)]),
        ...(isChanged ? [change] : []),
        ...(then === 'book' ? [book] : []),
      ]),
      done: (all) => {
        const after = all.at(-1) ?? before;
        done?.();
        if (then === 'book') return bookedNow(after);
        if (after !== before) {
          tellDone(
            wordsOfOutcome.changed(nameOfHold(after)),
            changingBack(before, after, { isMoved: to !== null, isChanged }),
          );
        }
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

type About = { caseId: string; place: Place | null; title: string | null };

function sendChange(item: Case, details: AddToDepot, reason: string | undefined, about: About) {
  const body = { version: versionOf(item), ...details, ...withReason(reason) };
  return command('changeCase', { ...on(item), body }, about);
}

const sendBook = (item: Case) =>
  command('confirmCase', { ...on(item), body: { to: 'scheduled' } }, { title: item.title });

const moveStep = (
  to: { roomId: string; start: string },
  minutes: number | undefined,
  about: (item: Case) => About,
): Step => ({
  send: (item, reason) => {
    const length = minutes !== undefined && { minutes };
    const body = { version: versionOf(item), ...to, ...length, ...withReason(reason) };
    return command('moveCase', { ...on(item), body }, about(item));
  },
  told: (after) => wordsOfOutcome.moved(nameOfHold(after), isPlaced(after) ? placeWords(after) : ''),
});

/** All of what it was: another procedure would otherwise bring its own length and equipment back with it. */
const changingBack = (before: Case, after: Case, { isMoved, isChanged }: Record<string, boolean>) => {
  const back = backWords.changed(nameOfHold(before));
  const about = () => ({ caseId: before.id, place: null, title: before.title });
  const change: Step = {
    send: (item, reason) => sendChange(item, needsOf(before), reason, about()),
    told: (now) => wordsOfOutcome.changed(nameOfHold(now)),
  };
  return wayBack(back, [before.id], () => ({
    title: back.label,
    item: after,
    ...inTurn(after, [
      ...(isChanged ? [change] : []),
      ...(isMoved && isPlaced(before)
        ? [moveStep({ roomId: before.roomId, start: before.start }, before.minutes, about)]
        : []),
    ]),
    done: (all) => isSameAs(before, all.at(-1) ?? after),
    overrideReason: before.overrideReason ?? undefined,
  }));
};
