import '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import { openConsole } from '../../../../../test/open-console.tsx';
import { feed } from '../../../../../test/silent-feed.ts';
import { act, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { protocols, protocolVersion } from '@slate/shared/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aCase, aResource, at, date, loadBoard } from '../../../../../test/small-board.ts';
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
/** A region, not an alert: the announcer says it once. */
const banners = () =>
  screen
    .queryAllByRole('region', { name: /^Offline|different versions$/ })
    .map(({ textContent }) => textContent);
const connection = (to: Parameters<typeof setConnection>[0]) => act(() => setConnection(to));
const since = Date.parse(at('09:42'));
const rooms = () => screen.queryAllByRole('rowheader').length;

describe('the connection banner', () => {
  test('is hidden while the connection is live or briefly interrupted', () => {
    for (const status of ['catching_up', 'connecting'] as const) connection({ status });
    connection({ status: 'reconnecting', since });
    expect(banners()).toEqual([]);
    expect(alerts()).toEqual([]);
  });

  test('shows since when the console is offline, the time of the board, and Try now', async () => {
    connection({ status: 'offline', since });
    expect(banners()).toHaveLength(1);
    expect(banners()[0]).toContain('Offline since 09:42');
    expect(banners()[0]).toContain('as of 09:42:00');
    expect(banners()[0]).toContain('can’t make changes');
    expect(rooms()).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(feed.retry).toHaveBeenCalledOnce();
    connection({ status: 'live', lagMs: 0 });
    expect(banners()).toEqual([]);
  });

  test('does not mention a board if there is none', () => {
    act(clearBoard);
    connection({ status: 'offline', since });
    expect(banners()[0]).not.toContain('Showing the board');
    expect(banners()[0]).toContain('Can’t load');
  });

  test.each([
    [
      'other',
      'Something other than Slate answers at slate.example.org, perhaps the sign-in page of a guest network.',
    ],
    ['certificate', 'doesn’t trust the certificate of slate.example.org'],
    ['certificate_date', 'has expired, or this computer’s clock is wrong'],
    ['unknown_host', 'doesn’t know slate.example.org'],
    ['no_network', 'This computer has no network'],
  ] as const)('NW4 names the known cause: %s', (why, sentence) => {
    connection({ status: 'offline', since });
    expect(banners()[0]).not.toContain(sentence);
    connection({ status: 'offline', since, why });
    expect(banners()[0]).toContain(sentence);
    expect(banners()[0]).toContain('as of 09:42:00');
  });

  test('PV2 says which side needs an update and what the person can do', async () => {
    connection({ status: 'outdated', server: protocolVersion - 1 });
    expect(banners()[0]).toContain(
      'The server is older than this console. Ask your IT desk to update the server.',
    );
    connection({ status: 'outdated', server: protocolVersion + 1 });
    expect(banners()[0]).toContain('different versions');
    expect(banners()[0]).toContain('This console is older than the server');
    expect(banners()[0]).toContain('install the matching console');
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
    ['a click, even if its target stops the event', () => user.click(screen.getByRole('grid'))],
    ['the window gets the focus', () => act(() => window.dispatchEvent(new Event('focus')))],
  ])('%s', async (_, give) => {
    await give();
    expect(feed.signOfLife).toHaveBeenCalled();
  });

  test('an answer of the server counts, silence does not', async () => {
    const input = { params: { site: 's' }, query: { date } };
    feed.answered.mockClear();
    await call('board', input);
    expect(feed.answered).not.toHaveBeenCalled();
    answerWith(() => ({ status: 503, body: { code: 'unavailable' } }));
    await call('board', input);
    expect(feed.answered.mock.calls).toEqual([[protocols]]);
  });

  test('a page that becomes visible retries immediately', () => {
    feed.retry.mockClear();
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    expect(feed.retry).toHaveBeenCalledOnce();
  });

  test('NW6 a change of the network reaches the feed, but neither retries nor shows a banner', () => {
    feed.networkChanged.mockClear();
    feed.retry.mockClear();
    for (const sign of ['online', 'offline']) act(() => void window.dispatchEvent(new Event(sign)));
    expect(feed.networkChanged).toHaveBeenCalledTimes(2);
    expect(feed.retry).not.toHaveBeenCalled();
    expect(banners()).toEqual([]);
  });
});

describe('days that are not loaded', () => {
  test('show a skeleton while they load for the first time', () => {
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
  ] as const)('show after a failure (%s) the cause, the next step, and Try now', async (failure, words) => {
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

  test('show an older copy with its time, and why there is no newer one', () => {
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
    expect(screen.queryByText(/^As of 05:30:00/)).toBeNull();
    expect(banners()[0]).toContain('as of 05:30:00');
    expect(screen.getByRole('main').getAttribute('aria-label')).toBe('Board, as of 05:30');
  });

  test('an empty day names the key for a hold', () => {
    act(() => void loadBoard({ resources: [room], cases: [] }));
    expect(screen.getByText(/No cases\./).textContent).toContain('H to hold.');
  });
});
