import { mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import { actionFor } from '@slate/shared/permissions';
import type { Action } from '@slate/shared/permissions';
import { mayI, meNow, sessionStore } from './session.ts';

/** As far as the console knows; the server decides. */
const isMine = (item: Case) => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return false;
  const isOfMySurgeon = item.surgeonId !== null && session.site.surgeonIds.includes(item.surgeonId);
  return item.createdBy === meNow() || item.holder?.id === meNow() || isOfMySurgeon;
};
export const isHeldByMe = (item: Case) => item.holder !== null && item.holder.id === meNow();

export const mayDo = (action: Action, item: Case | null): boolean => {
  const scope = mayI(action);
  return scope === 'any' || (scope === 'own' && item !== null && isMine(item));
};

/** Whether the state of the case and my role allow the command, by the tables that the server goes by. */
export const mayGive = (command: CaseCommand, item: Case): boolean =>
  mayFrom(command, item.state) && mayDo(actionFor(command, item.state), item);

/** Onto the board or elsewhere on it. */
export const mayPlace = (item: Case) => mayGive('move', item) || mayGive('place', item);
