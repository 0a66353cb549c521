import type { Case } from '@slate/shared/cases';
import { addMinutes, localDateOf } from '@slate/shared/time';
import { call } from '../api/client.ts';
import { boardElement, boardView, spotNow } from '../board/focus.ts';
import { reveal } from '../board/reveal.ts';
import { announce } from '../stores/announcements.ts';
import { boardStore, caseName } from '../stores/board.ts';
import { dialogStore } from '../stores/dialogs.ts';
import type { Place } from '../stores/place.ts';
import { placingStore } from '../stores/placing.ts';
import { isStillWorking, sessionStore } from '../stores/session.ts';
import { toast } from '../stores/toasts.ts';
import { goToDate, today, viewStore, zoneNow } from '../stores/view.ts';
import { searchOf, criteriaFor } from '../stores/criteria.ts';
import { keyWords as words } from '../words/keys.ts';
import { beginPlacing } from './moving.ts';

/** Starts placing a depot case with the keyboard: at the best opening, or at the cursor if there is none. */
export async function beginPlacingFromDepot(item: Case) {
  const session = sessionStore.getState();
  const before = dialogStore.getState().serial;
  announce(words.lookingForPlace(caseName(item)));
  const best = await bestOpening(item);
  if (!isStillWorking(session)) return;
  // The person has started something else meanwhile.
  if (placingStore.getState().placing || dialogStore.getState().serial !== before) return;
  if (best) goToDate(localDateOf(best.start, zoneNow()));
  else if (best === null) toast(words.fitsNowhere(caseName(item)));
  const spot = spotNow();
  if (!best && !spot) return;
  // The arrow keys work only on the board.
  boardElement()?.focus({ preventScroll: true });
  const atCursor = spot && { roomId: spot.roomId, start: spot.at, end: addMinutes(spot.at, item.minutes) };
  const ghost = best ?? atCursor;
  if (!ghost) return;
  beginPlacing('depot', item, ghost);
  revealWhenShown(ghost);
}

/** Returns the best opening from the shown day on; null if there is none, undefined without an answer. */
async function bestOpening(item: Case): Promise<Place | null | undefined> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return undefined;
  const { date } = viewStore.getState();
  const criteria = criteriaFor(item, date < today() ? today() : date, session.site.timeZone);
  const body = { ...searchOf(criteria, item.service), limit: 1 };
  const outcome = await call('openings', { params: { site: session.site.id }, body });
  if (outcome.kind !== 'done') return undefined;
  const [best] = outcome.reply.openings;
  return best ? { roomId: best.roomId, start: best.start, end: best.end } : null;
}

/** Scrolls to the place once its day is drawn, if another day is about to be shown. */
function revealWhenShown({ roomId, start: at }: Place) {
  const { date } = viewStore.getState();
  if (boardView()?.date === date) return;
  const stop = boardStore.subscribe(({ view }) => {
    if (view?.date === date) requestAnimationFrame(() => reveal({ roomId, at }));
    if (view?.date === date || viewStore.getState().date !== date) stop();
  });
}
