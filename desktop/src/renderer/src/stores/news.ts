import type { Case } from '@slate/shared/cases';
import type { Change } from '@slate/shared/changes';

/**
 * What happens, as it happens: for what is said or marked once, such as a notification. What *is* so stands in
 * the board. Told by the feed after the board shows it; `before` is the case as it stood until then.
 */
type Listener = (change: Change, before: Case | undefined) => void;

const listeners = new Set<Listener>();

export function onNews(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function tellNews(change: Change, before: Case | undefined) {
  for (const listener of listeners) listener(change, before);
}
