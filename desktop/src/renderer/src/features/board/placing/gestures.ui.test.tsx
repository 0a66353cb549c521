import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  requests,
  setUpBoard,
  card,
  cases,
  changeCase,
  shoulder,
  hernia,
  hip,
  knee,
  room1,
  pointer,
  rooms,
  showBoard,
  surgeon,
  room2,
  x,
  y,
} from '../../../../../../test/shown-board.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, loadBoard, uuid } from '../../../../../../test/small-board.ts';
import { call } from '../../../api/client.ts';
import { cursorStore } from '../../../stores/cursor.ts';
import { closeDialog, dialogStore } from '../../../stores/dialogs.ts';
import { expiredStore } from '../../../stores/expired.ts';
import { placingStore } from '../../../stores/placing.ts';
import { setPreferences } from '../../../stores/preferences.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { setInspectorOpen, viewStore } from '../../../stores/view.ts';
import { beginDrag } from './drag.ts';

vi.mock('../../../api/client.ts', { spy: true });

setUpBoard();

describe('moving', () => {
  test('a pressed case is selected, and does not move before four pixels', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    expect(viewStore.getState().selectedId).toBe(knee.id);
    expect(cursorStore.getState()).toMatchObject({ mode: 'case', caseId: knee.id });
    pointer(card(knee), 'pointermove', x('08:10') + 3, y(0));
    expect(placingStore.getState().placing).toBeNull();
    pointer(card(knee), 'pointerup', x('08:10') + 3, y(0));
    expect(call).not.toHaveBeenCalled();
  });

  test('a double press opens the inspector', () => {
    setInspectorOpen(false);
    showBoard();
    fireEvent.doubleClick(card(knee));
    expect(viewStore.getState().isInspectorOpen).toBe(true);
  });

  test('a dragged case moves to another room and time, in steps of five minutes', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('12:12'), y(1));
    expect(document.querySelector('[data-verdict=good]')?.textContent).toBe('12:00–13:00 OR 2 ✓ free');
    pointer(card(knee), 'pointermove', x('12:25'), y(1), { shiftKey: true });
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('12:15–13:15');
    pointer(card(knee), 'pointerup', x('12:25'), y(1), { shiftKey: true });
    expect(placingStore.getState().placing).toBeNull();
    expect(requests()).toEqual([
      {
        name: 'moveCase',
        params: { site: uuid(2), case: knee.id },
        body: { version: 1, roomId: room2.id, start: at('12:15'), minutes: 60 },
      },
    ]);
    // The request is drawn as a request, while the case is still at its old place.
    expect(document.querySelector('[data-intent]')?.textContent).toBe('Requesting…Knee');
    expect(card(knee).closest('[role=row]')?.getAttribute('aria-rowindex')).toBe('1');
  });

  test('a drop on another case is refused, names that case and outlines it', () => {
    showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('14:10'), y(1));
    expect(document.querySelector('[data-verdict=bad]')?.textContent).toBe(
      '14:00–15:30 OR 2 ✕ OR 2 is taken by Hernia until 15:00',
    );
    expect(document.querySelector(`[data-in-the-way="${hernia.id}"]`)).toBeTruthy();
    pointer(card(hip), 'pointerup', x('14:10'), y(1));
    expect(call).not.toHaveBeenCalled();
    expect(toastStore.getState().toasts.map(({ text }) => text)).toEqual([
      'Hip stays where it is. OR 2 is taken by Hernia until 15:00.',
    ]);
  });

  test('time that another person frees during the drag is free', () => {
    showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('14:10'), y(1));
    changeCase({ ...hernia, state: 'cancelled' });
    expect(document.querySelector('[data-verdict=good]')).toBeTruthy();
  });

  test('a case that another person cancels during the drag cannot be moved', () => {
    showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('12:10'), y(1));
    changeCase({ ...hip, state: 'cancelled' });
    expect(document.querySelector('[data-verdict=bad]')?.textContent).toContain('✕ It is cancelled now');
    pointer(document.body, 'pointerup', x('12:10'), y(1));
    expect(call).not.toHaveBeenCalled();
  });

  test('scrolling by wheel moves the ghost too', () => {
    const grid = showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('12:10'), y(5));
    grid.scrollLeft = 60;
    act(() => void fireEvent.scroll(grid));
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('13:00–14:30 OR 6');
  });

  test('a surgeon who is elsewhere is a conflict in any room', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('14:40'), y(5));
    expect(document.querySelector('[data-verdict=bad]')?.textContent).toContain(
      'Dr Haddad is in OR 2 until 15:00: Hernia',
    );
    expect(document.querySelector(`[data-in-the-way="${hernia.id}"]`)).toBeTruthy();
  });

  test('the ghost shows setup and cleanup', () => {
    changeCase({ ...hip, setupMinutes: 20, cleanupMinutes: 30 });
    showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('12:10'), y(5));
    const claimed = document.querySelector<HTMLElement>('[data-claimed]')?.style;
    expect([claimed?.left, claimed?.width]).toEqual([`${x('11:40')}px`, '140px']);
  });

  test('unsuitable rooms name the missing equipment while a case is moved, but not while it is resized', () => {
    const procedure = { ...aProcedure('Prostatectomy', 90), capabilities: ['robot'] };
    const robotic = { ...room2, attributes: { ...room2.attributes, capabilities: ['robot'] } };
    const resources = rooms.map((room) => (room === room2 ? robotic : room));
    const robot = { ...hip, procedureId: procedure.id };
    act(() => void loadBoard({ resources, procedures: [procedure], cases: [robot, hernia] }));
    showBoard();
    pointer(card(robot), 'pointerdown', x('10:10'), y(0));
    pointer(card(robot), 'pointermove', x('12:10'), y(5));
    const marks = [...document.querySelectorAll('[data-unsuitable]')];
    expect(marks.map(({ textContent }) => textContent)).toEqual(
      rooms.filter((room) => room !== room2).map(({ name }) => `${name}✕ robot`),
    );
    pointer(document.body, 'pointercancel', 0, 0);
    // Resizing stays in the room.
    pointer(card(robot), 'pointerdown', x('11:30') - 2, y(0));
    pointer(card(robot), 'pointermove', x('12:00'), y(0));
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('10:00–12:00');
    expect(document.querySelectorAll('[data-unsuitable]')).toHaveLength(0);
  });

  test('a drop against the rules asks for a reason there, and Escape puts the case back', () => {
    const early = [{ days: [1, 2, 3, 4, 5, 6, 7], open: '07:00', close: '12:00' }];
    const closing = { ...room2, attributes: { ...room2.attributes, hours: early } };
    const resources = rooms.map((room) => (room === room2 ? closing : room));
    act(() => void loadBoard({ resources: [...resources, surgeon], cases: [hip] }));
    showBoard();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('12:10'), y(1));
    pointer(card(hip), 'pointerup', x('12:10'), y(1));
    expect(call).not.toHaveBeenCalled();
    expect(dialogStore.getState().dialog).toMatchObject({
      kind: 'reason',
      cautions: ['After hours: OR 2 is usually closed at 12:00.'],
    });
    expect(document.querySelector('[data-ghost=doubtful]')).toBeTruthy();
    act(closeDialog);
    expect(document.querySelector('[data-ghost]')).toBeNull();
  });

  test('Escape cancels', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('12:10'), y(1));
    act(() => void fireEvent.keyDown(document.body, { key: 'Escape' }));
    expect(placingStore.getState().placing).toBeNull();
    pointer(card(knee), 'pointerup', x('12:10'), y(1));
    expect(call).not.toHaveBeenCalled();
  });

  test('dragging the end of a case changes its length', () => {
    showBoard();
    pointer(card(knee), 'pointerdown', x('09:00') - 2, y(0));
    pointer(card(knee), 'pointermove', x('09:31'), y(4));
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('08:00–09:30 OR 1 · 90 min');
    pointer(card(knee), 'pointerup', x('09:31'), y(4));
    expect(requests()).toMatchObject([{ name: 'moveCase', body: { roomId: room1.id, minutes: 90 } }]);
  });

  test('a viewer can select a case, but not drag it', () => {
    signInAs('viewer');
    showBoard();
    for (const from of [x('08:10'), x('09:00') - 2]) {
      pointer(card(knee), 'pointerdown', from, y(0));
      pointer(card(knee), 'pointermove', x('12:10'), y(1));
      expect(placingStore.getState().placing).toBeNull();
      pointer(card(knee), 'pointerup', x('12:10'), y(1));
    }
    expect(viewStore.getState().selectedId).toBe(knee.id);
  });
});

test('a drag from the depot scrolls at the edge only after it has been on the board', () => {
  let frame: FrameRequestCallback = () => {};
  vi.spyOn(window, 'requestAnimationFrame').mockImplementation((next) => {
    frame = next;
    return 1;
  });
  const grid = showBoard();
  const scrollBy = vi.fn<() => void>();
  grid.scrollBy = scrollBy;
  const depot = { ...aCase(room1, '10:00', 60, { title: 'Ankle' }), state: 'depot' as const };
  const atEdge = 104 + 10;
  beginDrag(new PointerEvent('pointerdown', { pointerId: 1, clientX: -50, clientY: y(1) }), {
    kind: 'depot',
    item: depot,
  });
  const to = (clientX: number) => {
    pointer(document.body, 'pointermove', clientX, y(1));
    frame(0);
  };
  to(-20);
  to(atEdge);
  expect(placingStore.getState().placing).not.toBeNull();
  expect(scrollBy).not.toHaveBeenCalled();
  to(600);
  to(atEdge);
  expect(scrollBy).toHaveBeenCalledWith(expect.any(Number), 0);
});

describe('holding', () => {
  const track = (index: number) => {
    const found = document.querySelectorAll('[data-track]')[index];
    if (!found) throw new Error('There is no such lane.');
    return found;
  };

  test('a drag on free time requests a hold, which is drawn as pending', () => {
    showBoard();
    pointer(track(2), 'pointerdown', x('12:32'), y(2));
    pointer(track(2), 'pointermove', x('14:01'), y(7));
    expect(document.querySelector('[data-verdict]')?.textContent).toBe('12:30–14:00 OR 3 · 90 min ✓ free');
    pointer(track(2), 'pointerup', x('14:01'), y(7));
    expect(requests()).toMatchObject([
      { name: 'placeHold', body: { roomId: rooms[2]?.id, start: at('12:30'), minutes: 90 } },
    ]);
    expect(document.querySelector('[data-intent]')?.textContent).toBe('Requesting…');
    expect(document.querySelectorAll('[data-case]')).toHaveLength(cases.length);
  });

  test('a drop on someone else’s new hold requests the nearest times; a drop on a case does not', () => {
    changeCase({ ...shoulder, holder: { id: uuid(77), name: 'J. Diaz' } });
    showBoard();
    pointer(track(1), 'pointerdown', x('11:00'), y(1));
    pointer(track(1), 'pointermove', x('12:00'), y(1));
    expect(document.querySelector('[data-verdict=bad]')?.textContent).toContain('OR 2 is held by J. Diaz');
    pointer(track(1), 'pointerup', x('12:00'), y(1));
    expect(requests()).toMatchObject([{ name: 'placeHold', body: { roomId: room2.id, start: at('11:00') } }]);
    expect(toastStore.getState().toasts).toEqual([]);
    pointer(track(1), 'pointerdown', x('13:30'), y(1));
    pointer(track(1), 'pointermove', x('14:30'), y(1));
    pointer(track(1), 'pointerup', x('14:30'), y(1));
    expect(requests()).toHaveLength(1);
    expect(toastStore.getState().toasts).toHaveLength(1);
  });

  test('an office holds for one of its surgeons who is free at that time', () => {
    const colleague = aResource('surgeon', 'Dr Lind');
    const board = { resources: [...rooms, surgeon, colleague], cases };
    signInAs('office', [surgeon.id, colleague.id]);
    act(() => void loadBoard(board));
    showBoard();
    pointer(track(2), 'pointerdown', x('14:02'), y(2));
    pointer(track(2), 'pointermove', x('15:30'), y(2));
    pointer(track(2), 'pointerup', x('15:30'), y(2));
    expect(requests()).toMatchObject([{ name: 'placeHold', body: { surgeonId: colleague.id } }]);
  });

  test('a press marks the time for the keyboard', () => {
    showBoard();
    pointer(track(2), 'pointerdown', x('12:33'), y(2));
    pointer(track(2), 'pointerup', x('12:33'), y(2));
    expect(cursorStore.getState()).toMatchObject({ mode: 'free', roomId: rooms[2]?.id, at: at('12:30') });
  });

  test('my expired hold can be held again, with all its details', () => {
    showBoard();
    act(() =>
      expiredStore.setState({ expired: [{ item: shoulder, now: { ...shoulder, state: 'expired' } }] }),
    );
    fireEvent.click(screen.getByText(/Expired · hold again/));
    expect(requests()).toMatchObject([
      { name: 'placeHold', body: { title: 'Shoulder', start: shoulder.start } },
    ]);
    expect(document.querySelector('[data-expired]')).toBeNull();
  });
});

test('in columns, time runs down and the same gestures work', () => {
  setPreferences({ layout: 'columns' });
  const grid = showBoard();
  grid.scrollTop = 0;
  const down = (time: string) => 40 + ((x(time) - 104) * 60 * 0.66) / 60;
  pointer(card(knee), 'pointerdown', 56 + 20, down('08:10'));
  pointer(card(knee), 'pointermove', 56 + 118 + 20, down('12:11'));
  expect(document.querySelector('[data-verdict]')?.textContent).toBe('12:00–13:00 OR 2 ✓ free');
});
