import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { me, signInAs } from '../../../../../test/signed-in.ts';
import { at, date, loadBoard, uuid, zone } from '../../../../../test/small-board.ts';
import { serverNow, syncClock } from '../../stores/clock.ts';
import { connectionStore, setConnection } from '../../stores/connection.ts';
import type { Connection } from '../../stores/connection.ts';
import { setPreferences } from '../../stores/preferences.ts';
import { setPresent } from '../../stores/presence.ts';
import { sessionStore } from '../../stores/session.ts';
import { viewStore } from '../../stores/view.ts';
import { timeOf } from '../../words/time.ts';
import { Header } from './header.tsx';

beforeEach(() => {
  // The clock stands still.
  vi.useFakeTimers({ toFake: ['performance'] });
  Object.assign(window, { innerWidth: 1600 });
  signInAs('coordinator');
  loadBoard({});
  viewStore.setState({ screen: 'day', date, isDepotOpen: true });
  connectionStore.setState({ connection: { status: 'connecting' }, lastContactAt: serverNow() });
  setPresent([]);
  setPreferences({ singleKeys: true, layout: 'lanes' });
});
afterEach(() => void vi.useRealTimers());

const connectionText = () => screen.getByRole('note').textContent;

test.each<[Connection, string]>([
  [{ status: 'connecting' }, '◌ Connecting…'],
  [{ status: 'live', lagMs: 214 }, '● Live 0.2 s'],
  [{ status: 'live', lagMs: 3 }, '● Live 0.1 s'],
  [{ status: 'live', lagMs: 61_000 }, '● Live 61 s'],
  [{ status: 'live', lagMs: 3, isSlower: true }, '◒ Slower updates'],
  [{ status: 'catching_up' }, '◌ Catching up…'],
  [{ status: 'offline', since: Date.parse(at('11:19')) }, '▲ Offline since 11:19'],
  [{ status: 'outdated' }, '▲ Update needed'],
])('each state of the connection is shown in words: %o', (connection, shown) => {
  setConnection(connection);
  renderInKit(<Header />);
  expect(connectionText()).toBe(shown);
});

test('a server that is silent for longer than its heartbeat is not shown as live', () => {
  connectionStore.setState({
    connection: { status: 'live', lagMs: 100 },
    lastContactAt: serverNow() - 20_000,
  });
  renderInKit(<Header />);
  expect(connectionText()).toBe('◌ Last update 20 s ago');
});

test('buttons change the day, and Today shows today at the site', () => {
  renderInKit(<Header />);
  fireEvent.click(screen.getByRole('button', { name: 'Next day' }));
  expect(screen.getByRole('button', { name: /Sat, Nov 21, 2026/ })).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Today' }));
  expect(viewStore.getState().date).toBe(date);
});

test('the buttons move by a week in the week view', () => {
  viewStore.setState({ screen: 'week' });
  renderInKit(<Header />);
  fireEvent.click(screen.getByRole('button', { name: 'Previous week' }));
  expect(viewStore.getState().date).toBe('2026-11-13');
});

test('the calendar chooses a date', async () => {
  renderInKit(<Header />);
  fireEvent.click(screen.getByRole('button', { name: /choose another date/ }));
  fireEvent.click(await screen.findByRole('button', { name: '24 November 2026' }));
  expect(viewStore.getState().date).toBe('2026-11-24');
});

test('buttons of views show their keys only while single keys are on', () => {
  renderInKit(<Header />);
  const list = screen.getByRole('button', { name: 'List' });
  expect(list.getAttribute('aria-keyshortcuts')).toBe('3');
  fireEvent.click(list);
  expect(list.getAttribute('aria-pressed')).toBe('true');
  expect(viewStore.getState().screen).toBe('list');
  const others = ['Previous day', 'Next day', 'Today'].map((name) => screen.getByRole('button', { name }));
  const keys = () => others.map((button) => button.getAttribute('aria-keyshortcuts'));
  expect(keys()).toEqual(['[', ']', 'T']);
  act(() => setPreferences({ singleKeys: false }));
  expect(list.getAttribute('aria-keyshortcuts')).toBeNull();
  expect(keys()).toEqual([null, null, null]);
});

test('the header offers lanes and columns only on the board', () => {
  renderInKit(<Header />);
  fireEvent.click(screen.getByRole('button', { name: 'Columns' }));
  expect(screen.getByRole('button', { name: 'Columns' }).getAttribute('aria-pressed')).toBe('true');
  act(() => viewStore.setState({ screen: 'figures' }));
  expect(screen.queryByRole('button', { name: 'Columns' })).toBeNull();
});

test('each present person is shown once, with initials and full name', () => {
  const person = (n: number, name: string) => ({ id: uuid(n), name });
  const people = ['J. Diaz', 'R. Ortiz', 'A. Abel', 'B. Bell', 'C. Cole', 'D. Dean'].map((name, nth) => ({
    person: person(100 + nth, name),
    caseId: null,
  }));
  setPresent([...people, { person: me, caseId: null }, { person: person(100, 'J. Diaz'), caseId: uuid(7) }]);
  renderInKit(<Header />);
  const shown = screen.getByRole('img', { name: /^Here now: A. Abel, B. Bell, C. Cole, D. Dean, J. Diaz/ });
  expect(shown.textContent).toBe('AABBCCDD+2');
  expect(shown.getAttribute('aria-label')).toContain('M. Kraus (you)');
});

test('NW5 the present people are unknown while updates are slower', () => {
  setPresent(null);
  setConnection({ status: 'live', lagMs: 0, isSlower: true });
  renderInKit(<Header />);
  expect(screen.getByRole('img', { name: /isn’t known/ }).textContent).toBe('?');
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(screen.queryByRole('img', { name: /isn’t known/ })).toBeNull();
});

test('the menu shows my name and role, and changes the site', async () => {
  const session = sessionStore.getState();
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in.');
  const second = { ...session.site, id: uuid(77), name: 'Mercy West' };
  sessionStore.setState({ ...session, me: { ...session.me, sites: [session.site, second] } }, true);
  renderInKit(<Header />);
  fireEvent.click(screen.getByRole('button', { name: /M. Kraus/ }));
  expect(await screen.findByText('Coordinator · Mercy General')).toBeTruthy();
  fireEvent.click(screen.getByRole('menuitemradio', { name: 'Mercy West' }));
  expect(sessionStore.getState()).toMatchObject({ site: { name: 'Mercy West' } });
});

test('the button of the depot shows how many cases wait', () => {
  renderInKit(<Header />);
  const toggle = screen.getByRole('button', { name: 'Depot, 0 cases need a time' });
  expect(toggle.getAttribute('aria-expanded')).toBe('true');
  fireEvent.click(toggle);
  expect(viewStore.getState().isDepotOpen).toBe(false);
});

test('NW7 the clock corrects hours of deviation with the time of the server', () => {
  renderInKit(<Header />);
  const later = new Date(serverNow() + 5 * 3_600_000);
  const clock = () => document.querySelector('time')?.textContent;
  expect(clock()).not.toBe(timeOf(later.toISOString(), zone));
  act(() => void syncClock(later.toISOString(), performance.now()));
  expect(clock()).toBe(timeOf(later.toISOString(), zone));
});
