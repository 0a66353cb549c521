import { changeNeeds } from '@slate/shared/case-draft';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import type { AddToDepot, CaseReply } from '@slate/shared/contract/cases';
import { mayBeDone, placeholderOf } from '@slate/shared/queue';
import type { Requested } from '@slate/shared/queue';
import { hasFields } from '@slate/shared/queue-input';
import { asPlaced } from '../preview/as-placed.ts';
import { boardStore, caseNow } from '../stores/board.ts';
import { dialogStore, openDialog } from '../stores/dialogs.ts';
import { moveDraft, draftOf, draftStore, updateDraft } from '../stores/drafts.ts';
import { rangeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { isUnanswered, queueNow, queueStore } from '../stores/queue.ts';
import { sessionStore } from '../stores/session.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { undoOfRequest } from '../stores/undo.ts';
import type { UndoOf } from '../stores/undo.ts';
import { stepOfBooking, toastNotSaved } from './outcome-toasts.ts';
import { enqueue } from './queue.ts';
import type { ToQueue } from './queue.ts';
import { takeBack, toastQueued } from './take-back.ts';

// A hold that waits in the queue has no case yet. In its form, a placeholder stands for the case.

const { titles } = wordsOfOutcome;

export const isPlaceholder = (caseId: string) => caseId.startsWith('@');
export const requestOf = (caseId: string): Requested | undefined => queueNow().inPlaceOf(caseId.slice(1));

/** Whether the request has no answer yet, or was granted a moment ago and the form has not switched to its case. */
export const isStillRequested = (requested: Requested): boolean =>
  isUnanswered(requested) || requested.state === 'done';

/** Opens the form of a hold that was requested. */
export function openRequestedHold(requestId: string, item: PlacedCase) {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return;
  const { id, name } = session.me;
  const caseId = placeholderOf(requestId);
  updateDraft(caseId, { ...item, id: caseId, holder: { id, name }, expiresAt: null }, false);
  openDialog({ kind: 'hold', caseId });
}

export type FormChanges = {
  readonly details: AddToDepot;
  /** The entered start in the same room; may be wall-clock time of the site. Null: unchanged. */
  readonly start: { roomId: string; start: string } | null;
  /** The resulting place, drawn until the reply arrives. */
  readonly place: Place | null;
};

/** Saves the form of a requested hold: replaces the request, or adds another one if the first may have been done. */
export async function saveRequestedHold(
  before: Case,
  { details, start, place }: FormChanges,
  then: 'keep' | 'book',
): Promise<boolean> {
  const requested = requestOf(before.id);
  if (!requested || !isStillRequested(requested)) return false;
  const { request } = requested;
  const title = details.title ?? before.title;
  const onHold = {
    params: { case: before.id },
    cases: [{ caseId: before.id, place, title }],
    wasSent: false,
  };
  const placed = asChanged(before, details, place);
  const isChanged = Object.keys(details).length > 0 || start !== null;
  const name = title ?? (place ? rangeWords(place) : request.title);
  if (isChanged) {
    const replacement = replacementOf(requested, { details, start, place }, title);
    const change: Omit<ToQueue, 'key'> = replacement ?? {
      ...onHold,
      name: 'changeCase',
      body: { version: 1, ...details, ...start },
      title: titles.change(name),
    };
    const undoOf = replacement && undoOfRequest(request.id);
    const queued = await enqueueWithToast(change, placed, undoOf);
    // It was sent at this moment: the changes are a request of their own.
    if (queued === 'too_late') return saveRequestedHold(before, { details, start, place }, then);
    if (queued === 'not_saved') return false;
  }
  if (then === 'keep') return true;
  const booking: Omit<ToQueue, 'key'> = {
    ...onHold,
    name: 'confirmCase',
    body: { to: 'scheduled' },
    title: titles.book(name),
  };
  const undoOf: UndoOf = (reply) => stepOfBooking((reply as CaseReply).case);
  return (await enqueueWithToast(booking, placed, undoOf)) === 'queued';
}

/** Returns the request with these changes; null if it cannot be replaced, because it may have been done. */
function replacementOf(
  requested: Requested,
  { details, start, place }: FormChanges,
  title: string | null,
): Omit<ToQueue, 'key'> | null {
  const { request, result, closed } = requested;
  const { id, command, body } = request;
  const isOpen = result === null && closed === null && !mayBeDone(requested);
  if (!isOpen || command !== 'placeHold' || !hasFields(body)) return null;
  return {
    name: 'placeHold',
    params: {},
    body: { ...body, ...details, ...start },
    title: place ? titles.hold(rangeWords(place)) : request.title,
    cases: [{ caseId: null, place, title }],
    wasSent: false,
    replaces: id,
  };
}

/** Returns the hold with these changes; none while no board is shown. */
function asChanged(before: Case, details: AddToDepot, place: Place | null): PlacedCase[] {
  const { view } = boardStore.getState();
  if (!view) return [];
  const { procedures, site } = view.board;
  const resourceOf = (id: string | null | undefined) => view.resources.get(id ?? '') ?? null;
  const item = changeNeeds(before, details, {
    procedure: procedures.find(({ id }) => id === details.procedureId) ?? null,
    room: resourceOf(place?.roomId ?? before.roomId),
    surgeon: resourceOf(details.surgeonId),
    settings: site.settings,
  });
  if (place) return [asPlaced(view, item, place)];
  return isPlaced(item) ? [item] : [];
}

/** `too_late`: the request that it replaces was sent, answered or closed in the meantime. */
async function enqueueWithToast(
  command: Omit<ToQueue, 'key'>,
  placed: readonly PlacedCase[],
  undoOf: UndoOf | null,
): Promise<'queued' | 'too_late' | 'not_saved'> {
  const key = crypto.randomUUID();
  try {
    if (!(await enqueue({ ...command, key }))) return 'too_late';
    toastQueued(key, placed, undoOf);
    return 'queued';
  } catch (error) {
    toastNotSaved(command.title, (error as Error).message);
    return 'not_saved';
  }
}

export async function releaseRequestedHold(item: Case): Promise<void> {
  const requested = requestOf(item.id);
  if (requested) await takeBack(requested.request.id);
}

/** Turns the form of a requested hold into the form of the hold when the hold is placed. */
export function followRequestedHolds(): () => void {
  const replaceForms = () => {
    for (const key of draftStore.getState().drafts.keys()) {
      const result = isPlaceholder(key) ? requestOf(key)?.result : null;
      const item = result?.kind === 'done' ? caseNow(result.cases[0]?.id ?? '') : undefined;
      if (!item || !draftOf(key)) continue;
      const { dialog } = dialogStore.getState();
      updateDraft(item.id, item, true);
      moveDraft(key, item.id);
      if (dialog?.kind === 'hold' && dialog.caseId === key) openDialog({ kind: 'hold', caseId: item.id });
    }
  };
  const stops = [boardStore.subscribe(replaceForms), queueStore.subscribe(replaceForms)];
  return () => stops.forEach((stop) => stop());
}
