import { MantineProvider } from '@mantine/core';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, date, loadBoard } from '../../../../../test/small-board.ts';
import { syncClock } from '../../stores/clock.ts';
import { setConnection } from '../../stores/connection.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { viewStore } from '../../stores/view.ts';
import { firstHour, roomNames, wallLayout } from './wall-layout.ts';
import { wallText } from '../../board/card-text.ts';
import { WallBoard, useNewPage } from './wall.tsx';

describe('the wall board is readable from five meters', () => {
  test.each([1, 12, 40, 41, 85, 250])('with %i rooms on a screen of 3840 × 2160', (rooms) => {
    const { pages, rowsPerPage, row, type, head } = wallLayout(rooms, 2160);
    expect(type).toBeGreaterThanOrEqual(27);
    expect(type).toBeLessThan(row);
    // Two lines with padding: the date and the hours.
    expect(head).toBeGreaterThanOrEqual(type * 4);
    expect(pages * rowsPerPage).toBeGreaterThanOrEqual(rooms);
    expect((pages - 1) * rowsPerPage).toBeLessThan(rooms);
    expect(head + rowsPerPage * row).toBeLessThanOrEqual(2160.001);
  });

  test('on a smaller screen too', () => {
    expect(wallLayout(40, 1080).pages).toBe(wallLayout(40, 2160).pages);
    expect(wallLayout(40, 1080).type * 2).toBeGreaterThanOrEqual(27);
  });

  test('with room names that fit, and services if there is space', () => {
    const named = [aResource('room', 'Main OR 12', { attributes: { service: 'Vascular Surgery' } })];
    expect(roomNames(named, { row: 150, type: 47, width: 3840 }).service).toBe('beneath');
    expect(roomNames(named, { row: 52, type: 27, width: 3840 }).service).toBe('beside');
    const narrow = roomNames(named, { row: 52, type: 27, width: 1920 });
    expect(narrow.service).toBe('none');
    expect(narrow.width).toBeGreaterThan(10 * 27 * 0.6);
  });

  test.each([
    [3, 2],
    [7, 6],
    [12, 6],
    [16, 7],
    [19, 10],
    [23, 10],
  ])('and at %i o’clock it begins at %i', (hour, first) => {
    expect(firstHour(hour)).toBe(first);
  });
});

const rooms = Array.from({ length: 60 }, (_, index) => aResource('room', `OR ${index + 1}`));
const [room1] = rooms;
if (!room1) throw new Error('There is no room.');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  signInAs('wall');
  setPreferences({ holdTime: 'countdown' });
  window.innerHeight = 2160;
  window.innerWidth = 3840;
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});
const show = () =>
  render(
    <MantineProvider>
      <WallBoard />
    </MantineProvider>,
  );

test('the wall board shows procedure and state, and no text that a person typed', () => {
  const procedure = aProcedure('Total knee arthroplasty', 90);
  const typed = { title: 'Knee, Mrs Example', patientRef: 'DEMO-1', note: 'Allergic' };
  const withProcedure = aCase(room1, '08:00', 90, { ...typed, procedureId: procedure.id });
  const withoutProcedure = aCase(room1, '10:00', 60, {
    ...typed,
    state: 'held',
    holder: me,
    expiresAt: at('06:05'),
  });
  loadBoard({ resources: rooms, procedures: [procedure], cases: [withProcedure, withoutProcedure] });
  const { container } = show();
  expect(
    screen.getByRole('cell', { name: /^Total knee arthroplasty, OR 1, 08:00 to 09:30, booked$/ }),
  ).toBeTruthy();
  expect(screen.getByRole('cell', { name: /^Case, OR 1, 10:00 to 11:00, hold$/ }).textContent).toContain(
    '5:00',
  );
  expect(container.innerHTML).not.toMatch(/Example|DEMO|Allergic/);
});

test('PE5 the wall board draws a case without its procedure, surgeon and number', () => {
  const withoutParts = { procedureId: null, surgeonId: null, number: 0, service: 'Orthopedics' };
  loadBoard({
    resources: rooms,
    procedures: [],
    cases: [
      aCase(room1, '08:00', 90, withoutParts),
      aCase(room1, '10:00', 60, { ...withoutParts, service: null }),
    ],
  });
  show();
  const named = (name: RegExp) => screen.getByRole('cell', { name }).textContent;
  expect(named(/^Orthopedics, OR 1, 08:00 to 09:30, booked$/)).toMatch(/Orthopedics.*08:00$/);
  expect(named(/^Case, OR 1, 10:00 to 11:00, booked$/)).toMatch(/Case.*10:00$/);
});

test('FP11 the wall board shows the end of a hold if the preference says so', () => {
  setPreferences({ holdTime: 'end' });
  const held = aCase(room1, '10:00', 60, { state: 'held', holder: me, expiresAt: at('06:05') });
  loadBoard({ resources: rooms, procedures: [], cases: [held] });
  show();
  const card = screen.getByRole('cell', { name: /, hold$/ });
  expect(card.textContent).toContain('06:05');
  expect(card.textContent).not.toContain('5:00');
});

describe('CO6 a card on the wall shows the procedure first', () => {
  const typedDetails = {
    time: '07:30',
    title: 'Laparoscopic cholecystectomy',
    shortName: 'Lap chole',
    surgeon: 'Ito',
  };
  const text = (
    width: number,
    row: number,
    isCounting = false,
    named: Parameters<typeof wallText>[0] = typedDetails,
  ) => wallText(named, { width, row, type: 30, smallest: 14 }, isCounting);

  test.each([
    [1000, 'Laparoscopic cholecystectomy 07:30 Ito', 30],
    [420, 'Lap chole 07:30 Ito', 30],
    [330, 'Lap chole 07:30', 30],
    [220, 'Lap chole', 30],
    [120, 'Lap chole', 17],
    [40, 'Lap chole', 14],
  ])('on a low row, in %i pixels', (width, title, size) => {
    expect(text(width, 40)).toMatchObject({ title, size, detail: '' });
  });

  test('on a high row, time and surgeon are below it', () => {
    expect(text(220, 90)).toMatchObject({ title: 'Lap chole', detail: '07:30 Ito', detailSize: 22 });
    expect(text(60, 90)).toMatchObject({ title: 'Lap chole', size: 14, detail: '07:30' });
    expect(text(20, 90).detail).toBe('');
  });

  test('a countdown gets its room; without a short name the title stays', () => {
    expect(text(220, 40, true).size).toBeLessThan(text(220, 40).size);
    expect(text(330, 40, false, { ...typedDetails, shortName: null }).title).toBe(typedDetails.title);
  });
});

test('the wall board alternates between pages if the rooms do not fit', () => {
  loadBoard({ resources: rooms });
  show();
  const names = () => screen.getAllByRole('rowheader').map(({ textContent }) => textContent?.trim());
  const first = names();
  expect(first.length).toBeLessThan(60);
  act(() => void vi.advanceTimersByTime(15_000));
  const second = names();
  expect(second).not.toEqual(first);
  expect(new Set([...first, ...second])).toHaveLength(60);
  act(() => void vi.advanceTimersByTime(15_000));
  expect(names()).toEqual(first);
});

test('the wall board shows the time of the board without a connection', () => {
  loadBoard({ resources: rooms });
  show();
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(screen.queryByText(/Not up to date/)).toBeNull();
  act(() => setConnection({ status: 'offline', since: Date.parse(at('05:40')) }));
  expect(screen.getByRole('status').textContent).toBe('▲ Not up to date: as of 05:40');
  expect(screen.queryByRole('note')).toBeNull();
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(screen.queryByText(/Not up to date/)).toBeNull();
});

test('the wall board reloads after an update of the server, as soon as the page is available', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const reload = vi.fn<() => void>();
  const answers = [new Error('refused'), { ok: false }, { ok: true }];
  vi.stubGlobal('fetch', () => {
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const Page = () => {
    useNewPage(reload);
    return null;
  };
  render(<Page />);
  await act(() => vi.advanceTimersByTimeAsync(120_000));
  expect(answers).toHaveLength(3);
  act(() => setConnection({ status: 'outdated' }));
  while (answers.length > 0) {
    expect(reload).not.toHaveBeenCalled();
    await act(() => vi.advanceTimersByTimeAsync(10_000));
  }
  expect(reload).toHaveBeenCalled();
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  vi.unstubAllGlobals();
});

test('RE9 the wall board shows a case that has run since the evening before, up to now', () => {
  const [start, end] = [at('22:00', '2026-11-19'), at('23:00', '2026-11-19')];
  const running = { state: 'in_room', milestones: { in_room: start } } as const;
  loadBoard({ resources: rooms, cases: [{ ...aCase(room1, '22:00', 60, running), start, end }] });
  show();
  act(() => void vi.advanceTimersByTime(30 * 60_000));
  const cell = screen.getByRole('cell', { name: /^Case, OR 1, 22:00 to 06:30, / });
  expect(Number.parseFloat(cell.style.width)).toBeGreaterThan(50);
});

test('RE12 the busy time of a case under way grows with the clock', () => {
  const busy = { id: 'a', roomId: room1.id, start: at('05:00'), end: at('05:40'), growsFrom: at('05:30') };
  loadBoard({ resources: rooms, busy: [busy] });
  show();
  const width = () => Number.parseFloat(screen.getByRole('cell', { name: 'Busy' }).style.width);
  const before = width();
  act(() => void vi.advanceTimersByTime(30 * 60_000));
  expect(width()).toBeGreaterThan(before);
});

test('the wall board shows the next day at midnight', () => {
  loadBoard({ resources: rooms });
  show();
  expect(viewStore.getState().date).toBe(date);
  act(() => void syncClock(at('23:59')));
  act(() => void vi.advanceTimersByTime(60_000));
  expect(viewStore.getState().date).toBe('2026-11-21');
});
