import { isPlaced } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { CaseCause, Change, ChangeBody } from '@slate/shared/changes';
import { useEffect, useState } from 'react';
import { isSamePlace, placeOnBoard } from './place.ts';

/**
 * Called by the feed with each change, after the board shows it. For reactions that happen once, such as a notification; for
 * state, use the board. `before` is the case before the change.
 */
type Listener = (change: Change, before: Case | undefined) => void;

const listeners = new Set<Listener>();

export function subscribeToChanges(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type CaseChange = Extract<ChangeBody, { type: 'case' }>;

/** Returns the last change of a case since this component shows it, on whatever day; null if there was none. */
export function useLastChange(caseId: string): CaseChange | null {
  const [last, setLast] = useState<CaseChange | null>(null);
  useEffect(
    () =>
      subscribeToChanges(({ body }) => {
        if (body.type === 'case' && body.case.id === caseId) setLast(body);
      }),
    [caseId],
  );
  return last?.case.id === caseId ? last : null;
}

/** Whether the change gave the case another place or length. A booking may have moved it as well (BK15). */
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
