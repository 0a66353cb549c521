import type { Case } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import type { AddToDepot } from '@slate/shared/contract/cases';
import { minutesBetween } from '@slate/shared/time';
import { asPlaced } from '../preview/as-placed.ts';
import { caseName, caseNow } from '../stores/board.ts';
import { command, on } from './command.ts';
import type { Place } from '../stores/place.ts';
import { placeOnBoard } from '../stores/place.ts';
import { openDialog } from '../stores/dialogs.ts';
import { isSameAs, versionOf } from '../stores/undo.ts';
import { select } from '../stores/view.ts';
import { wordsOfOutcome } from '../words/outcomes.ts';
import { heldNow, placementOf } from './hold.ts';
import type { FormAround } from './edit.ts';
import { perform, withReason } from './perform.ts';
import { tellDone, tellDoneForGood } from './tell.ts';
import { placeWords, rangeWords } from './where.ts';

const { deed, undo: backWords, noWayBack } = wordsOfOutcome;

/** From the depot onto the board, as a hold: its form opens, and released it goes back to the depot. */
export const placeFromDepot = (
  item: Case,
  place: Place,
  overrideReason?: string,
  sending: () => void = () => {},
): Promise<void> =>
  perform(
    {
      title: deed.hold(rangeWords(place)),
      item,
      send: (reason) => {
        sending();
        const { roomId, start, end } = place;
        const minutes = minutesBetween(start, end);
        const body = { version: item.version, roomId, start, minutes, ...withReason(reason) };
        return command('placeCase', { ...on(item), body }, { place, title: item.title });
      },
      done: (reply) => heldNow(reply),
      placed: [asPlaced(item, place)],
      remedies: {
        asked: place,
        retry: (instead) => void placeFromDepot(caseNow(item.id) ?? item, instead, overrideReason),
        again: () => void placeFromDepot(caseNow(item.id) ?? item, place, overrideReason),
      },
    },
    overrideReason,
  );

/** Sends a case to the depot; it asks for its reason first. */
export function bumpCase(item: Case, reason?: string): Promise<void> {
  const title = deed.bump(caseName(item));
  if (reason === undefined) {
    const give = (given: string) => void bumpCase(item, given);
    openDialog({ kind: 'reason', for: 'bump', title, caseId: item.id, cautions: [], placed: [], give });
    return Promise.resolve();
  }
  return perform({
    title,
    item,
    send: () =>
      command('bumpCase', { ...on(item), body: { version: item.version, reason } }, { title: item.title }),
    done: ({ case: after }) => {
      const back = backWords.bumped(caseName(item), isPlaced(item) ? placeWords(item) : '');
      const run = () => placeAndBook(item, after, back);
      tellDone(wordsOfOutcome.bumped(caseName(item)), { label: back.label, caseIds: [item.id], run });
    },
    remedies: { again: () => void bumpCase(caseNow(item.id) ?? item, reason) },
  });
}

/** The way back from the depot: booked at the old time, and confirmed if it was. */
function placeAndBook(
  before: Case,
  after: Case,
  { label, undone }: { label: string; undone: string },
): Promise<void> {
  return perform(
    {
      title: label,
      item: after,
      send: (reason) => {
        const body = {
          version: versionOf(after),
          ...placementOf(before),
          minutes: before.minutes,
          to: before.state === 'confirmed' ? ('confirmed' as const) : ('scheduled' as const),
          ...withReason(reason),
        };
        return command(
          'placeCase',
          { ...on(after), body },
          { place: placeOnBoard(before), title: before.title },
        );
      },
      done: ({ case: now }) => {
        isSameAs(before, now);
        tellDone(undone);
      },
      remedies: {
        asked: placeOnBoard(before),
        retry: (instead) => void placeFromDepot(caseNow(after.id) ?? after, instead),
      },
    },
    before.overrideReason ?? undefined,
  );
}

/** `content` is what was typed, as one object: as long as it has no answer, it is asked for under one key. */
export const addToDepot = (
  details: AddToDepot,
  { atFields, done, content }: FormAround & { content?: object } = {},
): Promise<void> =>
  perform({
    title: deed.add(details.title ?? ''),
    item: null,
    send: () => command('addToDepot', { body: details }, { title: details.title ?? null, content }),
    done: ({ case: item }) => {
      done?.();
      select(item.id);
      const known = caseName(item);
      tellDoneForGood(wordsOfOutcome.added(known), item.id, noWayBack.added(known));
    },
    remedies: { ...(atFields && { atFields }) },
  });
