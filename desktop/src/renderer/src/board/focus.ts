import { mayFrom } from '@slate/shared/case-state';
import type { CaseCommand } from '@slate/shared/case-state';
import { isPlaced } from '@slate/shared/cases';
import type { Case, PlacedCase } from '@slate/shared/cases';
import { actionFor } from '@slate/shared/permissions';
import type { Action } from '@slate/shared/permissions';
import { boardStore, caseNow, nameOf } from '../stores/board.ts';
import type { BoardView } from '../stores/board.ts';
import { serverInstant } from '../stores/clock.ts';
import { cursorStore } from '../stores/cursor.ts';
import { mayI, meNow, sessionStore } from '../stores/session.ts';
import { viewStore, zoneNow } from '../stores/view.ts';
import { keyWords } from '../words/keys.ts';
import { timeOf } from '../words/time.ts';
import { entry, isSomewhere } from './cursor-moves.ts';
import type { Spot } from './cursor-moves.ts';

/** What a key means depends on where the keyboard is: this tells. */

export const boardView = (): BoardView | null => {
  const { screen } = viewStore.getState();
  return screen === 'day' || screen === 'week' ? boardStore.getState().view : null;
};

export const boardElement = () => document.querySelector<HTMLElement>('[data-board]');
export const isInBoard = (element: Element | null) => Boolean(element?.closest('[data-board]'));

/** The case that has the focus outside of the board: a card of the depot, a row of the list. */
const focusedCase = (): Case | null => {
  const { activeElement } = document;
  if (!activeElement || isInBoard(activeElement)) return null;
  const id = activeElement.closest<HTMLElement>('[data-case]')?.dataset['case'];
  return (id !== undefined && caseNow(id)) || null;
};

/** Where the cursor is, or comes in. */
export function spotNow(): Spot | null {
  const view = boardView();
  if (!view) return null;
  const cursor = cursorStore.getState();
  if (isSomewhere(cursor)) return cursor;
  const { selectedId } = viewStore.getState();
  const selected = selectedId === null ? undefined : caseNow(selectedId);
  return entry(view, selected && isPlaced(selected) ? selected : null, serverInstant());
}

/** The case that a key is about: the one with the focus, or the one under the cursor of the board. */
export function caseAtHand(): Case | null {
  const focused = focusedCase();
  if (focused) return focused;
  const { mode, caseId, at } = cursorStore.getState();
  // A cursor that has not been anywhere yet comes in on what is selected, by a link for example.
  const id = at === null ? viewStore.getState().selectedId : caseId;
  return (boardView() && mode === 'case' && id !== null && caseNow(id)) || null;
}

export function placedAtHand(): PlacedCase | null {
  const item = caseAtHand();
  return item && isPlaced(item) && item.state !== 'depot' ? item : null;
}

/** As far as can be told here; the server decides. */
export const isMine = (item: Case) => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') return false;
  const isOfMySurgeon = item.surgeonId !== null && session.site.surgeonIds.includes(item.surgeonId);
  return item.createdBy === meNow() || item.holder?.id === meNow() || isOfMySurgeon;
};
export const holdIsMine = (item: Case) => item.holder !== null && item.holder.id === meNow();

export const mayDo = (action: Action, item: Case | null): boolean => {
  const scope = mayI(action);
  return scope === 'any' || (scope === 'own' && item !== null && isMine(item));
};

/** Whether the state of the case and my role allow the command, by the tables that the server goes by. */
export const mayGive = (command: CaseCommand, item: Case): boolean =>
  mayFrom(command, item.state) && mayDo(actionFor(command, item.state), item);

/** OR 4, 12:30 */
export const whereWords = (roomId: string, at: string) =>
  keyWords.room(nameOf(roomId), timeOf(at, zoneNow()));
