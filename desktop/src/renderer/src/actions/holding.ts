import { addMinutes } from '@slate/shared/time';
import type { Spot } from '../board/cursor-moves.ts';
import { boardView, spotNow } from '../board/focus.ts';
import { nextGap, takenIn, usualTurnover } from '../board/free-time.ts';
import type { Turnover } from '@slate/shared/case-draft';
import { holdAt } from '../commands/hold.ts';
import { announceNow } from '../stores/announcements.ts';
import { caseNow, nameIn } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { toastIfCutOff } from '../stores/cut-off.ts';
import type { Place } from '../stores/place.ts';
import { myScope } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { keyWords as words } from '../words/keys.ts';
import { duration } from '../words/time.ts';

export const canHold = () => myScope('case.hold') !== 'none';

/**
 * Returns a place for this length: the free time at the cursor, or the next gap after the case. Null if this room has
 * none.
 */
export function placeFromHere(
  view: BoardView,
  spot: Spot,
  minutes: number,
  turnover: Turnover,
): Place | null {
  const at = (start: string) => ({ roomId: spot.roomId, start, end: addMinutes(start, minutes) });
  if (spot.mode === 'free') return at(spot.at);
  const lane = view.lanes.get(spot.roomId);
  const item = spot.caseId === null ? undefined : caseNow(spot.caseId);
  const after = item?.end ?? spot.at;
  const now = serverInstant();
  const { end: until } = view.board.range;
  const from = after < now && now < until ? now : after;
  const start = lane && nextGap(takenIn(view, lane), { after: from, until, minutes }, turnover);
  return start ? at(start) : null;
}

export function hold() {
  const view = boardView();
  const spot = spotNow();
  if (!view || !spot || toastIfCutOff()) return;
  const minutes = (spot.mode === 'free' ? spot.minutes : null) ?? view.board.site.settings.caseMinutes;
  const place = placeFromHere(view, spot, minutes, usualTurnover(view, spot.roomId));
  if (place) void holdAt(place);
  else toastNoGap(view, spot, minutes);
}

export function toastNoGap(view: BoardView, spot: Spot, minutes: number) {
  const text = words.noGap(duration(minutes), nameIn(view, spot.roomId));
  toast(text);
  announceNow(text);
}
