import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CaseReply, PlaceHold } from '@slate/shared/contract/cases';
import { minutesBetween } from '@slate/shared/time';
import { newHold } from '../preview/as-placed.ts';
import { surgeonFor } from '../preview/judge.ts';
import { announce } from '../stores/announcements.ts';
import { boardStore, caseName, nameOf } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { closeForm, openDialog } from '../stores/dialogs.ts';
import { carryDraft, see } from '../stores/drafts.ts';
import { expiredStore, forgetExpired } from '../stores/expired.ts';
import type { Expired } from '../stores/expired.ts';
import { placeOnBoard, placeWords, rangeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { canUndo, forgetUndoOf, isSameAs } from '../stores/undo.ts';
import { select, zoneNow } from '../stores/view.ts';
import { nameOfCase } from '../words/cases.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { timeWithSeconds } from '../words/time.ts';
import { toastDone, toastFinal, undoBy } from './outcome-toasts.ts';
import { on, send, withReason } from './send.ts';
import type { Request } from './send.ts';

const { titles, undo: undoWords, noWayBack } = wordsOfOutcome;

export type HoldDetails = Omit<Partial<PlaceHold>, 'roomId' | 'start' | 'blockId' | 'minutes'>;

/** Requests a hold; when it is granted, its form opens. */
export function holdAt(place: Place, details: HoldDetails = {}): Promise<void> {
  const { view } = boardStore.getState();
  const surgeonId = details.surgeonId ?? (view && surgeonFor(view, place)?.id);
  const known = { ...details, ...(surgeonId && { surgeonId }) };
  const { roomId, start, end } = place;
  return send(
    {
      command: 'placeHold',
      title: titles.hold(rangeWords(place)),
      item: null,
      input: (reason) => ({
        body: { ...known, roomId, start, minutes: minutesBetween(start, end), ...withReason(reason) },
      }),
      pending: [{ caseId: null, place, title: details.title ?? null }],
      placed: view ? [newHold(view, place, known)] : [],
      done: openHold,
      remedies: { asked: place, retry: (instead) => void holdAt(instead, details) },
    },
    details.overrideReason,
  );
}

/** Opens the form of a hold that was granted, and makes it possible to undo it. */
export function openHold({ case: item }: CaseReply) {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  see(item.id, item, false);
  // The next keys are meant for the hold, not for the case that had the cursor.
  if (isPlaced(item)) {
    const { id: caseId, roomId, start: at } = item;
    setCursor({ mode: 'case', caseId, roomId, at, minutes: null });
  }
  select(item.id);
  openDialog({ kind: 'hold', caseId: item.id });
  const until = item.expiresAt === null ? '' : timeWithSeconds(item.expiresAt, zoneNow());
  // The form shows the rest.
  announce(wordsOfOutcome.held(where, until));
  canUndo(
    undoBy(undoWords.held(where), [item.id], () => ({
      ...releasing(item, where),
      item: null,
      done: () => forgetUndoOf(item.id),
    })),
  );
}

const releasing = (item: Case, where: string) =>
  ({
    command: 'releaseHold',
    title: titles.release(where),
    item,
    input: () => on(item),
  }) satisfies Omit<Request<'releaseHold'>, 'done'>;

/** Releases a hold. Undo requests the same time again. */
export const releaseHold = (item: Case): Promise<void> => {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  return send({
    ...releasing(item, where),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      toastDone(wordsOfOutcome.released(where), {
        label: undoWords.released(where),
        caseIds: [item.id],
        run: () => holdAgain(item, after),
      });
    },
  });
};

/**
 * Requests an ended hold again with all its details: as a new case, or for the case that went back to the depot. `now` is
 * what became of it.
 */
export function holdAgain(item: Case, now: Case, place: Place | null = null): Promise<void> {
  const asked = place ?? placeOnBoard(item);
  const placement = (reason: string | undefined) => ({
    ...placementOf(item, place),
    minutes: item.minutes,
    ...withReason(reason),
  });
  const common = {
    title: titles.hold(isPlaced(item) ? rangeWords(place ?? item) : caseName(item)),
    item: null,
    pending: [{ caseId: now.state === 'depot' ? now.id : null, place: asked, title: item.title }],
    done: (reply: CaseReply) => {
      forgetExpired(item.id);
      openHold(reply);
      carryDraft(item.id, reply.case.id);
    },
    remedies: { asked, retry: (instead: Place) => void holdAgain(item, now, instead) },
  };
  const overrideReason = item.overrideReason ?? undefined;
  return now.state === 'depot'
    ? send(
        {
          ...common,
          command: 'placeCase',
          input: (reason) => ({ ...on(now), body: { version: now.version, ...placement(reason) } }),
        },
        overrideReason,
      )
    : send(
        {
          ...common,
          command: 'placeHold',
          input: (reason) => ({ body: { ...placement(reason), ...needsOf(item) } }),
        },
        overrideReason,
      );
}

/** Requests an expired hold again; the latest one if none is given. */
export function holdExpired(expired: Expired | undefined = expiredStore.getState().expired.at(-1)) {
  if (!expired) return;
  forgetExpired(expired.item.id);
  void holdAgain(expired.item, expired.now);
}
export const hasExpired = () => expiredStore.getState().expired.length > 0;

/** The place of a case in the form that commands take: a case on a list names its block. */
export function placementOf(item: Case, place: Place | null = null) {
  if (place) return { roomId: place.roomId, start: place.start };
  const { list, roomId, start } = item;
  if (list) return { blockId: list.blockId, ...(start !== null && { start }) };
  return { ...(roomId !== null && { roomId }), ...(start !== null && { start }) };
}

/** All details of a case, to send them again. */
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
  send({
    command: 'extendHold',
    title: titles.extend(nameOfHold(item)),
    item,
    input: () => on(item),
    done: ({ case: after }) => {
      keepUndo(item, after);
      const until = after.expiresAt === null ? '' : timeWithSeconds(after.expiresAt, zoneNow());
      const name = nameOfHold(after);
      toastFinal(wordsOfOutcome.extended(name, until), item.id, noWayBack.extended(name));
    },
  });

export const takeOver = (item: Case): Promise<void> =>
  send({
    command: 'takeOverHold',
    title: titles.takeOver(nameOfHold(item)),
    item,
    input: () => on(item),
    done: ({ case: after }) => {
      forgetUndoOf(item.id);
      const text = wordsOfOutcome.takenOver(nameOfHold(after), item.holder?.name ?? '');
      toastFinal(text, item.id, noWayBack.takenOver(nameOfHold(after)));
    },
  });

/** Books a hold as it is. A form with changes saves and books in one command (`edit.ts`). */
export const bookHold = (item: Case): Promise<void> =>
  send({
    command: 'confirmCase',
    title: titles.book(nameOfHold(item)),
    item,
    input: () => ({ ...on(item), body: { to: 'scheduled' as const } }),
    done: ({ case: after }) => closeBooked(after),
  });

export function closeBooked(item: Case) {
  closeForm(item.id);
  forgetUndoOf(item.id);
  const text = wordsOfOutcome.booked(nameOfCase(item), isPlaced(item) ? placeWords(item) : '');
  toastFinal(text, item.id, noWayBack.booked(caseName(item)));
}

/** A hold without a title is named by its room. */
export const nameOfHold = (item: Case) =>
  item.title === null && item.roomId !== null ? nameOf(item.roomId) : caseName(item);

/** Earlier undo steps stay valid: this command changed nothing that they depend on, unless somebody else changed the case too. */
export function keepUndo(before: Case, after: Case) {
  if (after.version === before.version + 1) isSameAs(before, after);
}
