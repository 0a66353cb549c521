import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { addMinutes, minutesBetween } from '@slate/shared/time';
import { asPlaced } from '../preview/as-placed.ts';
import { caseName, caseNow } from '../stores/board.ts';
import { pendingOf } from '../stores/intents.ts';
import { placeWords } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { toastDone, undoBy } from './outcome-toasts.ts';
import { nameOfHold, needsOf, placementOf } from './hold.ts';
import { on, send, withReason } from './send.ts';
import type { Request } from './send.ts';

const { titles, undo: undoWords } = wordsOfOutcome;

/** Moves or resizes a case. `sending` is called when nothing is asked any more. */
export const moveTo = (
  item: PlacedCase,
  place: Place,
  overrideReason?: string,
  sending: () => void = () => {},
): Promise<void> => {
  const name = nameOfHold(item);
  const isResize = place.roomId === item.roomId && place.start === item.start;
  const { roomId, start, end } = place;
  const minutes = minutesBetween(start, end);
  const length = duration(minutes);
  return send(
    {
      command: 'moveCase',
      title: isResize ? titles.resize(name, length) : titles.move(name, placeWords(place)),
      item,
      input: (reason) => ({
        ...on(item),
        body: { version: item.version, roomId, start, minutes, ...withReason(reason) },
      }),
      pending: [{ caseId: item.id, place, title: item.title }],
      placed: [asPlaced(item, place)],
      sending,
      done: ({ case: after }) => {
        const back = isResize
          ? undoWords.resized(name, duration(item.minutes))
          : undoWords.moved(name, placeWords(item));
        const undo = undoBy(
          back,
          [item.id],
          () => restoring(back.label, item, after, { needs: false, place: true }),
          item.overrideReason,
        );
        const text = isResize
          ? wordsOfOutcome.resized(name, length)
          : wordsOfOutcome.moved(name, placeWords(place));
        toastDone(text, undo);
      },
      remedies: {
        asked: place,
        retry: (instead) => void moveTo(latest(item), instead, overrideReason),
        again: () => void moveTo(latest(item), place, overrideReason),
      },
    },
    overrideReason,
  );
};

/**
 * The command that restores a case as it was, from the version in which it was left. All of its needs are sent: another
 * procedure would otherwise bring its own. A place on a list is requested as a place on the list.
 */
export const restoring = (
  title: string,
  before: Case,
  after: Case,
  { needs, place }: { needs: boolean; place: boolean },
): Request<'changeCase'> => ({
  command: 'changeCase',
  title,
  item: after,
  input: (reason) => ({
    ...on(before),
    body: {
      version: versionOf(after),
      ...(needs && needsOf(before)),
      ...(place && { ...placementOf(before), minutes: before.minutes }),
      // Without a reason before, none now.
      overrideReason: reason ?? null,
    },
  }),
  pending: [{ ...pendingOf(before), ...(!place && { place: null }) }],
  done: ({ case: now }) => isSameAs(before, now),
});

/** As the board has it now, or as last seen if the board does not have it. */
function latest(item: PlacedCase): PlacedCase {
  const now = caseNow(item.id);
  return now && isPlaced(now) ? now : item;
}

/** Two cases trade places; each keeps its own length. */
export const swap = (first: PlacedCase, second: PlacedCase): Promise<void> => {
  const names = [caseName(first), caseName(second)] as const;
  const placed = [traded(first, second), traded(second, first)];
  return send({
    ...swapping(titles.swap(...names), first, second),
    pending: placed.map(pendingOf),
    placed,
    done: ({ cases: [one, other] }) => {
      if (!one || !other) return;
      const back = undoWords.swapped(...names);
      const undo = undoBy(back, [first.id, second.id], () => ({
        ...swapping(back.label, one, other),
        pending: [pendingOf(first), pendingOf(second)],
        done: ({ cases: [firstNow, secondNow] }) => {
          if (firstNow) isSameAs(first, firstNow);
          if (secondNow) isSameAs(second, secondNow);
        },
      }));
      toastDone(wordsOfOutcome.swapped(...names), undo);
    },
    remedies: { again: () => void swap(latest(first), latest(second)) },
  });
};

/** At the other's place, with its own length. */
const traded = (item: PlacedCase, { roomId, start }: PlacedCase) =>
  asPlaced(item, { roomId, start, end: addMinutes(start, item.minutes) });

const swapping = (title: string, first: Case, second: Case) =>
  ({
    command: 'swapCases',
    title,
    item: first,
    input: (reason) => ({
      body: { first: versioned(first), second: versioned(second), ...withReason(reason) },
    }),
  }) satisfies Omit<Request<'swapCases'>, 'done'>;

const versioned = (item: Case) => ({ caseId: item.id, version: versionOf(item) });
