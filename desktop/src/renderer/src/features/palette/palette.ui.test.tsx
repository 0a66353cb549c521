import { MantineProvider } from '@mantine/core';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, date, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { spotOnCase } from '../../board/cursor-moves.ts';
import { call } from '../../api/client.ts';
import { cursorStore, resetCursor } from '../../stores/cursor.ts';
import { closeAllDialogs, dialogStore } from '../../stores/dialogs.ts';
import { closePalette, openPalette, paletteStore } from '../../stores/palette.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { placingStore } from '../../stores/placing.ts';
import { toastStore } from '../../stores/toasts.ts';
import { preferencesStore } from '../../stores/preferences.ts';
import { goToDate, select, setWallShown, viewStore } from '../../stores/view.ts';
import { Palette } from './palette.tsx';

vi.mock('../../api/client.ts', { spy: true });

const rooms = [aResource('room', 'OR 4'), aResource('room', 'OR 9')];
const [room4, room9] = rooms as [(typeof rooms)[0], (typeof rooms)[0]];
const haddad = aResource('surgeon', 'Haddad A');
const knee = aProcedure('Total knee', 105);
const hernia = aCase(room9, '12:00', 60, { title: 'Hernia', surgeonId: haddad.id });
const board = { resources: [...rooms, haddad], procedures: [knee], cases: [hernia] };
const problem = { type: '', title: '', status: 403, code: 'forbidden', detail: '' } as const;
const slot = (start: string, cautions: string[] = []) => ({
  roomId: room4.id,
  start: at(start),
  end: at(start),
  setupMinutes: 0,
  cleanupMinutes: 0,
  block: 'open' as const,
  cautions,
});

const user = userEvent.setup();
const requestsOf = (name: string) =>
  vi
    .mocked(call)
    .mock.calls.filter(([called]) => called === name)
    .map(([, input]) => (input as { body: object }).body);

const nextDay = '2026-11-21';
/** Grants this command. Other requests get the same answers as before. */
function grant(command: string, item: Case) {
  const usual = vi.mocked(call).getMockImplementation();
  vi.mocked(call).mockImplementation((name, ...rest) =>
    name === command
      ? Promise.resolve({ kind: 'done', reply: { case: item, revision: 2 } as never })
      : (usual?.(name, ...rest) ?? Promise.resolve({ kind: 'refused', problem })),
  );
}
const caseTomorrow = (time: string, more: Partial<Case> = {}) =>
  aCase(room4, time, 90, {
    start: at(time, nextDay),
    end: addMinutes(at(time, nextDay), 90),
    ...more,
  });
const heldTomorrow = caseTomorrow('14:30', {
  state: 'held',
  holder: { id: uuid(1), name: 'Me' },
  expiresAt: at('06:02'),
});

beforeEach(() => {
  vi.mocked(call).mockImplementation((name) => {
    const openings = [slot('07:00'), slot('12:30'), slot('13:05', ['Turnover is 10 minutes.'])];
    return Promise.resolve(
      name === 'openings'
        ? { kind: 'done', reply: { openings, without: [], at: at('06:00') } as never }
        : { kind: 'refused', problem },
    );
  });
  signInAs('coordinator');
  goToDate(date);
  loadBoard(board);
  render(
    <MantineProvider>
      <div data-board="" tabIndex={0} role="grid" />
      <Palette />
    </MantineProvider>,
  );
});
afterEach(() => {
  vi.useRealTimers();
  closePalette();
  cleanup();
  vi.mocked(call).mockReset();
  resetCursor();
  select(null);
  closeAllDialogs();
  placingStore.setState({ placing: null });
});

async function typePhrase(text: string) {
  openPalette();
  const input = await screen.findByRole('combobox');
  await user.click(input);
  await user.paste(text);
  return input;
}
const options = () => screen.getAllByRole('option').map(({ textContent }) => textContent);
const active = () =>
  document.getElementById(screen.getByRole('combobox').getAttribute('aria-activedescendant') ?? '')
    ?.textContent;

test('a phrase shows its reading, and Enter runs it', async () => {
  await typePhrase('hold or 4 12:15 90m knee haddad');
  const group = screen.getByRole('group', { name: 'Best match' });
  expect(within(group).getByRole('option').textContent).toContain(
    'Place hold — OR 4 · 12:15–13:45 · Total knee · Dr Haddad A',
  );
  await user.keyboard('{Enter}');
  expect(requestsOf('placeHold')).toEqual([
    { roomId: room4.id, start: at('12:15'), minutes: 90, procedureId: knee.id, surgeonId: haddad.id },
  ]);
  expect(paletteStore.getState().isOpen).toBe(false);
});

test('the palette lists free slots for a taken time, the nearest first', async () => {
  await typePhrase('hold or 9 12:15 90m knee');
  expect(options()[0]).toContain('OR 9 is taken by Hernia');
  const slots = await screen.findByRole('group', { name: 'Free slots 90 min' });
  expect(
    within(slots)
      .getAllByRole('option')
      .map(({ textContent }) => textContent),
  ).toEqual([
    expect.stringContaining('OR 4 · 12:30'),
    expect.stringContaining('! Turnover is 10 minutes.'),
    expect.stringContaining('OR 4 · 07:00'),
  ]);
  expect(requestsOf('openings')).toEqual([{ date, days: 1, minutes: 90, procedureId: knee.id, limit: 40 }]);
  await user.keyboard('{Alt>}2{/Alt}');
  expect(requestsOf('placeHold')).toMatchObject([{ roomId: room4.id, start: at('13:05') }]);
});

test('the palette searches for slots only if the time is taken', async () => {
  const input = await typePhrase('');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const searchesFor = async (value: string) => {
    fireEvent.change(input, { target: { value } });
    await act(() => vi.advanceTimersByTimeAsync(1000));
    return requestsOf('openings').length;
  };
  expect(await searchesFor('hold or 4 15:00')).toBe(0);
  expect(options()[0]).toContain('Place hold — OR 4 · 15:00');
  expect(await searchesFor('hold or 9 12:15')).toBe(1);
});

test('an incomplete phrase names the missing part, and Enter does not run it', async () => {
  vi.mocked(call).mockImplementation(() => new Promise(() => {}));
  await typePhrase('hold 90m knee');
  const [only] = screen.getAllByRole('option');
  expect(only?.textContent).toContain('Type a room and a time');
  expect(only?.getAttribute('aria-disabled')).toBe('true');
  await user.keyboard('{Enter}');
  expect(paletteStore.getState().isOpen).toBe(true);
  expect(requestsOf('placeHold')).toEqual([]);
});

test('the palette searches for the last text only', async () => {
  openPalette();
  const input = await screen.findByRole('combobox');
  for (const value of ['hold 90m knee', 'hold 90m knee haddad'])
    fireEvent.change(input, { target: { value } });
  await waitFor(() => expect(requestsOf('openings')).toHaveLength(1));
  expect(requestsOf('openings')).toMatchObject([{ surgeonId: haddad.id }]);
});

test('the palette searches later days if the day has no slot, unless the day was typed', async () => {
  vi.mocked(call).mockResolvedValue({
    kind: 'done',
    reply: { openings: [], without: [], at: at('06:00') } as never,
  });
  await typePhrase('hold 90m knee');
  expect(await screen.findByText(/No free slot of 90 min in 14 days/)).toBeDefined();
  expect(requestsOf('openings')).toMatchObject([{ days: 1 }, { days: 14 }]);
  fireEvent.change(screen.getByRole('combobox'), { target: { value: 'hold 90m knee tomorrow' } });
  expect(await screen.findByText(/No free slot of 90 min on that day/)).toBeDefined();
  expect(requestsOf('openings')).toHaveLength(3);
});

test('the palette lists slots of later days near the typed time first', async () => {
  const tomorrow = (time: string) => ({ ...slot(time), start: at(time, '2026-11-21') });
  const openings = ['00:00', '08:00', '12:30', '17:00'].map(tomorrow);
  vi.mocked(call).mockResolvedValue({
    kind: 'done',
    reply: { openings, without: [], at: at('06:00') } as never,
  });
  await typePhrase('hold or 9 12:15 90m knee');
  const slots = await screen.findByRole('group', { name: 'Free slots 90 min' });
  const texts = within(slots)
    .getAllByRole('option')
    .map(({ textContent }) => /\d\d:\d\d/.exec(textContent)?.[0]);
  expect(texts).toEqual(['12:30', '08:00', '17:00']);
});

test('a refused search says why', async () => {
  const busy = { ...problem, status: 429, code: 'rate_limited' as const, detail: 'Try again in 3 seconds.' };
  vi.mocked(call).mockResolvedValue({ kind: 'refused', problem: busy });
  await typePhrase('hold 90m knee');
  expect(await screen.findByText(/search for free slots: Try again in 3 seconds/)).toBeDefined();
});

test('a search that fails says so', async () => {
  vi.mocked(call).mockResolvedValue({ kind: 'unreachable' });
  await typePhrase('hold 90m knee');
  expect(await screen.findByText(/Couldn’t search for free slots/)).toBeDefined();
});

test('cases are found by title, surgeon, room and number', async () => {
  for (const text of ['hern', 'haddad', 'or 9', `C-${hernia.number}`, String(hernia.number)]) {
    await typePhrase(text);
    expect(options().some((option) => option?.startsWith('Hernia'))).toBe(true);
    closePalette();
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
  }
});

test('choosing a case moves the cursor and the inspector to it, and focuses the board', async () => {
  await typePhrase('hern');
  await user.keyboard('{Enter}');
  expect(cursorStore.getState()).toMatchObject(spotOnCase(hernia));
  expect(viewStore.getState().selectedId).toBe(hernia.id);
  await waitFor(() => expect(document.activeElement?.hasAttribute('data-board')).toBe(true));
});

test('a day or a room leads the board there', async () => {
  await typePhrase('12 dec');
  await user.keyboard('{Enter}');
  expect(viewStore.getState().date).toBe('2026-12-12');
  goToDate(date);
  await typePhrase('or 4');
  expect(active()).toBe('Go to OR 4');
  await user.keyboard('{Enter}');
  expect(cursorStore.getState()).toMatchObject({ roomId: room4.id, caseId: null });
});

test('the arrow keys go through everything and wrap around', async () => {
  await typePhrase('or');
  const all = options();
  await user.keyboard('{ArrowDown}');
  expect(active()).toBe(all[1]);
  await user.keyboard('{ArrowUp}{ArrowUp}');
  expect(active()).toBe(all.at(-1));
});

test('actions are found by name and show their keys; case actions name the case', async () => {
  cursorStore.setState(spotOnCase(hernia));
  await typePhrase('move');
  expect(active()).toContain('Hernia');
  await user.keyboard('{Enter}');
  expect(placingStore.getState().placing).toMatchObject({ kind: 'move', caseId: hernia.id });
  placingStore.setState({ placing: null });
  await typePhrase('all keys');
  await user.keyboard('{Enter}');
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'keys' });
});

test('a verb alone is an action', async () => {
  await typePhrase('hold');
  expect(active()).toContain('Hold free time');
  expect(screen.queryByText(/Place hold/)).toBeNull();
});

test('a phrase without matches says so', async () => {
  await typePhrase('qwxz');
  expect(screen.queryAllByRole('option')).toEqual([]);
  expect(screen.getByText(/No matches for “qwxz”/)).toBeDefined();
});

const turnover = { setupMinutes: 10, cleanupMinutes: 15 };
const thyroid = aCase(room9, '14:00', 60, { title: 'Thyroidectomy', ...turnover });
const repair = { ...hernia, ...turnover };
const hip = aCase(room4, '09:00', 60, { title: 'Hip hernia' });

test('PL3 a phrase with an unknown word names the word and does not run', async () => {
  await typePhrase('move hern to or 99');
  expect(options()[0]).toContain('Slate doesn’t understand “or 99”');
  await user.keyboard('{Enter}');
  expect(paletteStore.getState().isOpen).toBe(true);
  expect(requestsOf('moveCase')).toEqual([]);
});

test('PL2 an ambiguous phrase runs only after the person chooses a reading', async () => {
  loadBoard({ ...board, cases: [hernia, hip] });
  await typePhrase('cancel hernia');
  const group = screen.getByRole('group', { name: 'Which one do you mean?' });
  expect(within(group).getAllByRole('option')).toHaveLength(2);
  await user.keyboard('{Enter}');
  expect(dialogStore.getState().dialog).toBeNull();
  await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'reason', for: 'cancel', caseId: hernia.id });
});

test('PL4 a delay names the cases that it moves, and moves them in one command', async () => {
  loadBoard({ ...board, cases: [repair, { ...thyroid, start: at('13:30'), end: at('14:30') }] });
  await typePhrase('delay or 9 30 min');
  expect(options()[0]).toContain('Delay OR 9 by 30 min');
  expect(options()[0]).toContain('Hernia 12:00 → 12:30 · Thyroidectomy 13:30 → 13:55');
  await user.keyboard('{Enter}');
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('It asks for no reason.');
  dialog.submit({ text: 'Surgeon late', code: 'surgeon_late' });
  await waitFor(() => expect(requestsOf('moveCases')).toHaveLength(1));
  expect(requestsOf('moveCases')).toMatchObject([
    {
      delayReason: 'Surgeon late',
      delayReasonCode: 'surgeon_late',
      moves: [
        { caseId: repair.id, roomId: room9.id, start: at('12:30') },
        { caseId: thyroid.id, roomId: room9.id, start: at('13:55') },
      ],
    },
  ]);
});

test('PL1 closing a room uses the typed reason, or asks for one', async () => {
  await typePhrase('close or 4 1-3pm');
  await user.keyboard('{Enter}');
  expect(dialogStore.getState().dialog).toMatchObject({ kind: 'reason', for: 'close' });
  closeAllDialogs();
  await typePhrase('close or 4 1-3pm terminal cleaning');
  await user.keyboard('{Enter}');
  const closed = { resourceId: room4.id, start: at('13:00'), end: at('15:00'), reason: 'terminal cleaning' };
  expect(requestsOf('createClosure')).toEqual([closed]);
});

test('PL1 a move goes to a free place, and shows a taken place without moving', async () => {
  loadBoard({ ...board, cases: [repair] });
  await typePhrase('move hern to or 4');
  expect(options()[0]).toContain('Move Hernia (OR 9 12:00) to OR 4, 12:00–13:00');
  await user.keyboard('{Enter}');
  expect(requestsOf('moveCase')).toMatchObject([{ roomId: room4.id, start: at('12:00'), minutes: 60 }]);
  loadBoard({ ...board, cases: [repair, thyroid] });
  await typePhrase('move hern to 14:00');
  expect(options()[0]).toContain('OR 9 is taken by Thyroidectomy');
  await user.keyboard('{Enter}');
  expect(requestsOf('moveCase')).toHaveLength(1);
  expect(placingStore.getState().placing?.place).toMatchObject({ roomId: room9.id, start: at('14:00') });
});

test('PL1 a search for an opening uses the whole phrase', async () => {
  await typePhrase('next available for total knee haddad');
  expect(options()[0]).toContain('Find an opening — Total knee · Dr Haddad A · 105 min');
  await user.keyboard('{Enter}');
  const criteria = { date, procedureId: knee.id, surgeonId: haddad.id };
  expect(dialogStore.getState().dialog).toEqual({ kind: 'openings', caseId: null, criteria });
});

test('PL5 the palette answers who has a resource and when it is free', async () => {
  await typePhrase('who is in or 9');
  expect(options()[0]).toContain('No one has OR 9 now');
  expect(options()[1]).toContain('next, 12:00–13:00');
  await user.keyboard('{ArrowDown}{Enter}');
  expect(cursorStore.getState()).toMatchObject({ caseId: hernia.id });
  await typePhrase('when is or 9 free');
  expect(options()[0]).toContain('OR 9 is free now, until 12:00');
});

test('PL1 dark mode and the wall board are found by name', async () => {
  await typePhrase('dark mode');
  await user.keyboard('{Enter}');
  expect(preferencesStore.getState().theme).toBe('dark');
  await typePhrase('wall board');
  await user.keyboard('{Enter}');
  expect(viewStore.getState().isWallShown).toBe(true);
  setWallShown(false);
});

test('the palette offers a viewer no commands', async () => {
  signInAs('viewer');
  cursorStore.setState(spotOnCase(hernia));
  await typePhrase('hold or 4 12:15');
  expect(screen.queryByText(/Place hold/)).toBeNull();
  closePalette();
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
  openPalette();
  await screen.findByRole('combobox');
  expect(options().some((option) => option?.includes('Move the case'))).toBe(false);
});

test('Escape closes the palette and returns the focus', async () => {
  document.querySelector<HTMLElement>('[data-board]')?.focus();
  await typePhrase('or');
  await user.keyboard('{Escape}');
  await waitFor(() => expect(document.activeElement?.hasAttribute('data-board')).toBe(true));
});

test('keys typed right after the opening key go into the field', () => {
  document.querySelector<HTMLElement>('[data-board]')?.focus();
  act(openPalette);
  expect(document.activeElement).toBe(screen.getByRole('combobox'));
});

test.each([
  ['a hold', 'hold or 4 tomorrow 14:30 90m knee', '{Enter}'],
  ['a free slot', 'knee 90m tomorrow', '{Alt>}1{/Alt}'],
])(
  'PL6 after %s on another day, the board shows that day with the form of the hold',
  async (_what, phrase, keys) => {
    grant('placeHold', heldTomorrow);
    await typePhrase(phrase);
    await screen.findAllByText(/OR 4/);
    if (keys !== '{Enter}') await screen.findByRole('group', { name: 'Free slots 90 min' });
    await user.keyboard(keys);
    await waitFor(() =>
      expect(viewStore.getState()).toMatchObject({ date: nextDay, selectedId: heldTomorrow.id }),
    );
    expect(dialogStore.getState().dialog).toEqual({ kind: 'hold', caseId: heldTomorrow.id });
    expect(announcementStore.getState().polite.at(-1)?.text).toContain('OR 4');
    loadBoard({ ...board, cases: [heldTomorrow] }, nextDay);
    expect(cursorStore.getState()).toMatchObject({ caseId: heldTomorrow.id, at: heldTomorrow.start });
  },
);

test('PL6 the board follows a case that is moved to another day, but not a refused one', async () => {
  await typePhrase('move hernia to or 4 tomorrow 14:30');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(dialogStore.getState().dialog).toMatchObject({ kind: 'refusal' }));
  expect(viewStore.getState()).toMatchObject({ date, selectedId: null });
  closeAllDialogs();
  const moved = caseTomorrow('14:30', { id: hernia.id, title: 'Hernia', version: 2 });
  grant('moveCase', moved);
  await typePhrase('move hernia to or 4 tomorrow 14:30');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(viewStore.getState()).toMatchObject({ date: nextDay, selectedId: hernia.id }));
  expect(toastStore.getState().toasts.at(-1)?.text).toContain('OR 4');
  loadBoard({ ...board, cases: [moved] }, nextDay);
  expect(cursorStore.getState()).toMatchObject({ caseId: hernia.id, at: moved.start });
});

test('PL6 the day of a hold beyond the shown week is shown', async () => {
  viewStore.setState({ screen: 'week', date: '2026-11-09' });
  grant('placeHold', heldTomorrow);
  await typePhrase('hold or 4 tomorrow 14:30 90m knee');
  await user.keyboard('{Enter}');
  await waitFor(() => expect(viewStore.getState()).toMatchObject({ screen: 'week', date: nextDay }));
  viewStore.setState({ screen: 'day' });
});
