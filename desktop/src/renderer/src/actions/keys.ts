import { boardElement, boardView, isInBoard } from '../board/focus.ts';
import { announceNow } from '../stores/announcements.ts';
import { toastIfCutOff } from '../stores/cut-off.ts';
import { intentStore } from '../stores/intents.ts';
import { preferencesStore } from '../stores/preferences.ts';
import { toast } from '../stores/toasts.ts';
import type { Action, Where } from './action.ts';
import { endNudge } from './nudging.ts';
import { isMac, isSingle, spell } from './spelling.ts';
import { actions } from './table.ts';

const byKey = Map.groupBy(
  actions.flatMap((action) => action.keys.map((keys) => ({ keys, action }))),
  ({ keys }) => keys,
);

const notTyped = ['button', 'checkbox', 'radio', 'range', 'color', 'file', 'image', 'reset', 'submit'];

/** Whether the element takes typed letters. */
function takesText(element: Element): boolean {
  if (element instanceof HTMLInputElement) return !notTyped.includes(element.type);
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  return element.closest('[contenteditable]:not([contenteditable="false"])') !== null;
}

const overlays = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';
const modal = '[role="dialog"][aria-modal="true"], [role="alertdialog"][aria-modal="true"]';

/** Returns which actions the keys can reach while this element has the focus. */
function reachable(element: Element): readonly Where[] {
  if (element.closest(overlays) !== null || document.querySelector(modal) !== null) return [];
  if (takesText(element)) return ['typing'];
  const isNowhere = element === document.body || element === document.documentElement;
  if ((isInBoard(element) || isNowhere) && boardView()) return ['board', 'lists', 'anywhere', 'typing'];
  return element.closest('[data-case], [data-depot]') === null
    ? ['anywhere', 'typing']
    : ['lists', 'anywhere', 'typing'];
}

function actionFor(keys: string, element: Element): Action | undefined {
  const candidates = byKey.get(keys);
  if (!candidates) return undefined;
  const where = reachable(element);
  const here = candidates.map(({ action }) => action).filter((action) => where.includes(action.where));
  const possible = here.find((action) => action.isPossible?.() !== false);
  if (possible) return possible;
  const why = here.map((action) => action.whyNot?.() ?? null).find((each) => each !== null);
  if (why !== undefined) {
    toast(why);
    announceNow(why);
  }
  return undefined;
}

/** If no form opens within this time, keys work on the board again. */
const formWaitMs = 5_000;

/** Whether a requested hold is about to open its form. Letters are meant for the form then, so they must do nothing here. */
const isFormOpening = () =>
  intentStore
    .getState()
    .intents.some(
      ({ name, isSettled, sentAt }) =>
        name === 'placeHold' && !isSettled && performance.now() - sentAt < formWaitMs,
    );

/** Whether a key was used together with the Alt that is down. */
let isAltUsed = false;

function onKeyDown(event: KeyboardEvent) {
  runAction(event);
  if (event.key === 'Alt') isAltUsed = false;
  else if (event.altKey && event.defaultPrevented) isAltUsed = true;
}

function runAction(event: KeyboardEvent) {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = spell(event, isMac);
  if (isSingle(keys) && (!preferencesStore.getState().singleKeys || isFormOpening())) return;
  const element = event.target instanceof Element ? event.target : document.body;
  const action = actionFor(keys, element);
  if (!action) return;
  event.preventDefault();
  if (event.repeat && !action.isRepeated) return;
  if (action.changes && toastIfCutOff()) return;
  // The board takes the focus if nothing has it.
  if (action.where === 'board' && !isInBoard(element)) boardElement()?.focus({ preventScroll: true });
  action.run(keys);
}

function onKeyUp(event: KeyboardEvent) {
  if (event.key !== 'Alt') return;
  endNudge();
  // Electron does not see the used key, takes Alt as pressed alone, and would give the focus to the menu bar.
  if (isAltUsed) event.preventDefault();
}

/** Adds the only key listener. Returns a function that removes it. */
export function listenToKeys(): () => void {
  window.addEventListener('keydown', onKeyDown);
  window.addEventListener('keyup', onKeyUp);
  window.addEventListener('blur', endNudge);
  return () => {
    window.removeEventListener('keydown', onKeyDown);
    window.removeEventListener('keyup', onKeyUp);
    window.removeEventListener('blur', endNudge);
  };
}
