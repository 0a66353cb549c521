import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { addMinutes, minutesBetween } from '@slate/shared/time';
import { boardView, whereWords } from '../board/focus.ts';
import { stepMinutes } from '../board/free-time.ts';
import { reveal } from '../board/reveal.ts';
import { shownCase } from '../preview/collisions.ts';
import { judge } from '../preview/judge.ts';
import { announce, announceNow } from '../stores/announcements.ts';
import { caseName, nameOf } from '../stores/board.ts';
import { setCursor } from '../stores/cursor.ts';
import type { Place } from '../stores/place.ts';
import { placingStore } from '../stores/placing.ts';
import type { Placing } from '../stores/placing.ts';
import { meNow } from '../stores/session.ts';
import { zoneNow } from '../stores/view.ts';
import { keyWords as words } from '../words/keys.ts';
import { obstacleWords } from '../words/placing.ts';
import { duration } from '../words/time.ts';
import { drop, isFinal } from './drop.ts';

/** Returns what the keyboard is placing; null while a pointer drags. */
export function placingByKeys(): Placing | null {
  const { placing } = placingStore.getState();
  return placing?.isByKeys ? placing : null;
}

const setPlacing = (placing: Placing | null) => placingStore.setState({ placing });

const nameNow = ({ item }: Placing) => (item ? caseName(item) : '');

export function startPlacing(kind: 'move' | 'resize' | 'depot', item: Case, place: Place) {
  setPlacing({ kind, caseId: item.id, item, place, isByKeys: true });
  reveal({ roomId: place.roomId, at: place.start });
}

export function beginPlacing(kind: 'move' | 'resize' | 'depot', item: Case, place: Place) {
  startPlacing(kind, item, place);
  announce(kind === 'resize' ? words.resizing(caseName(item)) : words.moving(caseName(item)));
}

function verdictOf(placing: Placing) {
  const view = boardView();
  const verdict = view && judge(view, placing);
  const [obstacle] = verdict?.obstacles ?? [];
  const obstacleText = obstacle && obstacleWords(obstacle, nameOf, zoneNow(), meNow());
  const reason = obstacle && isFinal(obstacle) ? obstacleText : null;
  return { reason: reason ?? null, text: obstacleText ?? verdict?.cautions[0] ?? words.free };
}

function movePlacing(before: Placing, place: Place) {
  const placing = { ...before, place };
  setPlacing(placing);
  reveal({ roomId: place.roomId, at: placing.kind === 'resize' ? place.end : place.start });
  const where =
    placing.kind === 'resize'
      ? duration(minutesBetween(place.start, place.end))
      : whereWords(place.roomId, place.start);
  announce(words.placedAt(where, verdictOf(placing).text));
}

/** Moves the case along the time axis, or its end when resizing. */
export function shiftAlong(minutes: number) {
  const placing = placingByKeys();
  const view = boardView();
  if (!placing || !view) return;
  const { start, end } = placing.place;
  if (placing.kind === 'resize') {
    const length = Math.min(24 * 60, Math.max(stepMinutes, minutesBetween(start, end) + minutes));
    return movePlacing(placing, { ...placing.place, end: addMinutes(start, length) });
  }
  const { range } = view.board;
  const to = addMinutes(start, minutes);
  if (to < range.start || to >= range.end) return;
  movePlacing(placing, { ...placing.place, start: to, end: addMinutes(end, minutes) });
}

export function shiftAcross(rooms: number) {
  const placing = placingByKeys();
  const view = boardView();
  if (!placing || !view || placing.kind === 'resize') return;
  const here = view.rooms.findIndex(({ id }) => id === placing.place.roomId);
  const to = view.rooms[Math.min(view.rooms.length - 1, Math.max(0, here + rooms))];
  if (to) movePlacing(placing, { ...placing.place, roomId: to.id });
}

/** Drops it here. If there is a known obstacle, announces it instead, and placing continues. */
export function dropByKey() {
  const placing = placingByKeys();
  if (!placing) return;
  const { reason } = verdictOf(placing);
  if (reason !== null) return announceNow(words.notThere(nameNow(placing), reason));
  dropHere();
}

/** Drops it here, or cancels placing and shows why. */
export function dropHere() {
  const placing = placingByKeys();
  if (!placing) return;
  const { caseId, place } = placing;
  const item = caseId === null ? undefined : shownCase(caseId);
  const isHere = item !== undefined && isPlaced(item);
  // The cursor follows a case of this board by itself. For other cases, move it to the place.
  if (!isHere && verdictOf(placing).reason === null) {
    setCursor({ mode: 'case', caseId: null, roomId: place.roomId, at: place.start, minutes: null });
  }
  drop();
}

export function stopPlacing() {
  const placing = placingByKeys();
  if (!placing) return;
  announce(words.notMoved(nameNow(placing)));
  setPlacing(null);
}
