import { expiredStore, forgetExpired } from '../stores/expired.ts';
import type { Expired } from '../stores/expired.ts';
import { holdAgain } from './hold.ts';

/** Holds again what has just expired, with all it was; the latest, where nobody says which. */
export function holdExpired(expired: Expired | undefined = expiredStore.getState().expired.at(-1)) {
  if (!expired) return;
  forgetExpired(expired.item.id);
  void holdAgain(expired.item, expired.now);
}

export const hasExpired = () => expiredStore.getState().expired.length > 0;
