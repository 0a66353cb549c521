import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, vi } from 'vitest';
import { aCase, aResource, date, loadBoard } from './small-board.ts';
import { me, signInAs } from './signed-in.ts';
import { call } from '../src/renderer/src/api/client.ts';
import { intentStore } from '../src/renderer/src/stores/intents.ts';
import { cursorStore, resetCursor } from '../src/renderer/src/stores/cursor.ts';
import { forgetCut } from '../src/renderer/src/stores/cut.ts';
import { closeAllDialogs } from '../src/renderer/src/stores/dialogs.ts';
import { closePalette } from '../src/renderer/src/stores/palette.ts';
import { placingStore } from '../src/renderer/src/stores/placing.ts';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { goToDate, select, showScreen } from '../src/renderer/src/stores/view.ts';
import { spotOnCase } from '../src/renderer/src/board/cursor-moves.ts';
import { moveCursorWithBoard } from '../src/renderer/src/services/cursor.ts';
import { bringPlacingToShownDay } from '../src/renderer/src/services/moving-cases.ts';
import { listenToKeys } from '../src/renderer/src/actions/keys.ts';

const quick = { attributes: { setupMinutes: 0, cleanupMinutes: 0 } };
export const [room1, room2] = [aResource('room', 'OR 1', quick), aResource('room', 'OR 2', quick)] as const;
export const hernia = aCase(room1, '08:00', 60, { title: 'Hernia' });
export const knee = aCase(room1, '10:00', 90, { title: 'Knee' });
export const otherCase = aCase(room2, '09:30', 45, { title: 'Other' });
export const myHold = aCase(room2, '13:00', 60, { state: 'held', holder: me, title: 'Held' });
export const boardData = { resources: [room1, room2], cases: [hernia, knee, otherCase, myHold] };

const problem = { type: '', title: '', status: 403, code: 'forbidden', detail: '' } as const;

export const user = userEvent.setup();
const stops: (() => void)[] = [];
/** The requests that were sent. Other tests check their outcomes. */
export const requests = () =>
  vi.mocked(call).mock.calls.map(([name, input]) => ({ name, ...(input as object) }));
export const board = () => document.querySelector<HTMLElement>('[data-board]');

/** Before each test: a page with a board, fields and a dialog, and the keys. The caller must mock the client. */
export function setUpKeys(): void {
  beforeEach(() => {
    vi.mocked(call).mockResolvedValue({ kind: 'refused', problem });
    document.body.innerHTML = `<div data-board tabindex="0"></div><input aria-label="Name">
      <textarea></textarea><button>Button</button><div role="dialog" tabindex="-1"></div>`;
    signInAs('coordinator');
    goToDate(date);
    loadBoard(boardData);
    stops.push(listenToKeys(), moveCursorWithBoard(), bringPlacingToShownDay());
    board()?.focus();
    cursorStore.setState(spotOnCase(knee));
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    vi.mocked(call).mockReset();
    setPreferences({ singleKeys: true, layout: 'lanes' });
    showScreen('day');
    resetCursor();
    closeAllDialogs();
    closePalette();
    forgetCut();
    select(null);
    placingStore.setState({ placing: null });
    intentStore.setState({ intents: [] });
  });
}

export const cursor = () => cursorStore.getState();
export const placing = () => placingStore.getState().placing;

/** Loads the board with the usual turnover of the site in OR 1. */
export const loadUsualTurnover = () =>
  loadBoard({ ...boardData, resources: [{ ...room1, attributes: {} }, room2] });
