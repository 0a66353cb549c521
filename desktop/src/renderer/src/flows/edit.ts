import type { Case } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/commands';
import type { FieldError } from '@slate/shared/errors';
import { caseNow } from '../stores/board.ts';
import { command, on } from '../stores/commands.ts';
import type { Place } from '../stores/commands.ts';
import { mayI } from '../stores/session.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { bookedNow, nameOfHold, needsOf } from './hold.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';

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
 * Saves what a form says and, if that is wanted, books: the other time, then the details, then the booking, each
 * once. What is done stays done when a later one is refused or asks for a reason.
 */
export function saveForm(
  before: Case,
  wanted: Wanted,
  then: 'keep' | 'book',
  { overrideReason, again = null, atFields, done }: Form = {},
): Promise<void> {
  const { details, to, place } = wanted;
  const name = details.title ?? nameOfHold(before);
  let item = before;
  const isChanged = Object.keys(details).length > 0;
  const about = () => ({ caseId: item.id, place, title: details.title ?? item.title });
  type Send = (reason: string | undefined) => ReturnType<typeof sendChange>;
  const toDo: Send[] = [
    ...(to === null ? [] : [(reason?: string) => sendMove(item, to, details.minutes, reason, about())]),
    ...(isChanged ? [(reason?: string) => sendChange(item, item.version, details, reason, about())] : []),
    ...(then === 'book' ? [() => sendBook(item)] : []),
  ];
  const elsewhere = (instead: Place) => {
    const there = { ...wanted, to: { roomId: instead.roomId, start: instead.start }, place: instead };
    const form = { again, ...(atFields && { atFields }), ...(done && { done }) };
    void saveForm(caseNow(before.id) ?? item, there, then, form);
  };
  return perform(
    {
      title: then === 'book' ? deed.book(name) : deed.change(name),
      item: before,
      send: async (reason) => {
        for (let next = toDo[0]; next; next = toDo[0]) {
          const outcome = await next(reason);
          if (outcome.kind !== 'done') return outcome;
          item = outcome.reply.case;
          toDo.shift();
        }
        return { kind: 'done', reply: item } as const;
      },
      done: (after) => {
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

const sendChange = (
  item: Case,
  version: number,
  details: AddToDepot,
  reason: string | undefined,
  about: About,
) => command('changeCase', { ...on(item), body: { version, ...details, ...withReason(reason) } }, about);

const sendBook = (item: Case) =>
  command('confirmCase', { ...on(item), body: { to: 'scheduled' } }, { title: item.title });

function sendMove(
  item: Case,
  to: { roomId: string; start: string },
  minutes: number | undefined,
  reason: string | undefined,
  about: About,
) {
  const body = {
    version: item.version,
    ...to,
    ...(minutes !== undefined && { minutes }),
    ...withReason(reason),
  };
  return command('moveCase', { ...on(item), body }, about);
}

/** All of what it was: another procedure would otherwise bring its own length and equipment back with it. */
const changingBack = (before: Case, after: Case, { isMoved, isChanged }: Record<string, boolean>) => {
  const back = backWords.changed(nameOfHold(before));
  let item = after;
  const about = { caseId: before.id, place: null, title: before.title };
  return wayBack(back, [before.id], () => ({
    title: back.label,
    item: after,
    send: async (reason) => {
      if (isChanged && item === after) {
        const changed = await sendChange(before, versionOf(after), needsOf(before), reason, about);
        if (changed.kind !== 'done' || !isMoved) return changed;
        item = changed.reply.case;
      }
      if (!isPlaced(before)) throw new Error('What was moved had a place.');
      const { roomId, start, minutes } = before;
      const body = { version: versionOf(item), roomId, start, minutes, ...withReason(reason) };
      return command('moveCase', { ...on(before), body }, about);
    },
    done: ({ case: now }) => isSameAs(before, now),
    overrideReason: before.overrideReason ?? undefined,
  }));
};
