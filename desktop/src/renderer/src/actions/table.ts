import { toastIfCutOff } from '../stores/cut-off.ts';
import type { Action } from './action.ts';
import { administrationActions } from './administration-actions.ts';
import { boardActions } from './board-actions.ts';
import { caseActions } from './case-actions.ts';
import { programActions } from './program-actions.ts';
import { viewActions } from './view-actions.ts';

/** All actions. Keys, the sheet of keys, menus and the palette use this table. */
export const actions: readonly Action[] = [
  ...boardActions,
  ...caseActions,
  ...viewActions,
  ...administrationActions,
  ...programActions,
];

const byId = new Map(actions.map((action) => [action.id, action]));

/** Runs an action by its id, for menus and buttons. Returns false if it is not possible now. */
export function runAction(id: string): boolean {
  const action = byId.get(id);
  if (!action || action.isPossible?.() === false) return false;
  if (action.changes && toastIfCutOff()) return true;
  action.run(action.keys[0] ?? '');
  return true;
}
