import type { Case } from '@slate/shared/cases';
import { call } from '../api/client.ts';
import type { Place } from '../stores/place.ts';
import { sessionStore } from '../stores/session.ts';
import { today, viewStore } from '../stores/view.ts';
import { searchOf, wishFor } from '../stores/wish.ts';

/** Where a case of the depot fits best, from the day that is shown on. Null: nowhere; undefined: nobody answered. */
export async function bestPlaceFor(item: Case): Promise<Place | null | undefined> {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return undefined;
  const { date } = viewStore.getState();
  const wish = wishFor(item, date < today() ? today() : date, session.site.timeZone);
  const body = { ...searchOf(wish, item.service), limit: 1 };
  const outcome = await call('openings', { params: { site: session.site.id }, body });
  if (outcome.kind !== 'done') return undefined;
  const [best] = outcome.reply.openings;
  return best ? { roomId: best.roomId, start: best.start, end: best.end } : null;
}
