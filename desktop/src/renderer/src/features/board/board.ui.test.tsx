import type { Case, PlacedCase } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { MantineProvider } from '@mantine/core';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aResource, at, date, showing, uuid } from '../../../test/small-board.ts';
import { me, signedInAs } from '../../../test/signed-in.ts';
import { call } from '../../api/client.ts';
import { applyChanges } from '../../realtime/write-board.ts';
import { boardStore } from '../../stores/board.ts';
import { commandStore } from '../../stores/commands.ts';
import { cursorStore, resetCursor, setCursor } from '../../stores/cursor.ts';
import { closeAllDialogs } from '../../stores/dialogs.ts';
import { expiredStore } from '../../stores/expired.ts';
import { placingStore } from '../../stores/placing.ts';
import { prefer } from '../../stores/preferences.ts';
import { toastStore } from '../../stores/toasts.ts';
import { openInspector, select, viewStore } from '../../stores/view.ts';
import { spokenCase } from '../../words/board.ts';
import { Board } from './board.tsx';
import { layOut } from './lane-layout.ts';
import { reveal } from './reveal.ts';

vi.mock('../../api/client.ts', { spy: true });
vi.mock('../../words/board.ts', { spy: true });
vi.mock('./lane-layout.ts', { spy: true });

const size = { width: 1200, height: 900 };
const box = () => ({ x: 0, y: 0, left: 0, top: 0, right: size.width, bottom: size.height, ...size });
const surgeon = aResource('surgeon', 'Dr Haddad');
const rooms = Array.from({ length: 12 }, (_, index) =>
  aResource('room', `OR ${index + 1}`, { attributes: { setupMinutes: 0, cleanupMinutes: 0 } }),
);
const [one, two] = [rooms[0], rooms[1]];
if (!one || !two) throw new Error('There are no rooms.');

const knee = aCase(one, '08:00', 60, { title: 'Knee', surgeonId: surgeon.id });
const hip = aCase(one, '10:00', 90, { title: 'Hip', state: 'confirmed' });
const hernia = aCase(two, '14:00', 60, { title: 'Hernia', surgeonId: surgeon.id });
const held = aCase(two, '11:00', 45, {
  title: 'Shoulder',
  state: 'held',
  holder: me,
  expiresAt: addMinutes(at('06:00'), 4.8),
});
const others = rooms.slice(2).map((room, index) => aCase(room, '17:00', 60, { title: `Other ${index}` }));
const cases = [knee, hip, hernia, held, ...others];

/** happy-dom lays nothing out: the board is told that it has a window. */
beforeEach(() => {
  size.height = 900;
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockImplementation(() => size.width);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(() => size.height);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockImplementation(() => size.width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockImplementation(() => size.height);
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(() => box() as DOMRect);
  vi.mocked(call).mockResolvedValue({ kind: 'unreachable' });
  prefer({ layout: 'lanes', rowHeight: 40, pixelsPerHour: 60 });
  signedInAs('coordinator');
  viewStore.setState({ date });
  showing({ resources: [...rooms, surgeon], cases });
});
afterEach(() => {
  pointer(document.body, 'pointercancel', 0, 0);
  cleanup();
  vi.restoreAllMocks();
  resetCursor();
  closeAllDialogs();
  select(null);
  placingStore.setState({ placing: null });
  commandStore.setState({ intents: [] });
  expiredStore.setState({ expired: [] });
  toastStore.setState({ toasts: [] });
});

const show = () => {
  render(
    <MantineProvider>
      <Board />
    </MantineProvider>,
  );
  // As it is scrolled at first, the left edge is at the beginning of the day.
  const grid = screen.getByRole('grid');
  grid.scrollLeft = 0;
  grid.setPointerCapture = () => {};
  grid.hasPointerCapture = () => false;
  fireEvent.scroll(grid);
  return grid;
};
const changed = (item: Case, cause: 'changed' | 'moved' = 'changed') => {
  const revision = (boardStore.getState().view?.board.revision ?? 0) + 1;
  const body = { type: 'case', cause, case: { ...item, version: item.version + 1 } } as const;
  act(() => applyChanges([{ revision, at: at('06:00'), by: null, body }], revision, at('06:00')));
};
const card = (item: PlacedCase) => {
  const found = document.querySelector<HTMLElement>(`[data-case="${item.id}"]`);
  if (!found) throw new Error(`${item.title} is not on the board.`);
  return found;
};

// One pixel is a minute; the names of the rooms take 104, the hours 28, a lane 40.
const x = (time: string) => 104 + (Date.parse(at(time)) - Date.parse(at('00:00'))) / 60_000;
const y = (roomIndex: number) => 28 + roomIndex * 40 + 20;
const pointer = (target: Element, type: string, clientX: number, clientY: number, more = {}) =>
  act(() => {
    target.dispatchEvent(
      new PointerEvent(type, { bubbles: true, button: 0, pointerId: 1, clientX, clientY, ...more }),
    );
  });
const asked = () => vi.mocked(call).mock.calls.map(([name, input]) => ({ name, ...(input as object) }));

describe('what is told', () => {
  test('a grid of rooms, with one tab stop and a name', () => {
    const grid = show();
    expect(grid.getAttribute('aria-label')).toBe('Board, Fri, Nov 20, 2026');
    expect(grid.tabIndex).toBe(0);
    expect(grid.getAttribute('aria-rowcount')).toBe('12');
    expect(screen.getAllByRole('row')).toHaveLength(12);
    expect(screen.getByRole('row', { name: /^OR 2/ }).getAttribute('aria-rowindex')).toBe('2');
    expect(document.querySelectorAll('[role=grid] [tabindex="0"]')).toHaveLength(0);
  });

  test.each([
    ['a booked case', knee, 'Knee, Dr Haddad, OR 1, 08:00 to 09:00, booked'],
    ['a confirmed case', hip, 'Hip, OR 1, 10:00 to 11:30, confirmed'],
    [
      'a hold, with what is left of it',
      held,
      'Shoulder, OR 2, 11:00 to 11:45, held by you, 4 minutes 48 seconds left',
    ],
  ])('%s', (_, item, name) => {
    show();
    expect(card(item).getAttribute('aria-label')).toBe(name);
  });

  test('time of which is only known that it is taken', () => {
    const busy = [{ id: uuid(8), roomId: one.id, start: at('10:00'), end: at('11:30') }];
    act(() => void showing({ resources: [...rooms], busy }));
    show();
    expect(screen.getByRole('gridcell', { name: 'Busy, OR 1, 10:00 to 11:30' })).toBeTruthy();
  });

  test('the cursor of the keyboard is the active cell, on a case and on free time', () => {
    const grid = show();
    act(() => setCursor({ mode: 'case', caseId: knee.id, roomId: one.id, at: knee.start, minutes: null }));
    expect(grid.getAttribute('aria-activedescendant')).toBe(card(knee).id);
    act(() => setCursor({ mode: 'free', caseId: null, roomId: two.id, at: at('13:00'), minutes: 90 }));
    const active = document.querySelector(`#${grid.getAttribute('aria-activedescendant')}`);
    expect(active?.getAttribute('aria-label')).toBe('OR 2, 13:00–14:30, free');
    expect(active?.closest('[role=row]')?.getAttribute('aria-rowindex')).toBe('2');
  });

  test('a list says how many of its places are left', () => {
    const list = aResource('list', 'Cataracts', { capacity: 8 });
    const block = {
      id: uuid(40),
      roomId: one.id,
      start: at('12:00'),
      end: at('17:00'),
      service: 'Ophthalmology',
      surgeonId: null,
      listId: list.id,
      releaseAt: at('05:00'),
      releasedAt: null,
    };
    const place = { resourceId: list.id, blockId: block.id, start: block.start, end: block.end };
    const cataract = aCase(one, '12:00', 20, { list: place });
    act(() => void showing({ resources: [...rooms, list], blocks: [block], cases: [cataract] }));
    show();
    expect(screen.getByText('Ophthalmology · 7 of 8 places left')).toBeTruthy();
    changed({ ...cataract, state: 'cancelled' });
    expect(screen.getByText('Ophthalmology · 8 of 8 places left')).toBeTruthy();
  });

  test('an empty day says what to do', () => {
    act(() => void showing({ resources: rooms }));
    show();
    expect(screen.getByText(/No cases\./).textContent).toBe('No cases. H to hold.');
  });

  test('conflict, overtime and progress come with the clock, without anything being pushed', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    try {
      const inRoom: PlacedCase = {
        ...knee,
        start: at('05:00'),
        end: at('06:00'),
        state: 'incision',
        milestones: { in_room: at('05:00') },
      };
      const next: PlacedCase = { ...hip, start: at('06:01'), end: at('07:31') };
      act(() => void showing({ resources: [...rooms, surgeon], cases: [inRoom, next] }));
      show();
      expect(card(inRoom).getAttribute('aria-label')).toMatch(/over time$/);
      expect(card(next).getAttribute('aria-label')).toMatch(/confirmed$/);
      act(() => void vi.advanceTimersByTime(90_000));
      expect(card(next).getAttribute('aria-label')).toMatch(/in conflict$/);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('no more is drawn than must be', () => {
  test('a change draws one card and one lane', () => {
    show();
    vi.mocked(spokenCase).mockClear();
    vi.mocked(layOut).mockClear();
    changed({ ...hip, title: 'Hip, left' });
    expect(vi.mocked(spokenCase).mock.calls.map(([{ title }]) => title)).toEqual(['Hip, left']);
    const lanes = new Set(vi.mocked(layOut).mock.calls.map(([{ room }]) => room.name));
    expect([...lanes]).toEqual(['OR 1']);
  });

  test('a case that moves from room to room draws its own card, and none of its neighbours', () => {
    show();
    vi.mocked(spokenCase).mockClear();
    changed({ ...hip, roomId: rooms[2]?.id ?? '' }, 'moved');
    expect(new Set(vi.mocked(spokenCase).mock.calls.map(([{ title }]) => title))).toEqual(new Set(['Hip']));
  });

  test('dragging draws only the ghost', () => {
    show();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('08:30'), y(0));
    vi.mocked(spokenCase).mockClear();
    vi.mocked(layOut).mockClear();
    for (let step = 0; step < 20; step++) {
      pointer(card(knee), 'pointermove', x('12:00') + step * 5, y(3 + (step % 4)));
    }
    expect(spokenCase).not.toHaveBeenCalled();
    expect(layOut).not.toHaveBeenCalled();
    expect(document.querySelector('[data-ghost]')).toBeTruthy();
  });

  test('rooms and times out of the window are not there, but for what has the cursor', () => {
    size.height = 120;
    show();
    expect(screen.getAllByRole('row').length).toBeLessThan(9);
    const [last] = others.slice(-1);
    if (!last) throw new Error('There is no last room.');
    act(() =>
      setCursor({ mode: 'case', caseId: last.id, roomId: last.roomId, at: last.start, minutes: null }),
    );
    expect(card(last)).toBeTruthy();
  });
});

describe('moving', () => {
  test('from four pixels on; less selects', () => {
    show();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('08:10') + 3, y(0));
    expect(placingStore.getState().placing).toBeNull();
    pointer(card(knee), 'pointerup', x('08:10') + 3, y(0));
    expect(viewStore.getState().selectedId).toBe(knee.id);
    expect(cursorStore.getState()).toMatchObject({ mode: 'case', caseId: knee.id });
    expect(call).not.toHaveBeenCalled();
  });

  test('twice opens the inspector', () => {
    openInspector(false);
    show();
    fireEvent.doubleClick(card(knee));
    expect(viewStore.getState().isInspectorOpen).toBe(true);
  });

  test('to another room and time, in steps of five minutes, as it was taken hold of', () => {
    show();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('12:12'), y(1));
    expect(document.querySelector('[data-verdict=good]')?.textContent).toBe('12:00–13:00 OR 2 ✓ free');
    pointer(card(knee), 'pointermove', x('12:25'), y(1), { shiftKey: true });
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('12:15–13:15');
    pointer(card(knee), 'pointerup', x('12:25'), y(1), { shiftKey: true });
    expect(placingStore.getState().placing).toBeNull();
    expect(asked()).toEqual([
      {
        name: 'moveCase',
        params: { site: uuid(2), case: knee.id },
        body: { version: 1, roomId: two.id, start: at('12:15'), minutes: 60 },
      },
    ]);
    // What is asked for is drawn as asked for, beside the case where it still is.
    expect(document.querySelector('[data-intent]')?.textContent).toBe('Requesting…Knee');
    expect(card(knee).closest('[role=row]')?.getAttribute('aria-rowindex')).toBe('1');
  });

  test('onto another case is refused, with who is there, and outlines it', () => {
    show();
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

  test('what is freed by somebody else meanwhile is free', () => {
    show();
    pointer(card(hip), 'pointerdown', x('10:10'), y(0));
    pointer(card(hip), 'pointermove', x('14:10'), y(1));
    changed({ ...hernia, state: 'cancelled' });
    expect(document.querySelector('[data-verdict=good]')).toBeTruthy();
  });

  test('a surgeon who is elsewhere is in the way in any room', () => {
    show();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('14:40'), y(5));
    expect(document.querySelector('[data-verdict=bad]')?.textContent).toContain(
      'Dr Haddad is elsewhere until 15:00: Hernia',
    );
  });

  test('Escape stops it', () => {
    show();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('12:10'), y(1));
    act(() => void fireEvent.keyDown(document.body, { key: 'Escape' }));
    expect(placingStore.getState().placing).toBeNull();
    pointer(card(knee), 'pointerup', x('12:10'), y(1));
    expect(call).not.toHaveBeenCalled();
  });

  test('by its end it becomes longer or shorter', () => {
    show();
    const edge = card(knee).querySelector('[data-edge]');
    if (!edge) throw new Error('It has no end.');
    pointer(edge, 'pointerdown', x('09:00'), y(0));
    pointer(edge, 'pointermove', x('09:31'), y(4));
    expect(document.querySelector('[data-verdict]')?.textContent).toContain('08:00–09:30 OR 1');
    pointer(edge, 'pointerup', x('09:31'), y(4));
    expect(asked()).toMatchObject([{ name: 'moveCase', body: { roomId: one.id, minutes: 90 } }]);
  });

  test('is not offered to those who may not', () => {
    signedInAs('viewer');
    show();
    expect(document.querySelector('[data-edge]')).toBeNull();
    pointer(card(knee), 'pointerdown', x('08:10'), y(0));
    pointer(card(knee), 'pointermove', x('12:10'), y(1));
    expect(placingStore.getState().placing).toBeNull();
    expect(viewStore.getState().selectedId).toBe(knee.id);
  });
});

describe('holding', () => {
  const track = (index: number) => {
    const found = document.querySelectorAll('[data-track]')[index];
    if (!found) throw new Error('There is no such lane.');
    return found;
  };

  test('from where it is pressed to where it is let go, and not drawn as held before it is', () => {
    show();
    pointer(track(2), 'pointerdown', x('12:32'), y(2));
    pointer(track(2), 'pointermove', x('14:01'), y(7));
    expect(document.querySelector('[data-verdict]')?.textContent).toBe('12:30–14:00 OR 3 ✓ free');
    pointer(track(2), 'pointerup', x('14:01'), y(7));
    expect(asked()).toMatchObject([
      { name: 'placeHold', body: { roomId: rooms[2]?.id, start: at('12:30'), minutes: 90 } },
    ]);
    expect(document.querySelector('[data-intent]')?.textContent).toBe('Requesting…');
    expect(document.querySelectorAll('[data-case]')).toHaveLength(cases.length);
  });

  test('an office holds for a surgeon of its own who is free then', () => {
    const colleague = aResource('surgeon', 'Dr Lind');
    const given = { resources: [...rooms, surgeon, colleague], cases };
    signedInAs('office', [surgeon.id, colleague.id]);
    act(() => void showing(given));
    show();
    pointer(track(2), 'pointerdown', x('14:02'), y(2));
    pointer(track(2), 'pointermove', x('15:30'), y(2));
    pointer(track(2), 'pointerup', x('15:30'), y(2));
    expect(asked()).toMatchObject([{ name: 'placeHold', body: { surgeonId: colleague.id } }]);
  });

  test('a press marks the time for the keyboard', () => {
    show();
    pointer(track(2), 'pointerdown', x('12:33'), y(2));
    pointer(track(2), 'pointerup', x('12:33'), y(2));
    expect(cursorStore.getState()).toMatchObject({ mode: 'free', roomId: rooms[2]?.id, at: at('12:30') });
  });

  test('a hold of mine that expired can be had again for a while, with all it was', () => {
    show();
    act(() => expiredStore.setState({ expired: [{ item: held, now: { ...held, state: 'expired' } }] }));
    fireEvent.click(screen.getByText(/Expired · hold again/));
    expect(asked()).toMatchObject([{ name: 'placeHold', body: { title: 'Shoulder', start: held.start } }]);
    expect(document.querySelector('[data-expired]')).toBeNull();
  });
});

test('turned by 90°, time runs down and the same gesture means the same', () => {
  prefer({ layout: 'columns' });
  const grid = show();
  grid.scrollTop = 0;
  const down = (time: string) => 40 + ((x(time) - 104) * 60 * 0.66) / 60;
  pointer(card(knee), 'pointerdown', 56 + 20, down('08:10'));
  pointer(card(knee), 'pointermove', 56 + 118 + 20, down('12:11'));
  expect(document.querySelector('[data-verdict]')?.textContent).toBe('12:00–13:00 OR 2 ✓ free');
});

test('turned and turned back, the same time of day is looked at, and the first room', () => {
  const grid = show();
  grid.scrollLeft = 9 * 60;
  fireEvent.scroll(grid);
  act(() => prefer({ layout: 'columns' }));
  expect([grid.scrollLeft, grid.scrollTop]).toEqual([0, Math.round(9 * 60 * 0.66)]);
  fireEvent.scroll(grid);
  act(() => prefer({ layout: 'lanes' }));
  expect(grid.scrollTop).toBe(0);
  expect(Math.abs(grid.scrollLeft - 9 * 60)).toBeLessThanOrEqual(1);
});

test('a week has its days side by side, and a case goes from one to another', () => {
  const tomorrow = '2026-11-21';
  act(() => void showing({ resources: [...rooms, surgeon], cases }, date, 7));
  const grid = show();
  expect(grid.getAttribute('aria-label')).toBe('Board, week from Fri, Nov 20, 2026');
  act(() =>
    placingStore.setState({
      placing: {
        kind: 'move',
        caseId: knee.id,
        item: knee,
        place: { roomId: one.id, start: at('10:00', tomorrow), end: at('11:00', tomorrow) },
      },
    }),
  );
  expect(document.querySelector('[data-verdict]')?.textContent).toBe('10:00–11:00 OR 1 ✓ free');
});

test('what is revealed is scrolled to', () => {
  const grid = show();
  const scrolled = vi.spyOn(grid, 'scrollTo').mockImplementation(() => {});
  reveal({ roomId: one.id, at: at('23:00') });
  expect(scrolled).toHaveBeenCalledWith({ left: 23 * 60 + 60 + 24 - (size.width - 104), top: 0 });
});
