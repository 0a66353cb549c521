import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { AddToDepot, CaseReply } from '@slate/shared/contract/cases';
import { placeholderOf } from '@slate/shared/queue';
import type { GivenReason } from '@slate/shared/reasons';
import { minutesBetween } from '@slate/shared/time';
import { goToDayOf } from '../board/show-case.ts';
import { newHold } from '../preview/as-placed.ts';
import { surgeonFor } from '../preview/judge.ts';
import { announce } from '../stores/announcements.ts';
import { boardStore, caseName, nameOf } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import { closeForm, openDialog } from '../stores/dialogs.ts';
import { moveDraft, updateDraft } from '../stores/drafts.ts';
import { expiredStore, forgetExpired } from '../stores/expired.ts';
import type { Expired } from '../stores/expired.ts';
import { placeOnBoard, placeWords, rangeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { addUndo, caseBefore, forgetUndoOf, treatAsSame } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { isDayShown, select, showDays, zoneNow } from '../stores/view.ts';
import { nameOfCase } from '../words/cases.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { timeWithSeconds } from '../words/time.ts';
import { finalStep, stepOfBooking, toastDone } from './outcome-toasts.ts';
import { isPlaceholder, openRequestedHold, releaseRequestedHold } from './requested-hold.ts';
import { caseParams, overrideOf, reasonIn, send, undoBy, withReason } from './send.ts';
import type { Request } from './send.ts';

const { titles, undo: undoWords, cannotUndo } = wordsOfOutcome;

export type HoldDetails = Omit<AddToDepot, 'minutes'>;

/** Requests a hold and opens its form. */
export function holdAt(place: Place, details: HoldDetails = {}): Promise<void> {
  const { view } = boardStore.getState();
  const surgeonId = details.surgeonId ?? (view && surgeonFor(view, place)?.id);
  const withSurgeon = { ...details, ...(surgeonId && { surgeonId }) };
  const { roomId, start, end } = place;
  return send({
    command: 'placeHold',
    title: titles.hold(rangeWords(place)),
    item: null,
    input: (reason) => ({
      body: { ...withSurgeon, roomId, start, minutes: minutesBetween(start, end), ...withReason(reason) },
    }),
    pending: [{ caseId: null, place, title: details.title ?? null }],
    placed: view ? [newHold(view, place, withSurgeon)] : [],
    undo: stepOfHold,
    done: openHold,
    queued: (id) => {
      if (view) openRequestedHold(id, newHold(view, place, withSurgeon));
    },
    remedies: { requested: place, retryAt: (instead) => void holdAt(instead, details) },
  });
}

/** Opens the form of a new hold, on its day. */
export function openHold({ case: item }: CaseReply, undo: Undo | null) {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  updateDraft(item.id, item, false);
  // The next keys are meant for the hold, not for the case that had the cursor.
  if (isPlaced(item)) {
    const { id: caseId, roomId, start: at } = item;
    setCursor({ mode: 'case', caseId, roomId, at, minutes: null });
  }
  select(item.id);
  // The names of the sentences are read before: the board of another day is not there yet.
  if (isPlaced(item) && !isDayShown(item.start)) goToDayOf(item);
  else showDays();
  openDialog({ kind: 'hold', caseId: item.id });
  const until = item.expiresAt === null ? '' : timeWithSeconds(item.expiresAt, zoneNow());
  // The form shows everything else.
  announce(wordsOfOutcome.held(where, until));
  if (undo) addUndo(undo);
}

/** The step of a new hold releases it. */
export function stepOfHold({ case: item }: CaseReply): Undo {
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  return undoBy(undoWords.held(where), [item.id], () => ({
    ...releaseRequest(item, where),
    item: null,
    undo: () => {
      forgetUndoOf(item.id);
      return null;
    },
  }));
}

const releaseRequest = (item: Case, where: string, reason?: GivenReason) =>
  ({
    command: 'releaseHold',
    title: titles.release(where),
    item,
    input: () => ({ ...caseParams(item), body: reason ? reasonIn(reason) : {} }),
  }) satisfies Omit<Request<'releaseHold'>, 'done'>;

/** Asks for a reason, then releases a hold. */
export function releaseWithReason(item: Case): void {
  const title = titles.release(isPlaced(item) ? rangeWords(item) : caseName(item));
  const submit = (reason: GivenReason) => void releaseHold(item, reason);
  openDialog({ kind: 'reason', for: 'release', title, caseId: item.id, cautions: [], placed: [], submit });
}

/** Releases a hold. Undo requests the same time again. */
export const releaseHold = (item: Case, reason?: GivenReason): Promise<void> => {
  if (isPlaceholder(item.id)) return releaseRequestedHold(item);
  const where = isPlaced(item) ? rangeWords(item) : caseName(item);
  return send({
    ...releaseRequest(item, where, reason),
    undo: ({ case: after }) => {
      forgetUndoOf(item.id);
      return {
        label: undoWords.released(where),
        caseIds: [item.id],
        run: () => holdAgain(item, after),
      };
    },
    done: (_reply, undo) => toastDone(wordsOfOutcome.released(where), undo),
  });
};

/**
 * Requests an ended hold again with all its details: as a new case, or for the case that returned to the depot. `now` is
 * the case after the hold ended.
 */
export function holdAgain(item: Case, now: Case, place: Place | null = null): Promise<void> {
  const requested = place ?? placeOnBoard(item);
  const placement = (reason: GivenReason | undefined) => ({
    ...placementOf(item, place),
    minutes: item.minutes,
    ...withReason(reason),
  });
  const common = {
    title: titles.hold(isPlaced(item) ? rangeWords(place ?? item) : caseName(item)),
    item: null,
    pending: [{ caseId: now.state === 'depot' ? now.id : null, place: requested, title: item.title }],
    undo: stepOfHold,
    done: (reply: CaseReply, undo: Undo | null) => {
      forgetExpired(item.id);
      openHold(reply, undo);
      moveDraft(item.id, reply.case.id);
    },
    queued: (id: string) => {
      forgetExpired(item.id);
      if (now.state === 'depot' || !isPlaced(item)) return closeForm(item.id);
      openRequestedHold(id, { ...item, ...place });
      moveDraft(item.id, placeholderOf(id));
    },
    remedies: { requested, retryAt: (instead: Place) => void holdAgain(item, now, instead) },
  };
  const overrideReason = overrideOf(item) ?? undefined;
  return now.state === 'depot'
    ? send(
        {
          ...common,
          command: 'placeCase',
          input: (reason) => ({ ...caseParams(now), body: { version: now.version, ...placement(reason) } }),
        },
        overrideReason,
      )
    : send(
        {
          ...common,
          command: 'placeHold',
          input: (reason) => ({ body: { ...placement(reason), ...detailsOf(item) } }),
        },
        overrideReason,
      );
}

/** Requests an expired hold again, by default the latest one. */
export function holdExpired(expired: Expired | undefined = expiredStore.getState().expired.at(-1)) {
  if (!expired) return;
  forgetExpired(expired.item.id);
  void holdAgain(expired.item, expired.now);
}
export const hasExpired = () => expiredStore.getState().expired.length > 0;

/** Returns the place of a case as command input: a case on a list names its block. */
export function placementOf(item: Case, place: Place | null = null) {
  if (place) return { roomId: place.roomId, start: place.start };
  const { list, roomId, start } = item;
  if (list) return { blockId: list.blockId, ...(start !== null && { start }) };
  return { ...(roomId !== null && { roomId }), ...(start !== null && { start }) };
}

/** Returns all details of a case, to send them again. */
export const detailsOf = (item: Case) => ({
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
    input: () => caseParams(item),
    undo: ({ case: after }) => {
      keepEarlierUndo(item, after);
      return finalStep(item.id, cannotUndo.extended(nameOfHold(after)));
    },
    done: ({ case: after }, undo) => {
      const until = after.expiresAt === null ? '' : timeWithSeconds(after.expiresAt, zoneNow());
      toastDone(wordsOfOutcome.extended(nameOfHold(after), until), undo);
    },
  });

export const takeOver = (item: Case): Promise<void> =>
  send({
    command: 'takeOverHold',
    title: titles.takeOver(nameOfHold(item)),
    item,
    input: () => caseParams(item),
    undo: ({ case: after }) => {
      forgetUndoOf(item.id);
      return finalStep(item.id, cannotUndo.takenOver(nameOfHold(after)));
    },
    done: ({ case: after }, undo) =>
      toastDone(wordsOfOutcome.takenOver(nameOfHold(after), item.holder?.name ?? ''), undo),
  });

/** Books a hold as it is. A form with changes saves and books in one command (`edit.ts`). */
export const bookHold = (item: Case): Promise<void> =>
  send({
    command: 'confirmCase',
    title: titles.book(nameOfHold(item)),
    item,
    input: () => ({ ...caseParams(item), body: { to: 'scheduled' as const } }),
    undo: ({ case: after }) => stepOfBooking(after),
    done: ({ case: after }, undo) => closeBooked(after, undo),
  });

export function closeBooked(item: Case, undo: Undo | null) {
  closeForm(item.id);
  toastDone(wordsOfOutcome.booked(nameOfCase(item), isPlaced(item) ? placeWords(item) : ''), undo);
}

/** Returns the name of a case; a hold without a title is named by its room. */
export const nameOfHold = (item: Case) =>
  item.title === null && item.roomId !== null ? nameOf(item.roomId) : caseName(item);

/** Keeps earlier undo steps valid after a command that does not affect them, unless somebody else changed the case too. */
export function keepEarlierUndo(item: Case, after: Case) {
  const before = caseBefore(item, after);
  if (after.version === before.version + 1) treatAsSame(before, after);
}
