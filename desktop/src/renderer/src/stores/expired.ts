import { isClaiming } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { overlaps } from '@slate/shared/time';
import { createStore } from 'zustand/vanilla';
import { onNews } from './news.ts';
import { sessionStore } from './session.ts';

/** A hold of mine that has just ended by itself: as it was, and what became of it. */
export type Expired = { readonly item: PlacedCase; readonly now: Case };

export const expiredStore = createStore<{ expired: readonly Expired[] }>(() => ({ expired: [] }));

const shownMs = 60_000;

export const forgetExpired = (caseId: string) =>
  expiredStore.setState(({ expired }) => ({ expired: expired.filter(({ item }) => item.id !== caseId) }));

/** Whoever holds the time now is not covered by what was. */
const forgetWhatIsTakenBy = (taker: PlacedCase) =>
  expiredStore.setState(({ expired }) => ({
    expired: expired.filter(({ item }) => item.roomId !== taker.roomId || !overlaps(item, taker)),
  }));

/** Keeps what has expired for as long as somebody may want it again at once. */
export function keepExpired(): () => void {
  const stopNews = onNews(({ body }, before) => {
    if (body.type !== 'case') return;
    forgetExpired(body.case.id);
    if (isClaiming(body.case.state) && isPlaced(body.case)) forgetWhatIsTakenBy(body.case);
    const session = sessionStore.getState();
    const isMine = session.status === 'signed_in' && before?.holder?.id === session.me.id;
    if (body.cause !== 'expired' || !isMine || !isPlaced(before)) return;
    expiredStore.setState(({ expired }) => ({ expired: [...expired, { item: before, now: body.case }] }));
    setTimeout(() => forgetExpired(body.case.id), shownMs);
  });
  const stopSession = sessionStore.subscribe(({ status }) => {
    if (status !== 'signed_in') expiredStore.setState({ expired: [] });
  });
  return () => {
    stopNews();
    stopSession();
  };
}
