import type { PlacedCase } from '@slate/shared/cases';
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  setUpBoard,
  card,
  cases,
  changeCase,
  shoulder,
  hernia,
  hip,
  knee,
  room1,
  rooms,
  showBoard,
  windowSize,
  surgeon,
  room2,
} from '../../../../../test/shown-board.tsx';
import { aCase, aResource, at, date, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { setCursor } from '../../stores/cursor.ts';
import { placingStore } from '../../stores/placing.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { reveal } from '../../board/reveal.ts';

vi.mock('../../api/client.ts', { spy: true });

setUpBoard();

describe('the contents of the board', () => {
  test('the board is a grid of rooms, with one tab stop and a name', () => {
    const grid = showBoard();
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
      'a hold, with its time left',
      shoulder,
      'Shoulder, OR 2, 11:00 to 11:45, held by you, 4 minutes 48 seconds left',
    ],
  ])('the name of %s describes it', (_, item, name) => {
    showBoard();
    expect(card(item).getAttribute('aria-label')).toBe(name);
  });

  test('time of another office is shown as busy', () => {
    const busy = [{ id: uuid(8), roomId: room1.id, start: at('10:00'), end: at('11:30'), growsFrom: null }];
    act(() => void loadBoard({ resources: [...rooms], busy }));
    showBoard();
    expect(screen.getByRole('gridcell', { name: 'Busy, OR 1, 10:00 to 11:30' })).toBeTruthy();
  });

  test('the keyboard cursor is the active cell, on a case and on free time', () => {
    const grid = showBoard();
    act(() => setCursor({ mode: 'case', caseId: knee.id, roomId: room1.id, at: knee.start, minutes: null }));
    expect(grid.getAttribute('aria-activedescendant')).toBe(card(knee).id);
    act(() => setCursor({ mode: 'free', caseId: null, roomId: room2.id, at: at('13:00'), minutes: 90 }));
    const active = document.querySelector(`#${grid.getAttribute('aria-activedescendant')}`);
    expect(active?.getAttribute('aria-label')).toBe('OR 2, 13:00–14:30, free');
    expect(active?.closest('[role=row]')?.getAttribute('aria-rowindex')).toBe('2');
  });

  test('a list says how many of its places are left', () => {
    const list = aResource('list', 'Cataracts', { capacity: 8 });
    const block = {
      id: uuid(40),
      roomId: room1.id,
      start: at('12:00'),
      end: at('17:00'),
      service: 'Ophthalmology',
      surgeonId: null,
      listId: list.id,
      releaseAt: at('05:00'),
      releasedAt: null,
    };
    const place = { resourceId: list.id, blockId: block.id, start: block.start, end: block.end };
    const cataract = aCase(room1, '12:00', 20, { list: place });
    act(() => void loadBoard({ resources: [...rooms, list], blocks: [block], cases: [cataract] }));
    showBoard();
    expect(screen.getByText('Ophthalmology · 7 of 8 places left')).toBeTruthy();
    changeCase({ ...cataract, state: 'cancelled' });
    expect(screen.getByText('Ophthalmology · 8 of 8 places left')).toBeTruthy();
  });

  test('an empty day names the key for a hold', () => {
    const evening = { start: at('22:00', '2026-11-19'), end: at('23:00', '2026-11-19') };
    act(() => void loadBoard({ resources: rooms, cases: [{ ...hip, ...evening }] }));
    showBoard();
    expect(screen.getByText(/No cases\./).textContent).toBe('No cases. H to hold.');
  });

  test('conflict, overtime and progress follow the clock, without a push', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    const inRoom: PlacedCase = {
      ...knee,
      start: at('05:00'),
      end: at('06:00'),
      state: 'incision',
      milestones: { in_room: at('05:00') },
    };
    const next: PlacedCase = { ...hip, start: at('06:01'), end: at('07:31') };
    act(() => void loadBoard({ resources: [...rooms, surgeon], cases: [inRoom, next] }));
    const overtimes = () => document.querySelectorAll('[class*=overtime]').length;
    showBoard();
    expect(card(inRoom).getAttribute('aria-label')).toMatch(/running over$/);
    expect(card(next).getAttribute('aria-label')).toMatch(/confirmed$/);
    expect(overtimes()).toBe(0);
    act(() => void vi.advanceTimersByTime(90_000));
    expect(card(next).getAttribute('aria-label')).toMatch(/in conflict$/);
    expect(overtimes()).toBe(2);
  });

  test('RE9 a case that has run since the evening before is drawn from midnight to now', () => {
    const [start, end] = [at('22:00', '2026-11-19'), at('23:00', '2026-11-19')];
    const running = { ...hip, state: 'in_room', start, end, milestones: { in_room: start } } as const;
    loadBoard({ resources: rooms, cases: [running] });
    showBoard();
    const { style } = card(running);
    expect(style.left).toBe('0px');
    const width = Number.parseFloat(style.width);
    expect(width).toBeGreaterThanOrEqual(6 * 60);
    // Its text moves into view, but not out of the card: that would make the card longer.
    expect(Number.parseFloat(style.paddingInlineStart)).toBeLessThan(width);
    expect(card(running).getAttribute('aria-label')).toContain('22:00 to 06:');
  });

  test('a case is in conflict as soon as a case in another room is known to run over', () => {
    const running: PlacedCase = { ...knee, start: at('05:00'), end: at('06:30'), state: 'incision' };
    const next: PlacedCase = { ...hernia, start: at('06:45'), end: at('07:45') };
    act(() => void loadBoard({ resources: [...rooms, surgeon], cases: [running, next] }));
    showBoard();
    expect(card(next).getAttribute('aria-label')).toMatch(/booked$/);
    changeCase({ ...running, milestones: { in_room: at('05:30') } });
    expect(card(next).getAttribute('aria-label')).toMatch(/in conflict$/);
  });
});

test('switching the layout back and forth keeps the time of day and the first room in view', () => {
  const grid = showBoard();
  grid.scrollLeft = 9 * 60;
  fireEvent.scroll(grid);
  act(() => setPreferences({ layout: 'columns' }));
  expect([grid.scrollLeft, grid.scrollTop]).toEqual([0, Math.round(9 * 60 * 0.66)]);
  fireEvent.scroll(grid);
  act(() => setPreferences({ layout: 'lanes' }));
  expect(grid.scrollTop).toBe(0);
  expect(Math.abs(grid.scrollLeft - 9 * 60)).toBeLessThanOrEqual(1);
});

test('CO5 five days of a week fit next to both panels on a 1920-pixel screen', () => {
  act(() => void loadBoard({ resources: rooms, cases: [] }, date, 7));
  const content = showBoard().querySelector<HTMLElement>('[role=presentation]');
  const beside = 48 + 232 + 316 + 104;
  expect(((parseFloat(content?.style.width ?? '') - 104) / 7) * 5).toBeLessThanOrEqual(1920 - beside);
});

test('a week shows its days next to each other, and a case moves between them', () => {
  const tomorrow = '2026-11-21';
  act(() => void loadBoard({ resources: [...rooms, surgeon], cases }, date, 7));
  const grid = showBoard();
  expect(grid.getAttribute('aria-label')).toBe('Board, week from Fri, Nov 20, 2026');
  act(() =>
    placingStore.setState({
      placing: {
        kind: 'move',
        caseId: knee.id,
        item: knee,
        place: { roomId: room1.id, start: at('10:00', tomorrow), end: at('11:00', tomorrow) },
      },
    }),
  );
  expect(document.querySelector('[data-verdict]')?.textContent).toBe('Sat, Nov 21, 10:00–11:00 OR 1 ✓ free');
});

test('FP11 the card of a hold shows its remaining time or its end', () => {
  windowSize.width = 2400;
  setPreferences({ pixelsPerHour: 130 });
  showBoard();
  expect(card(shoulder).textContent).toContain('4:48');
  expect(card(shoulder).textContent).not.toContain('06:04');
  act(() => setPreferences({ holdTime: 'end', pixelsPerHour: 131 }));
  expect(card(shoulder).textContent).toContain('06:04');
  expect(card(shoulder).textContent).not.toContain('4:48');
});

test('revealing a case scrolls to it', () => {
  const grid = showBoard();
  const scrolled = vi.spyOn(grid, 'scrollTo').mockImplementation(() => {});
  reveal({ roomId: room1.id, at: at('23:00') });
  expect(scrolled).toHaveBeenCalledWith({ left: 23 * 60 + 60 + 24 - (windowSize.width - 104), top: 0 });
});
