import { mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import type { Case } from '@slate/shared/cases';
import { actionFor } from '@slate/shared/permissions';
import type { Action } from '@slate/shared/permissions';
import { myScope, meNow, sessionStore } from './session.ts';

/** Whether the case is mine, as far as the console knows. The server decides. */
const isMine = (item: Case) => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return false;
  const isOfMySurgeon = item.surgeonId !== null && session.site.surgeonIds.includes(item.surgeonId);
  return item.createdBy === meNow() || item.holder?.id === meNow() || isOfMySurgeon;
};
export const isHeldByMe = (item: Case) => item.holder !== null && item.holder.id === meNow();

export const mayDo = (action: Action, item: Case | null): boolean => {
  const scope = myScope(action);
  return scope === 'any' || (scope === 'own' && item !== null && isMine(item));
};

/** Whether the state of the case and my role allow the command, by the tables that the server uses too. */
export const mayRun = (command: CaseCommand, item: Case): boolean =>
  mayFrom(command, item.state) && mayDo(actionFor(command, item.state), item);

/** Whether I may place the case on the board, or move it there. */
export const mayPlace = (item: Case) => mayRun('move', item) || mayRun('place', item);
