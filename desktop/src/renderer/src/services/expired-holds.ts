import { isClaiming } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { PlacedCase } from '@slate/shared/cases';
import { overlaps } from '@slate/shared/time';
import { subscribeToChanges } from '../stores/changes.ts';
import { expiredStore, forgetExpired } from '../stores/expired.ts';
import { sessionStore } from '../stores/session.ts';

const shownMs = 60_000;

/** Offers each of my expired holds again for a minute, unless its time is taken. */
export function offerExpiredHolds(): () => void {
  const stopChanges = subscribeToChanges(({ body }, before) => {
    if (body.type !== 'case') return;
    forgetExpired(body.case.id);
    if (isClaiming(body.case.state) && isPlaced(body.case)) forgetOverlapping(body.case);
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
    stopChanges();
    stopSession();
  };
}

/** Removes expired holds that would cover a new case on the board. */
const forgetOverlapping = (newCase: PlacedCase) =>
  expiredStore.setState(({ expired }) => ({
    expired: expired.filter(({ item }) => item.roomId !== newCase.roomId || !overlaps(item, newCase)),
  }));
