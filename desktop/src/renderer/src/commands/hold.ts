import type { Case } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import type { CaseReply, PlaceHold } from '@slate/shared/contract/cases';
import { minutesBetween } from '@slate/shared/time';
import { newHold } from '../preview/as-placed.ts';
import { surgeonFor } from '../preview/judge.ts';
import { boardStore, caseName, nameOf } from '../stores/board.ts';
import { command, on } from './command.ts';
import type { Place } from '../stores/place.ts';
import { placeOnBoard } from '../stores/place.ts';
import { setCursor } from '../stores/cursor.ts';
import { closeForm, openDialog } from '../stores/dialogs.ts';
import { carryDraft, see } from '../stores/drafts.ts';
import { forgetExpired } from '../stores/expired.ts';
import { announce } from '../stores/announcements.ts';
import { canUndo, forgetUndoOf, isSameAs } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { select, zoneNow } from '../stores/view.ts';
import { nameOfCase } from '../words/cases.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { timeWithSeconds } from '../words/time.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, tellDoneForGood, wayBack } from './tell.ts';
import { placeWords, rangeWords } from './where.ts';

const { deed, undo: backWords, noWayBack } = wordsOfOutcome;

export type HoldDetails = Omit<Partial<PlaceHold>, 'roomId' | 'start' | 'blockId' | 'minutes'>;

/** Asks for a hold; when it is granted, its form opens. */
export function holdAt(place: Place, details: HoldDetails = {}): Promise<void> {
  const { view } = boardStore.getState();
  const surgeonId = details.surgeonId ?? (view && surgeonFor(view, place)?.id);
  const said = { ...details, ...(surgeonId && { surgeonId }) };
  return perform(
    {
      title: deed.hold(rangeWords(place)),
      item: null,
      send: (overrideReason) => {
        const { roomId, start, end } = place;
        const body = { ...said, roomId, start, minutes: minutesBetween(start, end) };
        const about = { place, title: details.title ?? null };
        return command('placeHold', { body: { ...body, ...withReason(overrideReason) } }, about);
      },
      done: (reply) => heldNow(reply),
      placed: view ? [newHold(view, place, said)] : [],
      remedies: { asked: place, retry: (instead) => void holdAt(instead, details) },
    },
    details.overrideReason,
  );
}

/** A hold has been granted: its form opens, and it can be given back. */
export function heldNow({ case: item }: CaseReply) {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  see(item.id, item, false);
  // What is pressed next is meant for it, not for the case it was held from.
  if (isPlaced(item)) {
    const { id: caseId, roomId, start: at } = item;
    setCursor({ mode: 'case', caseId, roomId, at, minutes: null });
  }
  select(item.id);
  openDialog({ kind: 'hold', caseId: item.id });
  const until = item.expiresAt === null ? '' : timeWithSeconds(item.expiresAt, zoneNow());
  // Its form says the rest.
  announce(wordsOfOutcome.held(where, until));
  canUndo(givingBack(item, where));
}

const givingBack = (item: Case, where: string): Undo =>
  wayBack(backWords.held(where), [item.id], () => ({
    title: deed.release(where),
    item: null,
    send: () => command('releaseHold', on(item), { title: item.title }),
    done: () => forgetUndoOf(item.id),
  }));

/** Gives a hold back. Whoever did not mean it gets the time again, if nobody was faster. */
export const releaseHold = (item: Case): Promise<void> => {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  return perform({
    title: deed.release(where),
    item,
    send: () => command('releaseHold', on(item), { title: item.title }),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      const label = backWords.released(where);
      tellDone(wordsOfOutcome.released(where), {
        label,
        caseIds: [item.id],
        run: () => holdAgain(item, after),
      });
    },
  });
};

/**
 * The same hold once more, with all it was: a new case, or the one that went back to the depot when its hold
 * ended. `now` is what became of it.
 */
export const holdAgain = (item: Case, now: Case, place: Place | null = null): Promise<void> =>
  perform(
    {
      title: deed.hold(isPlaced(item) ? rangeWords(place ?? item) : caseName(item)),
      item: null,
      send: (overrideReason) => {
        const to = { ...placementOf(item, place), minutes: item.minutes, ...withReason(overrideReason) };
        const about = { place: place ?? placeOnBoard(item), title: item.title };
        return now.state === 'depot'
          ? command('placeCase', { ...on(now), body: { version: now.version, ...to } }, about)
          : command('placeHold', { body: { ...to, ...needsOf(item) } }, about);
      },
      done: (reply) => {
        forgetExpired(item.id);
        heldNow(reply);
        carryDraft(item.id, reply.case.id);
      },
      remedies: {
        asked: place ?? placeOnBoard(item),
        retry: (instead) => void holdAgain(item, now, instead),
      },
    },
    item.overrideReason ?? undefined,
  );

/** Where a case stands, in the form that commands take: a case on a list names its block. */
export function placementOf(item: Case, place: Place | null = null) {
  if (place) return { roomId: place.roomId, start: place.start };
  const { list, roomId, start } = item;
  if (list) return { blockId: list.blockId, ...(start !== null && { start }) };
  return { ...(roomId !== null && { roomId }), ...(start !== null && { start }) };
}

/** Whatever was said of a case, to say it again. */
export const needsOf = (item: Case) => ({
  procedureId: item.procedureId,
  title: item.title,
  surgeonId: item.surgeonId,
  service: item.service,
  patientRef: item.patientRef,
  equipment: item.equipment,
  bed: item.bed,
  minutes: item.minutes,
  setupMinutes: item.setupMinutes,
  cleanupMinutes: item.cleanupMinutes,
  urgency: item.urgency,
  dueBy: item.dueBy,
  note: item.note,
});

export const extendHold = (item: Case): Promise<void> =>
  perform({
    title: deed.extend(nameOfHold(item)),
    item,
    send: () => command('extendHold', on(item), { title: item.title }),
    done: ({ case: after }) => {
      goesOn(item, after);
      const until = after.expiresAt === null ? '' : timeWithSeconds(after.expiresAt, zoneNow());
      const name = nameOfHold(after);
      tellDoneForGood(wordsOfOutcome.extended(name, until), item.id, noWayBack.extended(name));
    },
  });

export const takeOver = (item: Case): Promise<void> =>
  perform({
    title: deed.takeOver(nameOfHold(item)),
    item,
    send: () => command('takeOverHold', on(item), { title: item.title }),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      const text = wordsOfOutcome.takenOver(nameOfHold(after), item.holder?.name ?? '');
      tellDoneForGood(text, item.id, noWayBack.takenOver(nameOfHold(after)));
    },
  });

/** Books a hold as it is; what was changed in its form is saved first (`edit.ts`). */
export const bookHold = (item: Case): Promise<void> =>
  perform({
    title: deed.book(nameOfHold(item)),
    item,
    send: () => command('confirmCase', { ...on(item), body: { to: 'scheduled' } }, { title: item.title }),
    done: ({ case: after }) => bookedNow(after),
  });

export function bookedNow(item: Case) {
  closeForm(item.id);
  forgetUndoOf(item.id);
  const text = wordsOfOutcome.booked(nameOfCase(item), isPlaced(item) ? placeWords(item) : '');
  tellDoneForGood(text, item.id, noWayBack.booked(caseName(item)));
}

/** What is not yet said is told by its place. */
export const nameOfHold = (item: Case) =>
  item.title === null && item.roomId !== null ? nameOf(item.roomId) : caseName(item);

/** Nothing that a step back depends on has changed, unless somebody else was there too. */
export function goesOn(before: Case, after: Case) {
  if (after.version === before.version + 1) isSameAs(before, after);
}
