import type { GivenReason } from '@slate/shared/reasons';
import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { AddToDepot, CaseReply } from '@slate/shared/contract/cases';
import { minutesBetween } from '@slate/shared/time';
import { asPlaced } from '../preview/as-placed.ts';
import { boardStore, caseName, caseNow } from '../stores/board.ts';
import { openDialog } from '../stores/dialogs.ts';
import { placeOnBoard, placeWords, rangeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { caseBefore, treatAsSame, versionOf } from '../stores/undo.ts';
import type { Undo } from '../stores/undo.ts';
import { select } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { finalStep, toastDone } from './outcome-toasts.ts';
import type { FormCallbacks } from './edit.ts';
import { pendingOf } from '../stores/intents.ts';
import { openHold, placementOf, stepOfHold } from './hold.ts';
import { caseParams, overrideOf, reasonIn, send, withReason } from './send.ts';

const { titles, undo: undoWords, cannotUndo } = wordsOfOutcome;

/** Holds a time for a depot case and opens its form. Releasing the hold returns the case to the depot. */
export const placeFromDepot = (
  item: Case,
  place: Place,
  overrideReason?: GivenReason,
  beforeSend: () => void = () => {},
): Promise<void> =>
  send(
    {
      command: 'placeCase',
      title: titles.hold(rangeWords(place)),
      item,
      input: (reason) => {
        const { roomId, start, end } = place;
        const minutes = minutesBetween(start, end);
        return {
          ...caseParams(item),
          body: { version: item.version, roomId, start, minutes, ...withReason(reason) },
        };
      },
      pending: [{ caseId: item.id, place, title: item.title }],
      placed: [asPlaced(boardStore.getState().view, item, place)],
      beforeSend,
      undo: stepOfHold,
      done: openHold,
      remedies: {
        requested: place,
        retryAt: (instead) => void placeFromDepot(caseNow(item.id) ?? item, instead, overrideReason),
        repeat: () => void placeFromDepot(caseNow(item.id) ?? item, place, overrideReason),
      },
    },
    overrideReason,
  );

/** Moves a case to the depot; asks for a reason first. */
export function bumpCase(item: Case, reason?: GivenReason): Promise<void> {
  const title = titles.bump(caseName(item));
  if (reason === undefined) {
    const submit = (entered: GivenReason) => void bumpCase(item, entered);
    openDialog({ kind: 'reason', for: 'bump', title, caseId: item.id, cautions: [], placed: [], submit });
    return Promise.resolve();
  }
  return send({
    command: 'bumpCase',
    title,
    item,
    input: () => ({ ...caseParams(item), body: { version: item.version, ...reasonIn(reason) } }),
    undo: (reply) => stepOfBump(item, reply),
    done: (_reply, undo) => toastDone(wordsOfOutcome.bumped(caseName(item)), undo),
    remedies: { repeat: () => void bumpCase(caseNow(item.id) ?? item, reason) },
  });
}

/** The step of a bump books the case at its old time. */
export function stepOfBump(item: Case, { case: after }: CaseReply): Undo {
  const before = caseBefore(item, after);
  const back = undoWords.bumped(caseName(before), isPlaced(before) ? placeWords(before) : '');
  const run = () => placeAndBook(before, after, back);
  return { label: back.label, caseIds: [item.id], run };
}

/** Undoes a bump: books the case at its old time, and confirms it if it was confirmed. */
function placeAndBook(
  before: Case,
  after: Case,
  { label, undone }: { label: string; undone: string },
): Promise<void> {
  return send(
    {
      command: 'placeCase',
      title: label,
      item: after,
      input: (reason) => ({
        ...caseParams(after),
        body: {
          version: versionOf(after),
          ...placementOf(before),
          minutes: before.minutes,
          to: before.state === 'confirmed' ? ('confirmed' as const) : ('scheduled' as const),
          ...withReason(reason),
        },
      }),
      pending: [pendingOf(before)],
      undo: ({ case: now }) => {
        treatAsSame(before, now);
        return null;
      },
      done: () => toastDone(undone),
      remedies: {
        requested: placeOnBoard(before),
        retryAt: (instead) => void placeFromDepot(caseNow(after.id) ?? after, instead),
      },
    },
    overrideOf(before) ?? undefined,
  );
}

/** The step of a case that was added to the depot. */
export const stepOfAdding = ({ case: item }: CaseReply): Undo =>
  finalStep(item.id, cannotUndo.added(caseName(item)));

/** Adds a case to the depot. `content`: the contents of the form, so that sending them again does not add a second case. */
export const addToDepot = (
  details: AddToDepot,
  { showAtFields, done, content }: FormCallbacks & { content?: object } = {},
): Promise<void> =>
  send({
    command: 'addToDepot',
    title: titles.add(details.title ?? ''),
    item: null,
    input: () => ({ body: details }),
    content,
    undo: stepOfAdding,
    done: ({ case: item }, undo) => {
      done?.();
      select(item.id);
      toastDone(wordsOfOutcome.added(caseName(item)), undo);
    },
    queued: () => done?.(),
    remedies: { ...(showAtFields && { showAtFields }) },
  });
