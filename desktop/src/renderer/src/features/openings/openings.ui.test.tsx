import { answerWith } from '../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import { refused } from '../../../../../test/refused.ts';
import type { Opening } from '@slate/shared/contract/reads';
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aProcedure, aResource, at, date, loadBoard } from '../../../../../test/small-board.ts';
import { closeAllDialogs, dialogStore } from '../../stores/dialogs.ts';
import { setConnection } from '../../stores/connection.ts';
import { viewStore } from '../../stores/view.ts';
import { Openings } from './openings.tsx';

const [room1, room2] = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
const [pacu, arm] = [aResource('bed', 'PACU'), aResource('equipment', 'C-arm')];
const knee = aProcedure('Total knee', 105);
const opening = (room: typeof room1, start: string, more: Partial<Opening> = {}): Opening => ({
  roomId: room.id,
  start: at(start),
  end: at('23:00'),
  setupMinutes: 10,
  cleanupMinutes: 10,
  block: 'open',
  cautions: [],
  ...more,
});
const depotCase = {
  ...aCase(room1, '08:00', 85, { title: 'Hip', state: 'depot', setupMinutes: 10, cleanupMinutes: 15 }),
  roomId: null,
  start: null,
  end: null,
};

let requests: SentRequest[];
const requestsTo = (part: string) => requests.filter(({ path }) => path.endsWith(part));
const answering = (reply: Parameters<typeof answerWith>[0]) => {
  requests = answerWith(reply);
};
const openingsAnswer = (...openings: Opening[]): Answer => ({
  status: 200,
  body: { openings, without: [], at: at('06:00') },
});
const advance = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
const rows = () => screen.getAllByRole('button').filter(({ dataset }) => 'opening' in dataset);
const key = (name: string, more: object = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key: name, ...more });

beforeEach(() => {
  vi.useFakeTimers();
  signInAs('coordinator');
  loadBoard({ resources: [room1, room2], procedures: [knee], depot: [depotCase] });
  viewStore.setState({ date, screen: 'day' });
  closeAllDialogs();
});
afterEach(() => vi.useRealTimers());

test('the search starts when the input has not changed for a moment', async () => {
  answering(() => openingsAnswer(opening(room1, '09:00')));
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  expect(requestsTo('/openings')).toHaveLength(1);
  const length = screen.getByRole('textbox', { name: 'Length' });
  for (const value of ['4', '45', '450']) {
    fireEvent.change(length, { target: { value } });
    await advance(100);
  }
  await advance(300);
  expect(requestsTo('/openings').map(({ body }) => (body as { minutes?: number }).minutes)).toEqual([
    undefined,
    450,
  ]);
});

test('results show day, time, room, block and cautions', async () => {
  answering(() =>
    openingsAnswer(
      opening(room2, '09:00', { block: 'own' }),
      opening(room1, '10:00', { cautions: ['After hours.'] }),
    ),
  );
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  expect(rows().map(({ textContent }) => textContent)).toEqual([
    '1Fri, Nov 20 09:00–23:00OR 2Own block',
    '2Fri, Nov 20 10:00–23:00OR 1Open time▲ After hours.',
  ]);
  expect(screen.getByText('2 openings')).toBeTruthy();
});

test('the reply to an earlier search never replaces the reply to a later one', async () => {
  const release: ((answer: Answer) => void)[] = [];
  answering(() => new Promise((resolve) => release.push(resolve)));
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  fireEvent.change(screen.getByRole('textbox', { name: 'Length' }), { target: { value: '45' } });
  await advance(300);
  expect(requests[0]?.signal?.aborted).toBe(true);
  release[1]?.(openingsAnswer(opening(room2, '11:00')));
  await advance(10);
  release[0]?.(openingsAnswer(opening(room1, '09:00')));
  await advance(10);
  expect(rows().map(({ textContent }) => textContent)).toEqual([expect.stringContaining('11:00')]);
});

/** Opens the search with two openings, which the server refuses to hold, and focuses a field. */
async function openInField() {
  answering(({ path }) =>
    path.endsWith('/openings')
      ? openingsAnswer(opening(room1, '09:00'), opening(room2, '10:00'))
      : refused('slot_taken', 409),
  );
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  act(() => screen.getByRole('textbox', { name: 'Length' }).focus());
}

test('a digit holds the opening of that number, and in a field only with Alt', async () => {
  await openInField();
  key('2', { code: 'Digit2' });
  await advance(10);
  expect(requestsTo('/holds')).toHaveLength(0);
  key('2', { code: 'Digit2', altKey: true });
  await advance(10);
  expect(requestsTo('/holds')).toMatchObject([{ body: { roomId: room2.id, start: at('10:00') } }]);
  act(() => rows()[0]?.focus());
  key('1', { code: 'Digit1' });
  await advance(10);
  expect(requestsTo('/holds')).toHaveLength(2);
});

test('Enter moves from a field to the results, the arrow keys through them, and a press holds', async () => {
  await openInField();
  key('Enter');
  expect(document.activeElement).toBe(rows()[0]);
  key('ArrowDown');
  expect(document.activeElement).toBe(rows()[1]);
  expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
  if (document.activeElement) fireEvent.click(document.activeElement);
  await advance(10);
  expect(requestsTo('/holds')).toMatchObject([{ body: { roomId: room2.id } }]);
});

test('a search for a depot case uses its own needs, and places it instead of making a new hold', async () => {
  answering(({ path }) =>
    path.endsWith('/openings') ? openingsAnswer(opening(room2, '09:00')) : refused('slot_taken', 409),
  );
  renderInKit(<Openings caseId={depotCase.id} />);
  expect(screen.getByRole('dialog', { name: 'Find an opening for Hip' })).toBeTruthy();
  await advance(300);
  expect(requestsTo('/openings')).toMatchObject([{ body: { minutes: 85 } }]);
  const [row] = rows();
  if (row) fireEvent.click(row);
  await advance(10);
  expect(requestsTo('/place')).toMatchObject([{ path: expect.stringContaining(depotCase.id) as string }]);
  expect(requestsTo('/holds')).toHaveLength(0);
});

test('a rate-limited search says when it runs again, and runs then', async () => {
  const answers = [refused('rate_limited', 429, { retryAfter: 7 }), openingsAnswer(opening(room1, '09:00'))];
  answering(() => answers.shift() ?? 'unreachable');
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  expect(screen.getByRole('alert').textContent).toContain('Slate will search again in 7 s');
  await advance(6_000);
  expect(requestsTo('/openings')).toHaveLength(1);
  await advance(1_500);
  expect(rows()).toHaveLength(1);
});

test('the search says what to do after no reply, a refusal, or no results', async () => {
  const answers = ['unreachable' as const, refused('validation', 400), openingsAnswer()];
  answering(() => answers.shift() ?? openingsAnswer());
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  expect(screen.getByRole('alert').textContent).toContain('No reply from the server');
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await advance(300);
  expect(screen.getByRole('alert').textContent).toContain('Can’t run this search. Refused: validation.');
  fireEvent.change(screen.getByRole('textbox', { name: 'Length' }), { target: { value: '600' } });
  await advance(300);
  expect(screen.getByText(/No openings in these days. Try more days/)).toBeTruthy();
});

test.each(['day', 'week', 'figures'] as const)(
  'PL6 holding an opening on another day shows that day from %s',
  async (from) => {
    viewStore.setState({ screen: from });
    const start = at('09:00', '2026-11-30');
    const held = aCase(room1, '09:00', 60, { state: 'held', start, end: at('10:00', '2026-11-30') });
    answering(({ path }) =>
      path.endsWith('/openings')
        ? openingsAnswer({ ...opening(room1, '09:00'), start })
        : { status: 201, body: { case: held, revision: 2 } },
    );
    renderInKit(<Openings caseId={null} />);
    await advance(300);
    const [row] = rows();
    if (row) fireEvent.click(row);
    await advance(10);
    expect(viewStore.getState()).toMatchObject({
      date: '2026-11-30',
      screen: from === 'week' ? 'week' : 'day',
      selectedId: held.id,
    });
    expect(dialogStore.getState().dialog).toEqual({ kind: 'hold', caseId: held.id });
  },
);

test('results stay readable and are marked unavailable without the server', async () => {
  answering(() => openingsAnswer(opening(room1, '09:00')));
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  expect(rows()[0]?.getAttribute('aria-disabled')).toBeNull();
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  const [row] = rows();
  expect(row?.getAttribute('aria-disabled')).toBe('true');
  const why = document.getElementById(row?.getAttribute('aria-describedby') ?? '');
  expect(why?.textContent).toContain('You’ve been offline since 06:00');
  if (row) fireEvent.click(row);
  await advance(10);
  expect(requestsTo('/holds')).toEqual([]);
  act(() => setConnection({ status: 'live', lagMs: 0 }));
});

test('OP10 the person can choose the times of day, and the default is the day', async () => {
  answering(() => openingsAnswer(opening(room1, '09:00')));
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  const times = screen.getByRole<HTMLInputElement>('combobox', { name: 'Starts' });
  expect(times.value).toBe('By day, 06:00–18:00');
  fireEvent.click(times);
  fireEvent.click(screen.getByText('Evening and night, 18:00–06:00'));
  await advance(300);
  expect(requestsTo('/openings').map(({ body }) => body)).toMatchObject([
    { urgency: 'elective' },
    { urgency: 'elective', from: '18:00', to: '06:00' },
  ]);
  expect(requestsTo('/openings')[0]?.body).not.toHaveProperty('from');
});

test('OP12 the search says why a day has no openings', async () => {
  const obstacle = { resourceId: null, isAllDay: true };
  const full = { date: '2026-11-21', obstacles: [{ ...obstacle, why: 'bed', resourceId: pacu.id }] };
  const apart = {
    date: '2026-11-22',
    obstacles: [
      { ...obstacle, why: 'room', isAllDay: false },
      { ...obstacle, why: 'equipment', resourceId: arm.id, isAllDay: false },
    ],
  };
  const none = { date: '2026-11-23', obstacles: [{ ...obstacle, why: 'capability' }] };
  const body = { openings: [opening(room1, '09:00')], without: [full, apart, none], at: at('06:00') };
  answering(() => ({ status: 200, body }));
  loadBoard({ resources: [room1, room2, pacu, arm], procedures: [knee] });
  renderInKit(<Openings caseId={null} />);
  await advance(300);
  const list = screen.getByRole('list', { name: 'Days without an opening' });
  expect([...list.children].map(({ textContent }) => textContent)).toEqual([
    'Sat, Nov 21: PACU is full.',
    'Sun, Nov 22: a suitable room and C-arm are never free at the same time.',
    'Mon, Nov 23: no room is equipped for this.',
  ]);
});
