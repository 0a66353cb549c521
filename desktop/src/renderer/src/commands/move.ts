import type { GivenReason } from '@slate/shared/reasons';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { addMinutes, minutesBetween } from '@slate/shared/time';
import { goToDayOf } from '../board/show-case.ts';
import { asPlaced } from '../preview/as-placed.ts';
import { boardStore, caseName, caseNow } from '../stores/board.ts';
import { pendingOf } from '../stores/intents.ts';
import { placeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { caseBefore, treatAsSame, versionOf } from '../stores/undo.ts';
import { isDayShown } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { toastDone } from './outcome-toasts.ts';
import { nameOfHold, detailsOf, placementOf } from './hold.ts';
import { caseParams, overrideOf, send, undoBy, withReason } from './send.ts';
import type { Compensation, Request } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/**
 * Moves or resizes a case. `beforeSend` is called just before sending, when no reason is missing. `moved` is called when it is
 * done; without it, the board follows the case to a day that is not shown.
 */
export const moveTo = (
  item: PlacedCase,
  place: Place,
  overrideReason?: GivenReason,
  beforeSend: () => void = () => {},
  moved?: () => void,
): Promise<void> => {
  const name = nameOfHold(item);
  const isResize = place.roomId === item.roomId && place.start === item.start;
  const { roomId, start, end } = place;
  const minutes = minutesBetween(start, end);
  const length = duration(minutes);
  // As the person saw it: a later step to another day must not be taken back.
  const isFollowed = !isDayShown(start);
  return send(
    {
      command: 'moveCase',
      title: isResize ? titles.resize(name, length) : titles.move(name, placeWords(place)),
      item,
      input: (reason) => ({
        ...caseParams(item),
        body: { version: item.version, roomId, start, minutes, ...withReason(reason) },
      }),
      pending: [{ caseId: item.id, place, title: item.title }],
      placed: [asPlaced(boardStore.getState().view, item, place)],
      beforeSend,
      undo: ({ case: after }) => {
        const before = placedBefore(item, after);
        const back = isResize
          ? undoWords.resized(name, duration(before.minutes))
          : undoWords.moved(name, placeWords(before));
        return undoBy(
          back,
          [item.id],
          () => restoreRequest(back.label, before, after, { needs: false, place: true }),
          overrideOf(before),
        );
      },
      done: ({ case: after }, undo) => {
        const text = isResize
          ? wordsOfOutcome.resized(name, length)
          : wordsOfOutcome.moved(name, placeWords(place));
        toastDone(text, undo);
        if (moved) moved();
        else if (isFollowed && isPlaced(after)) goToDayOf(after);
      },
      remedies: {
        requested: place,
        retryAt: (instead) => void moveTo(latest(item), instead, overrideReason, undefined, moved),
        repeat: () => void moveTo(latest(item), place, overrideReason, undefined, moved),
      },
    },
    overrideReason,
  );
};

/**
 * Returns the command that restores a case to `before` if nobody has changed it since `after`. With `needs` it sends all
 * details, because the procedure fills in the ones that are missing. A place on a list is requested as a place on the list.
 */
export const restoreRequest = (
  title: string,
  before: Case,
  after: Case,
  { needs, place }: { needs: boolean; place: boolean },
): Compensation<'changeCase'> => ({
  command: 'changeCase',
  title,
  item: after,
  input: (reason) => ({
    ...caseParams(before),
    body: {
      version: versionOf(after),
      ...(needs && detailsOf(before)),
      ...(place && {
        ...placementOf(before),
        minutes: before.minutes,
        setupMinutes: before.setupMinutes,
        cleanupMinutes: before.cleanupMinutes,
      }),
      // Removes the reason if there was none before.
      ...(reason ? withReason(reason) : { overrideReason: null }),
    },
  }),
  pending: [{ ...pendingOf(before), ...(!place && { place: null }) }],
  undo: ({ case: now }) => {
    treatAsSame(before, now);
    return null;
  },
});

/** The same as `caseBefore`, for a command on a case with a place. */
export function placedBefore(item: PlacedCase, after: Case): PlacedCase {
  const before = caseBefore(item, after);
  return isPlaced(before) ? before : item;
}

/** Returns the case from the board; if it is not on the board, as last seen. */
function latest(item: PlacedCase): PlacedCase {
  const now = caseNow(item.id);
  return now && isPlaced(now) ? now : item;
}

/** Swaps the places of two cases; each keeps its length. */
export const swap = (first: PlacedCase, second: PlacedCase): Promise<void> => {
  const names = [caseName(first), caseName(second)] as const;
  const placed = [atPlaceOf(first, second), atPlaceOf(second, first)];
  return send({
    ...swapRequest(titles.swap(...names), first, second),
    pending: placed.map(pendingOf),
    placed,
    undo: ({ cases: [firstAfter = first, secondAfter = second] }) => {
      const [firstBefore, secondBefore] = [caseBefore(first, firstAfter), caseBefore(second, secondAfter)];
      const back = undoWords.swapped(...names);
      return undoBy(back, [first.id, second.id], () => ({
        ...swapRequest(back.label, firstAfter, secondAfter),
        pending: [pendingOf(firstBefore), pendingOf(secondBefore)],
        undo: ({ cases: [firstNow, secondNow] }) => {
          if (firstNow) treatAsSame(firstBefore, firstNow);
          if (secondNow) treatAsSame(secondBefore, secondNow);
          return null;
        },
      }));
    },
    done: (_reply, undo) => toastDone(wordsOfOutcome.swapped(...names), undo),
    remedies: { repeat: () => void swap(latest(first), latest(second)) },
  });
};

/** Returns the case at the start of the other one, with its own length. */
const atPlaceOf = (item: PlacedCase, { roomId, start }: PlacedCase) =>
  asPlaced(boardStore.getState().view, item, { roomId, start, end: addMinutes(start, item.minutes) });

const swapRequest = (title: string, first: Case, second: Case) =>
  ({
    command: 'swapCases',
    title,
    item: first,
    input: (reason) => ({
      body: { first: versioned(first), second: versioned(second), ...withReason(reason) },
    }),
  }) satisfies Omit<Request<'swapCases'>, 'done'>;

const versioned = (item: Case) => ({ caseId: item.id, version: versionOf(item) });
