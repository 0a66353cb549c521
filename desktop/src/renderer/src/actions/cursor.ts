import * as moves from '../board/cursor-moves.ts';
import type { Spot } from '../board/cursor-moves.ts';
import { boardView, spotNow, whereWords } from '../board/focus.ts';
import { stepMinutes } from '../board/free-time.ts';
import { reveal } from '../board/reveal.ts';
import { announce } from '../stores/announcements.ts';
import { caseNow } from '../stores/board.ts';
import { cursorStore, setCursor } from '../stores/cursor.ts';
import { peekAt } from '../stores/peek.ts';
import { preferencesStore } from '../stores/preferences.ts';
import { select } from '../stores/view.ts';
import { keyWords as words } from '../words/keys.ts';
import { shiftAcross, shiftAlong, placingByKeys } from './moving.ts';

/** Steps on the board: of the cursor, or of the case that the keyboard is placing. */

type Direction = { way: 'along' | 'across'; by: 1 | -1 };

/** Returns the direction of an arrow key. The axes depend on the layout. */
export function directionOf(keys: string): Direction {
  const isBack = keys.endsWith('Left') || keys.endsWith('Up');
  const isSideways = keys.endsWith('Left') || keys.endsWith('Right');
  const isLanes = preferencesStore.getState().layout === 'lanes';
  return { way: isSideways === isLanes ? 'along' : 'across', by: isBack ? -1 : 1 };
}

export function goTo(spot: Spot) {
  peekAt(null);
  setCursor(spot);
  reveal(spot.caseId ?? spot);
}

/** Returns the place of the cursor. If there is no cursor yet, shows it and returns null, so that the first arrow skips no case. */
function startSpot(): Spot | null {
  const spot = spotNow();
  if (!spot || cursorStore.getState().at !== null) return spot;
  goTo(spot);
  return null;
}

export function step(keys: string) {
  const { way, by } = directionOf(keys);
  if (placingByKeys()) return way === 'along' ? shiftAlong(by * stepMinutes) : shiftAcross(by);
  const view = boardView();
  const spot = startSpot();
  if (!view || !spot) return;
  if (way === 'across') return goTo(moves.acrossRooms(view, spot, by));
  goTo(
    spot.mode === 'free'
      ? moves.alongFreeTime(view, spot, by * stepMinutes)
      : moves.toNextCase(view, spot, by),
  );
}

export function stepRooms(by: number) {
  if (placingByKeys()) return shiftAcross(by);
  const view = boardView();
  const spot = startSpot();
  if (view && spot) goTo(moves.acrossRooms(view, spot, by));
}

export function toEdgeOfDay(edge: 'start' | 'end') {
  const view = boardView();
  const spot = startSpot();
  if (view && spot) goTo(moves.toEdgeOfDay(view, spot, edge));
}

/** Makes a larger step of the case that is being placed, or changes the length of the marked free time. */
export function mark(keys: string, minutes: number) {
  const { way, by } = directionOf(keys);
  if (placingByKeys()) return way === 'along' ? shiftAlong(by * minutes) : shiftAcross(by);
  const view = boardView();
  const spot = spotNow();
  if (!view || spot?.mode !== 'free' || way === 'across') return;
  goTo(moves.resizeMark(view, spot, by * minutes, view.board.site.settings.caseMinutes));
}

export function nextEdge(keys: string) {
  const { way, by } = directionOf(keys);
  const view = boardView();
  const spot = spotNow();
  if (!view || spot?.mode !== 'free') return;
  goTo(way === 'along' ? moves.toNextEdge(view, spot, by) : moves.acrossRooms(view, spot, by));
}

export function switchCursor() {
  const view = boardView();
  const spot = spotNow();
  if (!view || !spot) return;
  const other = moves.switchMode(view, spot);
  goTo(other);
  announce(other.mode === 'case' ? words.onCases : words.onFreeTime(whereWords(other.roomId, other.at)));
}

/** Moves the cursor and the selection to a case. */
export function goToCase(caseId: string) {
  const view = boardView();
  const item = caseNow(caseId);
  select(caseId);
  if (!view || !item) return;
  const placed = view.lanes.get(item.roomId ?? '')?.cases.find(({ id }) => id === caseId);
  if (placed) goTo(moves.spotOnCase(placed));
}

export const isOnFreeTime = () => boardView() !== null && cursorStore.getState().mode === 'free';
