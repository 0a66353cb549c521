import { saysWhat, whatIsMissing } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ConfirmCase } from '@slate/shared/contract/cases';
import { hasBegun, stateAfter } from '@slate/shared/case-state';
import { Refusal } from '../../domain/refusal.ts';
import { checkHolder, commandOnCase } from '../../commands/command-on-case.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

/** Books a hold, or says of a booked case that it stands. Its claims stay as they are. */
export const confirmCase = (
  deps: CommandDeps,
  request: CommandRequest,
  caseId: string,
  { to }: ConfirmCase,
) =>
  commandOnCase(
    deps,
    request,
    to === 'scheduled'
      ? { caseId, command: 'book', action: 'case.hold', cause: 'booked', claims: false }
      : { caseId, command: 'confirm', action: 'case.schedule', cause: 'confirmed', claims: false },
    (before, context) => {
      if (to === 'confirmed') return { after: { ...before, state: 'confirmed' } };
      checkHolder(before, context);
      checkComplete(before);
      // From now on the case is on its way, and what has happened already counts.
      const state = stateAfter('scheduled', before.milestones);
      return {
        after: {
          ...before,
          state,
          holder: null,
          heldSince: null,
          expiresAt: null,
          depotSince: null,
          bumped: null,
        },
        claims: hasBegun(state),
      };
    },
  );

function checkComplete(item: Case) {
  const errors = [
    ...(saysWhat(item) ? [] : [whatIsMissing]),
    ...(item.surgeonId === null ? [{ field: 'surgeonId', reason: 'Choose a surgeon.' }] : []),
  ];
  if (errors.length === 0) return;
  const missing = errors.map(({ reason }) => reason).join(' ');
  throw new Refusal('validation', `Can’t book this yet. ${missing}`, { errors });
}
