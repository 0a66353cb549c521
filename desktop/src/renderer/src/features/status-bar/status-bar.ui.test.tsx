import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { showRefusal } from '../../commands/send.ts';
import { intentStore } from '../../stores/intents.ts';
import type { Intent } from '../../stores/intents.ts';
import { setConnection } from '../../stores/connection.ts';
import { dismiss, toastStore } from '../../stores/toasts.ts';
import { forgetMessages } from '../../stores/forget.ts';
import { viewStore } from '../../stores/view.ts';
import { StatusBar } from './status-bar.tsx';

const hours = [{ days: [1, 2, 3, 4, 5], open: '07:00', close: '17:00' }];
const room = aResource('room', 'OR 1', { attributes: { hours } });
const bar = () => screen.getByRole('contentinfo').textContent;
const intent = (n: number, isSettled = false): Intent => ({
  key: uuid(n),
  name: 'moveCase',
  cases: [],
  sentAt: 0,
  isSettled,
});
const setIntents = (...intents: Intent[]) => act(() => intentStore.setState({ intents }));

beforeEach(() => {
  signInAs('coordinator');
  setConnection({ status: 'live', lagMs: 100 });
  intentStore.setState({ intents: [] });
  loadBoard({
    resources: [room],
    cases: [aCase(room, '08:00', 300), aCase(room, '14:00', 60, { state: 'held', expiresAt: at('06:02') })],
  });
});

test('an unanswered change is not shown as saved', () => {
  renderInKit(<StatusBar />);
  expect(bar()).toContain('All changes saved');
  setIntents(intent(1));
  expect(bar()).toContain('Saving…');
  setIntents(intent(1), intent(2), intent(3, true));
  expect(bar()).toContain('Saving 2…');
});

test.each([
  [{ status: 'offline', since: Date.parse(at('06:00')) }, 'Offline since 06:00; you can’t save now.'],
  [{ status: 'reconnecting', since: Date.parse(at('06:00')) }, 'Connection interrupted.'],
  [{ status: 'outdated' }, 'Update needed; you can’t save now.'],
] as const)(
  'the status bar shows without the server ($status) which changes are saved or unconfirmed',
  (connection, text) => {
    renderInKit(<StatusBar />);
    act(() => setConnection(connection));
    expect(bar()).toContain(`${text} Earlier changes are saved.`);
    setIntents(intent(1), intent(2), intent(3, true));
    expect(bar()).toContain(`${text} 2 changes waiting for a reply.`);
    expect(bar()).not.toMatch(/All changes saved|Saving/);
  },
);

test('a change without a reply is not shown as saved until the person has seen it', () => {
  forgetMessages();
  renderInKit(<StatusBar />);
  act(() => showRefusal({ kind: 'unreachable' }, 'Hold OR 1'));
  expect(bar()).toContain('1 change unconfirmed.');
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  expect(bar()).toContain('you can’t save now. 1 change unconfirmed.');
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(bar()).not.toContain('All changes saved');
  act(() => dismiss(toastStore.getState().toasts[0]?.id ?? ''));
  expect(bar()).toContain('All changes saved');
});

test('the figures of the day open the page that explains them', () => {
  renderInKit(<StatusBar />);
  expect(bar()).toContain('Prime-time use 50%');
  expect(bar()).toContain('Holds 1');
  fireEvent.click(screen.getByRole('button', { name: 'Prime-time use 50%' }));
  expect(viewStore.getState().screen).toBe('figures');
});

test('the status bar has no figures for people who see only their own cases', () => {
  signInAs('office');
  renderInKit(<StatusBar />);
  expect(bar()).not.toContain('Prime-time');
});
