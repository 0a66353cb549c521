import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Resource } from '@slate/shared/resources';
import { addMinutes } from '@slate/shared/time';
import { boardElement } from '../../../board/focus.ts';
import { beginPlacing } from '../../../actions/moving.ts';
import { placeFromDepot } from '../../../commands/depot.ts';
import { moveTo } from '../../../commands/move.ts';
import { asPlaced } from '../../../preview/as-placed.ts';
import { nameIn } from '../../../stores/board.ts';
import type { Place } from '../../../stores/place.ts';
import { goToDate, showScreen } from '../../../stores/view.ts';
import { nameOfCase, stateWords } from '../../../words/cases.ts';
import { paletteWords as words } from '../../../words/palette.ts';
import { timeOf } from '../../../words/time.ts';
import { asChoice, plainEntry } from '../entry.ts';
import type { Entry } from '../entry.ts';
import type { Phrase } from '../phrase/phrase.ts';
import { blocked, caseLabel, casesFor, instantOn, judgePlaced, whyNoCase, withoutSlots } from './intent.ts';
import type { Intent, World } from './intent.ts';
import { caseAction } from './one-case.ts';

export const move: Intent = {
  uses: ['rooms', 'clock', 'date', 'minutes', 'about', 'surgeons', 'number'],
  read: (phrase, world) => {
    const { view } = world;
    const which = phrase.from ?? { ...phrase, rooms: [], clock: null };
    const items = casesFor(world, which);
    const action = caseAction('move');
    const movable = items.filter((item) => action?.isPossibleOn(item));
    const [first] = items;
    if (!action || !first)
      return withoutSlots(blocked('move', words.moves(words.aCase, ''), whyNoCase(which)));
    if (movable.length === 0) {
      const why = words.notNow(nameOfCase(first), stateWords[first.state]);
      return withoutSlots(blocked('move', words.moves(caseLabel(view, first), ''), why));
    }
    const isWhere = phrase.rooms.length > 0 || phrase.clock !== null || phrase.date !== null;
    if (!isWhere) {
      return withoutSlots(
        ...asChoice(
          movable.map((item) => ({
            ...plainEntry,
            id: `move-${item.id}`,
            label: [words.moves(caseLabel(view, item), '')],
            detail: words.onBoard,
            changes: true,
            isOnBoard: true,
            run: () => action.runOn(item),
          })),
        ),
      );
    }
    const rooms = phrase.rooms.length > 0 ? phrase.rooms : [null];
    return withoutSlots(
      ...asChoice(movable.flatMap((item) => rooms.map((room) => moveEntry(phrase, world, item, room)))),
    );
  },
};

function moveEntry(phrase: Phrase, { view, caller }: World, item: Case, to: Resource | null): Entry {
  const zone = view.board.site.timeZone;
  const isOnBoard = isPlaced(item) && item.state !== 'depot';
  const roomId = to?.id ?? (isOnBoard ? item.roomId : null);
  const time = phrase.clock?.time ?? (isOnBoard ? timeOf(item.start, zone) : null);
  const name = caseLabel(view, item);
  const id = `move-${item.id}-${roomId}`;
  const date = phrase.date ?? view.date;
  if (roomId === null) return blocked(id, words.moves(name, ''), words.needsRoom);
  const start = time === null ? null : instantOn(date, time, zone);
  if (start === null) {
    const why = time === null ? words.needsTime : words.noSuchTime(time);
    return blocked(id, words.moves(name, nameIn(view, roomId)), why);
  }
  const place = { roomId, start, end: addMinutes(start, phrase.minutes ?? item.minutes) };
  const judgment = judgePlaced(view, asPlaced(view, item, place), caller);
  const isFree = judgment.tone !== 'bad';
  const day = date === view.date ? '' : `${words.day(date)}, `;
  const where = `${nameIn(view, roomId)}, ${day}${words.time(start, place.end, zone)}`;
  return {
    ...plainEntry,
    id,
    label: [words.moves(name, where)],
    detail: isFree ? null : words.showsOnBoard,
    judgment,
    keys: 'Enter',
    changes: true,
    ...(isFree ? {} : { isOnBoard: true }),
    run: isFree ? () => placeCase(item, place) : () => showAt(item, place, date),
  };
}

const placeCase = (item: Case, place: Place) => {
  if (isPlaced(item) && item.state !== 'depot') void moveTo(item, place);
  else void placeFromDepot(item, place);
};

/** Shows the conflict on the board, where the person can place the case elsewhere. */
function showAt(item: Case, place: Place, date: string) {
  showScreen('day');
  goToDate(date);
  boardElement()?.focus({ preventScroll: true });
  beginPlacing(item.state === 'depot' ? 'depot' : 'move', item, place);
}
