import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';

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

export function publishChange(change: Change, before: Case | undefined) {
  for (const listener of listeners) listener(change, before);
}
