import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CaseCause, Change } from '@slate/shared/changes';
import { isSamePlace, placeOnBoard } from './place.ts';

/**
 * The feed publishes each change after the board shows it. For what happens once, such as a notification; the board has
 * the state. `before` is the case as it was until then.
 */
type Listener = (change: Change, before: Case | undefined) => void;

const listeners = new Set<Listener>();

export function subscribeToChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the case now stands elsewhere or has another length. A booking may have moved it as well (BK15). */
export function isMove(
  { cause, case: item }: { cause: CaseCause; case: Case },
  before: Case | undefined,
): boolean {
  if (cause === 'moved') return true;
  if ((cause !== 'booked' && cause !== 'confirmed') || !before || !isPlaced(before)) return false;
  return !isSamePlace(placeOnBoard(before), placeOnBoard(item));
}

export function publishChange(change: Change, before: Case | undefined) {
  for (const listener of listeners) listener(change, before);
}
