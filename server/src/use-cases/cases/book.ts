import { stateAfter } from '@slate/shared/case-state';
import { hasProcedureOrTitle, missingProcedure } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { Refusal } from '../../domain/refusal.ts';

export const causeOf = { scheduled: 'booked', confirmed: 'confirmed' } as const;

/** Books a hold, or confirms a booked case. Facts recorded before count from now on. */
export function toBooked(item: Case, to: 'scheduled' | 'confirmed'): Case {
  if (item.state !== 'held') return { ...item, state: to };
  checkComplete(item);
  return {
    ...item,
    state: stateAfter(to, item.milestones),
    holder: null,
    heldSince: null,
    expiresAt: null,
    depotSince: null,
    bumped: null,
  };
}

function checkComplete(item: Case) {
  const errors = [
    ...(hasProcedureOrTitle(item) ? [] : [missingProcedure]),
    ...(item.surgeonId === null ? [{ field: 'surgeonId', reason: 'Choose a surgeon.' }] : []),
  ];
  if (errors.length === 0) return;
  const missing = errors.map(({ reason }) => reason).join(' ');
  throw new Refusal('validation', `Can’t book this yet. ${missing}`, { errors });
}
