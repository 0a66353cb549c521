import type { Case } from '@slate/shared/cases';
import { isPlaced } from '@slate/shared/cases';
import { addDays, addMinutes, instantOf, localDateOf, minutesBetween } from '@slate/shared/time';
import { Temporal } from 'temporal-polyfill';
import { reveal } from '../features/board/reveal.ts';
import { placeFromDepot } from '../flows/depot.ts';
import { moveTo } from '../flows/move.ts';
import { caseNow } from '../stores/board.ts';
import type { Place } from '../stores/commands.ts';
import { setCursor } from '../stores/cursor.ts';
import { placingStore } from '../stores/placing.ts';
import type { Placing } from '../stores/placing.ts';
import { announce, announceNow } from '../stores/toasts.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { nameOfCase } from '../words/cases.ts';
import { keyWords as words } from '../words/keys.ts';
import { duration } from '../words/time.ts';
import { boardView, whereWords } from './at-hand.ts';
import { stepMinutes } from './free-time.ts';
import { verdictOf } from './verdict.ts';

/** What the keyboard is giving a place. A drag by the pointer stands in the same store and is none of ours. */
let ours: Placing | null = null;
/** As it was when it was taken up: the day it comes to may not show it. */
let item: Case | null = null;

export function placingByKeys(): Placing | null {
  const { placing } = placingStore.getState();
  return placing !== null && placing === ours ? placing : null;
}

function put(placing: Placing | null) {
  ours = placing;
  if (placing === null) item = null;
  placingStore.setState({ placing });
}

const nameNow = () => (item ? nameOfCase(item) : '');

export function takeUp(kind: 'move' | 'resize' | 'depot', taken: Case, place: Place) {
  item = taken;
  put({ kind, caseId: taken.id, place });
  reveal({ roomId: place.roomId, at: place.start });
}

export function beginPlacing(kind: 'move' | 'resize' | 'depot', taken: Case, place: Place) {
  takeUp(kind, taken, place);
  announce(kind === 'resize' ? words.resizing(nameNow()) : words.moving(nameNow()));
}

function propose(placing: Placing, place: Place) {
  put({ ...placing, place });
  reveal({ roomId: place.roomId, at: placing.kind === 'resize' ? place.end : place.start });
  const verdict = verdictOf(placing.kind, item, place);
  const where =
    placing.kind === 'resize'
      ? duration(minutesBetween(place.start, place.end))
      : whereWords(place.roomId, place.start);
  announce(words.stands(where, verdict.text));
}

/** Along time, the whole of it or, when it is about its length, the end. */
export function placingAlong(minutes: number) {
  const placing = placingByKeys();
  const view = boardView();
  if (!placing || !view) return;
  const { start, end } = placing.place;
  if (placing.kind === 'resize') {
    const length = Math.min(24 * 60, Math.max(stepMinutes, minutesBetween(start, end) + minutes));
    return propose(placing, { ...placing.place, end: addMinutes(start, length) });
  }
  const { range } = view.board;
  const to = addMinutes(start, minutes);
  if (to < range.start || to >= range.end) return;
  propose(placing, { ...placing.place, start: to, end: addMinutes(end, minutes) });
}

export function placingAcross(rooms: number) {
  const placing = placingByKeys();
  const view = boardView();
  if (!placing || !view || placing.kind === 'resize') return;
  const here = view.rooms.findIndex(({ id }) => id === placing.place.roomId);
  const to = view.rooms[Math.min(view.rooms.length - 1, Math.max(0, here + rooms))];
  if (to) propose(placing, { ...placing.place, roomId: to.id });
}

/** Asks for what stands there now. What is known to be impossible is not asked: it answers why. */
export function drop(): string | null {
  const placing = placingByKeys();
  const taken = item;
  if (!placing || !taken) return null;
  const { kind, place } = placing;
  const verdict = verdictOf(kind, taken, place);
  if (verdict.isImpossible) {
    const why = words.notThere(nameNow(), verdict.text);
    announceNow(why);
    return why;
  }
  put(null);
  const now = caseNow(taken.id) ?? taken;
  setCursor({ mode: 'case', caseId: now.id, roomId: place.roomId, at: place.start, minutes: null });
  if (kind === 'depot') void placeFromDepot(now, place);
  else if (isPlaced(now) && !isSame(now, place)) void moveTo(now, place);
  return null;
}

const isSame = (one: Place, other: Place) =>
  one.roomId === other.roomId && one.start === other.start && one.end === other.end;

export function stopPlacing() {
  if (!placingByKeys()) return;
  announce(words.notMoved(nameNow()));
  put(null);
}

/** The day changed under what is being moved: it comes along, at the same time of day. */
export function keepPlacingOnDay(): () => void {
  return viewStore.subscribe(({ date }, before) => {
    const placing = placingByKeys();
    if (date === before.date || !placing || placing.kind === 'resize') return;
    const { start, end } = placing.place;
    const zone = zoneNow();
    const days = Temporal.PlainDate.from(before.date).until(date, { largestUnit: 'days' }).days;
    const time = Temporal.Instant.from(start).toZonedDateTimeISO(zone).toPlainTime();
    const on = addDays(localDateOf(start, zone), days);
    const to = instantOf(on, time.toString({ smallestUnit: 'minute' }), zone);
    put({
      ...placing,
      place: { ...placing.place, start: to, end: addMinutes(to, minutesBetween(start, end)) },
    });
  });
}
