import type { Case, PlacedCase } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import { addMinutes, minutesBetween } from '@slate/shared/time';
import { asPlaced } from '../preview/as-placed.ts';
import { caseName, caseNow } from '../stores/board.ts';
import { command, on } from './command.ts';
import { placeOnBoard } from '../stores/place.ts';
import type { Place } from '../stores/place.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { duration } from '../words/time.ts';
import { nameOfHold, needsOf, placementOf } from './hold.ts';
import { perform, withReason } from './perform.ts';
import type { Deed } from './perform.ts';
import { tellDone, wayBack } from './tell.ts';
import { placeWords } from './where.ts';

const { deed, undo: backWords } = wordsOfOutcome;

/**
 * Moves or resizes a case; what only a reason allows is asked for first. `sending` is called when nothing is asked
 * any more.
 */
export const moveTo = (
  item: PlacedCase,
  place: Place,
  overrideReason?: string,
  sending: () => void = () => {},
): Promise<void> => {
  const name = nameOfHold(item);
  const isResize = place.roomId === item.roomId && place.start === item.start;
  const length = duration(minutesBetween(place.start, place.end));
  return perform(
    {
      title: isResize ? deed.resize(name, length) : deed.move(name, placeWords(place)),
      item,
      send: (reason) => {
        sending();
        return sendMove(item, item.version, place, reason);
      },
      placed: [asPlaced(item, place)],
      done: ({ case: after }) => {
        const text = isResize
          ? wordsOfOutcome.resized(name, length)
          : wordsOfOutcome.moved(name, placeWords(place));
        tellDone(text, movingBack(item, after, isResize));
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

export const sendMove = (item: Case, version: number, place: Place, reason: string | undefined) => {
  const { roomId, start, end } = place;
  const body = { version, roomId, start, minutes: minutesBetween(start, end), ...withReason(reason) };
  return command('moveCase', { ...on(item), body }, { place, title: item.title });
};

/** What a step back restores of a case. */
export type Restored = { needs: boolean; place: boolean };

/**
 * Puts a case back to what it was, in one command, from the version in which it was left. All of its needs are said:
 * another procedure would otherwise bring its own. A place on a list is asked for again as one.
 */
export function sendBack(before: Case, after: Case, { needs, place }: Restored, reason: string | undefined) {
  const body = {
    version: versionOf(after),
    ...(needs && needsOf(before)),
    ...(place && { ...placementOf(before), minutes: before.minutes }),
    ...withReason(reason),
  };
  const about = { place: place ? placeOnBoard(before) : null, title: before.title };
  return command('changeCase', { ...on(before), body }, about);
}

const movingBack = (before: PlacedCase, after: Case, isResize: boolean) => {
  const name = nameOfHold(before);
  const back = isResize
    ? backWords.resized(name, duration(before.minutes))
    : backWords.moved(name, placeWords(before));
  return wayBack(back, [before.id], () => ({
    title: back.label,
    item: after,
    send: (reason) => sendBack(before, after, { needs: false, place: true }, reason),
    done: ({ case: now }) => isSameAs(before, now),
    overrideReason: before.overrideReason ?? undefined,
  }));
};

/** As the board has it now; as it was seen when it is not on the board any more. */
function latest(item: PlacedCase): PlacedCase {
  const now = caseNow(item.id);
  return now && isPlaced(now) ? now : item;
}

/** Two cases trade places: each keeps its own length. */
export const swap = (first: PlacedCase, second: PlacedCase): Promise<void> => {
  const names = [caseName(first), caseName(second)] as const;
  return perform({
    placed: [traded(first, second), traded(second, first)],
    ...swapDeed([first, second], deed.swap(...names), (after) => {
      const back = backWords.swapped(...names);
      tellDone(
        wordsOfOutcome.swapped(...names),
        wayBack(back, [first.id, second.id], () =>
          swapDeed(after, back.label, ([one, other]) => {
            isSameAs(first, one);
            isSameAs(second, other);
          }),
        ),
      );
    }),
    remedies: { again: () => void swap(latest(first), latest(second)) },
  });
};

/** At the other's place, for as long as it is itself. */
const traded = (item: PlacedCase, { roomId, start }: PlacedCase) =>
  asPlaced(item, { roomId, start, end: addMinutes(start, item.minutes) });

type Pair = readonly [Case, Case];

const swapDeed = (pair: Pair, title: string, done: (after: Pair) => void) =>
  ({
    title,
    item: pair[0],
    send: (reason) => {
      const [first, second] = pair.map((item) => ({ caseId: item.id, version: versionOf(item) }));
      if (!first || !second) throw new Error('A swap is between two.');
      return command('swapCases', { body: { first, second, ...withReason(reason) } }, { caseId: pair[0].id });
    },
    done: ({ cases: [one, other] }) => {
      if (one && other) done([one, other]);
    },
  }) satisfies Deed<{ cases: Case[]; revision: number }>;
