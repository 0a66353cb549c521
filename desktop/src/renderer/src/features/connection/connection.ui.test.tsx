import '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { openConsole } from '../../../../../test/open-console.tsx';
import { feed } from '../../../../../test/silent-feed.ts';
import { act, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aResource, at, date, showing } from '../../../../../test/small-board.ts';
import { call } from '../../api/client.ts';
import { clearBoard, failBoard, showStale } from '../../realtime/write-board.ts';
import { boardStore } from '../../stores/board.ts';
import { setConnection } from '../../stores/connection.ts';
import { Console } from '../console/console.tsx';

vi.mock('../../realtime/feed.ts', () => import('../../../../../test/silent-feed.ts'));

const room = aResource('room', 'OR 1');
const user = userEvent.setup();
let close: () => void;

beforeEach(() => {
  answerWith(() => 'unreachable');
  feed.retry.mockClear();
  close = openConsole(<Console />, { resources: [room], cases: [aCase(room, '08:00', 60)] });
});
afterEach(() => close());

const alerts = () => screen.queryAllByRole('alert').map(({ textContent }) => textContent);
const connection = (to: Parameters<typeof setConnection>[0]) => act(() => setConnection(to));
const since = Date.parse(at('09:42'));
const rooms = () => screen.queryAllByRole('rowheader').length;

describe('the connection banner', () => {
  test('live or briefly interrupted, nothing covers the board', () => {
    for (const status of ['catching_up', 'connecting'] as const) connection({ status });
    connection({ status: 'reconnecting', since });
    expect(alerts()).toEqual([]);
  });

  test('offline: since when, the time of the board, what cannot be done, and Try now', async () => {
    connection({ status: 'offline', since });
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]).toContain('Offline since 09:42');
    expect(alerts()[0]).toContain('as of 09:42:00');
    expect(alerts()[0]).toContain('can’t make changes');
    expect(rooms()).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(feed.retry).toHaveBeenCalledOnce();
    connection({ status: 'live', lagMs: 0 });
    expect(alerts()).toEqual([]);
  });

  test('offline without a board it does not mention one', () => {
    act(clearBoard);
    connection({ status: 'offline', since });
    expect(alerts()[0]).not.toContain('Showing the board');
    expect(alerts()[0]).toContain('Can’t load');
  });

  test('another version: which one, that waiting does not help, and what does', async () => {
    connection({ status: 'outdated', detail: 'This console uses protocol version 4 and the server uses 5.' });
    expect(alerts()[0]).toContain('different versions');
    expect(alerts()[0]).toContain('the server uses 5');
    expect(alerts()[0]).toContain('install the matching console');
    // A desktop console would only reload itself. The server may have been rolled back, so it can retry.
    expect(screen.queryByRole('button', { name: 'Reload' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(feed.retry).toHaveBeenCalledOnce();
  });
});

describe('PU25 signs of life retry a lost connection', () => {
  beforeEach(() => feed.signOfLife.mockClear());

  test.each([
    ['a key', () => user.keyboard('{Shift}')],
    ['a click, also on what keeps it to itself', () => user.click(screen.getByRole('grid'))],
    ['the window is looked at', () => act(() => window.dispatchEvent(new Event('focus')))],
  ])('%s', async (_, give) => {
    await give();
    expect(feed.signOfLife).toHaveBeenCalled();
  });

  test('a response of the server counts, silence does not', async () => {
    const asked = { params: { site: 's' }, query: { date } };
    await call('board', asked);
    expect(feed.signOfLife).not.toHaveBeenCalled();
    answerWith(() => ({ status: 503, body: { code: 'unavailable' } }));
    await call('board', asked);
    expect(feed.signOfLife).toHaveBeenCalledOnce();
  });

  test.each([
    ['the network is there', () => window.dispatchEvent(new Event('online'))],
    ['the page is seen', () => document.dispatchEvent(new Event('visibilitychange'))],
  ])('%s: at once', (_, give) => {
    feed.retry.mockClear();
    act(() => void give());
    expect(feed.retry).toHaveBeenCalledOnce();
  });
});

describe('days that are not loaded', () => {
  test('a skeleton while they load for the first time', () => {
    act(clearBoard);
    expect(screen.getByRole('status', { name: 'The board is loading.' })).toBeTruthy();
    expect(alerts()).toEqual([]);
  });

  test.each([
    ['unreachable', 'No reply'],
    ['unavailable', 'The server had a problem'],
    ['internal', 'tell your IT desk'],
    ['rate_limited', 'try again in a moment'],
    ['validation', 'another date'],
  ] as const)('if they cannot be loaded (%s): why, what happens now, and Try now', async (failure, words) => {
    act(() => {
      clearBoard();
      failBoard(failure);
    });
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]).toContain('Can’t load');
    expect(alerts()[0]).toContain(words);
    expect(screen.queryByRole('status', { name: 'The board is loading.' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(feed.retry).toHaveBeenCalledOnce();
  });

  test('an older copy says its time, and why there is no newer one', () => {
    const { view } = boardStore.getState();
    if (!view) throw new Error('The board shows nothing.');
    const board = { ...view.board, at: at('05:30') };
    act(() => showStale({ ...view, board }));
    expect(rooms()).toBe(1);
    expect(screen.getByText(/As of 05:30:00/).textContent).toContain('Updating');
    act(() => failBoard('unavailable'));
    expect(screen.getByText(/As of 05:30:00/).textContent).toContain('The server had a problem');
    // The banner says it already, for the same moment.
    connection({ status: 'offline', since });
    expect(screen.queryByText(/As of 05:30:00/)).toBeNull();
    expect(alerts()[0]).toContain('as of 05:30:00');
    expect(screen.getByRole('main').getAttribute('aria-label')).toBe('Board, as of 05:30');
  });

  test('an empty day says so, and which key starts a hold', () => {
    act(() => void showing({ resources: [room], cases: [] }));
    expect(screen.getByText(/No cases\./).textContent).toContain('H to hold.');
  });
});
