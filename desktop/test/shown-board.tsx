import type { Case, PlacedCase } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { MantineProvider } from '@mantine/core';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { call } from '../src/renderer/src/api/client.ts';
import { Board } from '../src/renderer/src/features/board/board.tsx';
import { applyChanges } from '../src/renderer/src/realtime/write-board.ts';
import { boardStore } from '../src/renderer/src/stores/board.ts';
import { forgetUnsavedQueue } from '../src/renderer/src/stores/queue.ts';
import { intentStore } from '../src/renderer/src/stores/intents.ts';
import { resetCursor } from '../src/renderer/src/stores/cursor.ts';
import { closeAllDialogs } from '../src/renderer/src/stores/dialogs.ts';
import { expiredStore } from '../src/renderer/src/stores/expired.ts';
import { placingStore } from '../src/renderer/src/stores/placing.ts';
import { setPreferences } from '../src/renderer/src/stores/preferences.ts';
import { toastStore } from '../src/renderer/src/stores/toasts.ts';
import { select, viewStore } from '../src/renderer/src/stores/view.ts';
import { me, signInAs } from './signed-in.ts';
import { aCase, aResource, at, date, loadBoard, setClock } from './small-board.ts';

export const windowSize = { width: 1200, height: 900 };
const box = () => ({
  x: 0,
  y: 0,
  left: 0,
  top: 0,
  right: windowSize.width,
  bottom: windowSize.height,
  ...windowSize,
});
export const surgeon = aResource('surgeon', 'Dr Haddad');
export const rooms = Array.from({ length: 12 }, (_, index) =>
  aResource('room', `OR ${index + 1}`, { attributes: { setupMinutes: 0, cleanupMinutes: 0 } }),
);
const [first, second] = rooms;
if (!first || !second) throw new Error('There are no rooms.');
export const [room1, room2] = [first, second] as const;

export const knee = aCase(room1, '08:00', 60, { title: 'Knee', surgeonId: surgeon.id });
export const hip = aCase(room1, '10:00', 90, { title: 'Hip', state: 'confirmed' });
export const hernia = aCase(room2, '14:00', 60, { title: 'Hernia', surgeonId: surgeon.id });
export const shoulder = aCase(room2, '11:00', 45, {
  title: 'Shoulder',
  state: 'held',
  holder: me,
  expiresAt: addMinutes(at('06:00'), 4.8),
});
export const otherCases = rooms
  .slice(2)
  .map((room, index) => aCase(room, '17:00', 60, { title: `Other ${index}` }));
export const cases = [knee, hip, hernia, shoulder, ...otherCases];

/**
 * Before each test: a window (happy-dom has no layout) and this day on a coordinator's board. The caller must mock the
 * client.
 */
export function setUpBoard() {
  beforeEach(() => {
    // The clock stands still, so that countdowns do.
    vi.useFakeTimers({ toFake: ['performance'] });
    Object.assign(windowSize, { width: 1200, height: 900 });
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockImplementation(() => windowSize.width);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(() => windowSize.height);
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => windowSize.width);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => windowSize.height);
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(() => box() as DOMRect);
    vi.mocked(call).mockResolvedValue({ kind: 'unreachable' });
    setPreferences({ layout: 'lanes', rowHeight: 40, pixelsPerHour: 60, holdTime: 'countdown' });
    signInAs('coordinator');
    viewStore.setState({ date });
    loadBoard({ resources: [...rooms, surgeon], cases });
    setClock(at('06:00'));
  });
  afterEach(() => {
    pointer(document.body, 'pointercancel', 0, 0);
    cleanup();
    vi.useRealTimers();
    vi.restoreAllMocks();
    resetCursor();
    closeAllDialogs();
    select(null);
    placingStore.setState({ placing: null });
    intentStore.setState({ intents: [] });
    forgetUnsavedQueue();
    expiredStore.setState({ expired: [] });
    toastStore.setState({ toasts: [] });
  });
}

export const showBoard = () => {
  render(
    <MantineProvider>
      <Board />
    </MantineProvider>,
  );
  // Initially the left edge is at the start of the day.
  const grid = screen.getByRole('grid');
  grid.scrollLeft = 0;
  grid.setPointerCapture = () => {};
  grid.hasPointerCapture = () => false;
  fireEvent.scroll(grid);
  return grid;
};
export const changeCase = (item: Case, cause: 'changed' | 'moved' = 'changed') => {
  const revision = (boardStore.getState().view?.board.revision ?? 0) + 1;
  const body = { type: 'case', cause, case: { ...item, version: item.version + 1 } } as const;
  act(() => applyChanges([{ revision, at: at('06:00'), by: null, body }], revision, at('06:00')));
};
export const card = (item: PlacedCase) => {
  const found = document.querySelector<HTMLElement>(`[data-case="${item.id}"]`);
  if (!found) throw new Error(`${item.title} is not on the board.`);
  return found;
};

// One pixel is a minute. The room names are 104 pixels wide, the hours 28 high, a lane 40.
export const x = (time: string) => 104 + (Date.parse(at(time)) - Date.parse(at('00:00'))) / 60_000;
export const y = (roomIndex: number) => 28 + roomIndex * 40 + 20;
export const pointer = (target: Element, type: string, clientX: number, clientY: number, more = {}) =>
  act(() => {
    target.dispatchEvent(
      new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX, clientY, ...more }),
    );
  });
export const requests = () =>
  vi.mocked(call).mock.calls.map(([name, input]) => ({ name, ...(input as object) }));
