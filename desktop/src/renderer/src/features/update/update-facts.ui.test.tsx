import { program } from '../../../../../test/bridge.ts';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import type { UpdateStatus } from '@slate/shared/updates';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { lockNow, signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { runAction } from '../../actions/table.ts';
import { followUpdates } from '../../services/update.ts';
import { serverNow } from '../../stores/clock.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { editDraft, forgetDrafts, updateDraft } from '../../stores/drafts.ts';
import { intentStore } from '../../stores/intents.ts';
import { meNow, sessionStore } from '../../stores/session.ts';
import { StatusBar } from '../status-bar/status-bar.tsx';
import { UpdateFacts } from './update-facts.tsx';

const room = aResource('room', 'OR 1');
const ready: UpdateStatus = {
  is: 'ready',
  version: '0.2.0',
  notes: 'Faster openings.\nA darker dark theme.',
  needsPerson: false,
};
let stop: () => void;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  Object.assign(program, { uses: [], updateChecks: 0, updateInstalls: 0 });
  signInAs('coordinator');
  loadBoard({ resources: [room], cases: [] });
  stop = followUpdates();
  program.send('update', { is: 'off' });
});
afterEach(() => {
  stop();
  cleanup();
  forgetDrafts();
  intentStore.setState({ intents: [] });
  vi.useRealTimers();
});

const setUpdate = (update: UpdateStatus) => act(() => program.send('update', update));
const advance = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const statusText = () =>
  screen.getByRole('region', { name: 'Updates' }).querySelector('[aria-live]')?.textContent;
const lock = () => act(lockNow);
const signOut = () => act(() => sessionStore.setState({ status: 'signed_out', endReason: null }, true));
/** The last report to the program, a few seconds later. */
const mayRestart = () => {
  advance(5_000);
  return program.uses.at(-1)?.mayRestart;
};
const hold = (leftMs: number) =>
  aCase(room, '08:00', 60, {
    state: 'held',
    holder: { id: meNow() ?? '', name: 'Me' },
    expiresAt: new Date(serverNow() + leftMs).toISOString(),
  });

test.each<[UpdateStatus, string]>([
  [{ is: 'off' }, 'This workstation doesn’t look for updates.'],
  [{ is: 'unknown' }, 'Slate checks for updates after somebody signs in.'],
  [{ is: 'checking' }, 'Checking for updates…'],
  [{ is: 'none' }, 'There is no update for this workstation.'],
  [{ is: 'paused' }, 'Your administrators have paused updates.'],
  [{ is: 'unreachable' }, 'Slate can’t check for updates right now. It will try again.'],
  [{ is: 'announced', version: '0.2.0', notes: '' }, 'Version 0.2.0 is available. Your IT desk installs it.'],
  [{ is: 'downloading', version: '0.2.0', percent: 41 }, 'Downloading version 0.2.0: 41%'],
  [
    ready,
    'Version 0.2.0 is ready. Slate installs it after the next lock, while nobody uses this workstation.',
  ],
  [{ ...ready, needsPerson: true }, 'Version 0.2.0 is ready. Your computer will ask for an administrator.'],
  [{ is: 'installing', version: '0.2.0' }, 'Installing version 0.2.0…'],
  [
    { is: 'refused', version: '0.2.0', why: 'crashed' },
    'Version 0.2.0 isn’t installed: it crashed twice while starting here, so the previous version was restored. Tell your IT desk.',
  ],
  [
    { is: 'refused', version: null, why: 'signature' },
    'An update isn’t installed: it isn’t signed by the makers of Slate. Tell your IT desk.',
  ],
])('UP10 About describes the status %o', (update, text) => {
  renderInKit(<UpdateFacts />);
  setUpdate(update);
  expect(statusText()).toBe(text);
});

test('UP10 About shows the notes of the version, and checks again on request', () => {
  renderInKit(<UpdateFacts />);
  setUpdate({ is: 'none' });
  fireEvent.click(screen.getByRole('button', { name: 'Check for updates' }));
  expect(program.updateChecks).toBe(1);
  setUpdate({ is: 'checking' });
  expect(screen.getByRole('button', { name: 'Check for updates' })).toHaveProperty('disabled', true);
  setUpdate(ready);
  expect(screen.getByText('New in 0.2.0')).toBeTruthy();
  expect(screen.getByText(/A darker dark theme/).textContent).toBe(ready.notes);
});

test('UP10 the status bar shows a ready update, and leads to About', () => {
  renderInKit(<StatusBar />);
  expect(screen.queryByText('Update ready')).toBeNull();
  setUpdate(ready);
  fireEvent.click(screen.getByRole('button', { name: 'Update ready' }));
  expect(dialogStore.getState().dialog).toEqual({ kind: 'about' });
});

describe('UP7 restarting by hand', () => {
  test('takes one click if nothing is open', () => {
    renderInKit(<UpdateFacts />);
    setUpdate(ready);
    fireEvent.click(screen.getByRole('button', { name: 'Restart to update' }));
    expect(program.updateInstalls).toBe(1);
    act(() => void runAction('installUpdate'));
    expect(program.updateInstalls).toBe(2);
  });

  test('is disabled while a hold is open, and says why', () => {
    renderInKit(<UpdateFacts />);
    setUpdate(ready);
    const button = () => screen.getByRole('button', { name: 'Restart to update' });
    loadBoard({ resources: [room], cases: [hold(60_000)] });
    advance(1_000);
    expect(button()).toHaveProperty('disabled', true);
    expect(screen.getByText('Book or release your hold before you restart.')).toBeTruthy();
    act(() => void runAction('installUpdate'));
    expect(program.updateInstalls).toBe(0);
    expect(dialogStore.getState().dialog).toEqual({ kind: 'about' });
    loadBoard({ resources: [room], cases: [] });
    advance(1_000);
    expect(button()).toHaveProperty('disabled', false);
  });
});

describe('UP7 the program may restart', () => {
  test('after a lock and at the sign-in screen, not while somebody works', () => {
    expect(mayRestart()).toBe(false);
    lock();
    expect(program.uses.at(-1)).toEqual({ site: null, mayRestart: true });
    signInAs('coordinator');
    expect(program.uses.at(-1)?.mayRestart).toBe(false);
    signOut();
    expect(mayRestart()).toBe(true);
  });

  test('at any time on a wall board', () => {
    signInAs('wall');
    expect(mayRestart()).toBe(true);
    const session = sessionStore.getState();
    expect(program.uses.at(-1)?.site).toBe(session.status === 'signed_in' ? session.site.id : '');
  });

  test('not while a form has entries, also after a lock', () => {
    updateDraft(uuid(1), hold(60_000), true);
    editDraft(uuid(1), { minutes: '90' }, {});
    lock();
    expect(mayRestart()).toBe(false);
    forgetDrafts();
    expect(mayRestart()).toBe(true);
  });

  test('not before my last hold has ended, also after a lock', () => {
    const now = vi.spyOn(performance, 'now');
    const started = performance.now();
    loadBoard({ resources: [room], cases: [hold(60_000)] });
    expect(mayRestart()).toBe(false);
    lock();
    // A locked screen has no board.
    loadBoard({ resources: [], cases: [] });
    expect(mayRestart()).toBe(false);
    now.mockReturnValue(started + 70_000);
    expect(mayRestart()).toBe(true);
    now.mockRestore();
  });

  test('not while a command is unanswered, until another person may sign in', () => {
    intentStore.setState({
      intents: [{ key: uuid(9), name: 'moveCase', cases: [], sentAt: 0, isSettled: false }],
    });
    expect(mayRestart()).toBe(false);
    lock();
    expect(mayRestart()).toBe(false);
    signOut();
    expect(mayRestart()).toBe(true);
  });
});
