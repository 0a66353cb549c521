import '../../../../../test/bridge.ts';
import { answerWith } from '../../../../../test/answering.ts';
import type { SentRequest } from '../../../../../test/answering.ts';
import { openConsole } from '../../../../../test/open-console.tsx';
import { act, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { me } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at } from '../../../../../test/small-board.ts';
import { spotOnCase } from '../../board/cursor-moves.ts';
import { drop } from '../../actions/drop.ts';
import { holdAt } from '../../commands/hold.ts';
import { setConnection } from '../../stores/connection.ts';
import { dismissCutOffToasts } from '../../services/announcements.ts';
import { cursorStore, resetCursor } from '../../stores/cursor.ts';
import { closeAllDialogs, dialogStore, openDialog } from '../../stores/dialogs.ts';
import { forgetDrafts, updateDraft } from '../../stores/drafts.ts';
import { closePalette } from '../../stores/palette.ts';
import { placingStore } from '../../stores/placing.ts';
import { toastStore } from '../../stores/toasts.ts';
import { forgetMessages } from '../../stores/forget.ts';
import { announcementStore } from '../../stores/announcements.ts';
import { setInspectorOpen, select } from '../../stores/view.ts';
import { Console } from '../console/console.tsx';

vi.mock('../../realtime/feed.ts', () => import('../../../../../test/silent-feed.ts'));

const room = aResource('room', 'OR 1');
const knee = aCase(room, '08:00', 60, { title: 'Knee' });
const myHold = aCase(room, '12:00', 60, { state: 'held', holder: me, expiresAt: at('06:02') });
const cutOffSentence =
  'You’ve been offline since 10:42. You can’t make changes until the server answers again.';
const user = userEvent.setup();
let requests: SentRequest[];
let close: () => void;

beforeEach(() => {
  requests = answerWith(() => 'unreachable');
  close = openConsole(<Console />, { resources: [room], cases: [knee, myHold] });
  act(() => {
    select(knee.id);
    cursorStore.setState(spotOnCase(knee));
  });
  act(() => setInspectorOpen(true));
  requests.length = 0;
});
afterEach(() => {
  close();
  closeAllDialogs();
  closePalette();
  forgetDrafts();
  forgetMessages();
  resetCursor();
  select(null);
  placingStore.setState({ placing: null });
});

const goOffline = () => act(() => setConnection({ status: 'offline', since: Date.parse(at('10:42')) }));
const toasts = () => toastStore.getState().toasts.map(({ text }) => text);
const commands = () => requests.map(({ path }) => path).filter((path) => !/\/cases\/[^/]+$/.test(path));
const actionButtons = () =>
  within(screen.getByRole('group', { name: 'Case actions' })).getAllByRole('button');
const focusBoard = () => act(() => document.querySelector<HTMLElement>('[data-board]')?.focus());

test('the board shows the time of its last update', () => {
  expect(screen.getByRole('main').getAttribute('aria-label')).toBe('Board');
  expect(document.querySelector('[data-frozen]')).toBeNull();
  goOffline();
  expect(screen.getByRole('main').getAttribute('aria-label')).toBe('Board, as of 10:42');
  expect(document.querySelector('[data-frozen]')?.contains(screen.getByRole('grid'))).toBe(true);
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(document.querySelector('[data-frozen]')).toBeNull();
});

test('buttons of commands stay in place, are marked unavailable, and say why', async () => {
  const names = actionButtons().map(({ textContent }) => textContent);
  goOffline();
  expect(actionButtons().map(({ textContent }) => textContent)).toEqual(names);
  for (const button of actionButtons()) {
    expect(button.getAttribute('aria-disabled')).toBe('true');
    const description = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(description?.textContent).toBe(cutOffSentence);
  }
  const [first] = actionButtons();
  if (!first) throw new Error('Nothing is offered.');
  await user.click(first);
  expect(toasts()).toEqual([cutOffSentence]);
  expect(commands()).toEqual([]);
  act(() => setConnection({ status: 'live', lagMs: 0 }));
  expect(actionButtons().every((button) => button.getAttribute('aria-disabled') === null)).toBe(true);
});

test.each(['h', 'm', 'd', 'c', 'x', 'b', 'a', 'e', '{Alt>}{ArrowRight}{/Alt}', '{Control>}z{/Control}'])(
  'the key %s of a command says why it is unavailable',
  async (key) => {
    goOffline();
    focusBoard();
    await user.keyboard(key);
    await user.keyboard(key);
    expect(toasts()).toEqual([cutOffSentence]);
    expect(announcementStore.getState().assertive.at(-1)?.text).toBe(cutOffSentence);
    expect(dialogStore.getState().dialog).toBeNull();
    expect(placingStore.getState().placing).toBeNull();
    expect(commands()).toEqual([]);
  },
);

test('the cursor moves, and the status bar shows the keys that still work', async () => {
  goOffline();
  focusBoard();
  await user.keyboard('{ArrowRight}');
  expect(cursorStore.getState().caseId).toBe(myHold.id);
  const bar = screen.getByRole('contentinfo');
  expect(within(bar).queryByText('hold')).toBeNull();
  expect(within(bar).queryByText('move')).toBeNull();
  expect(within(bar).getByText('all keys')).toBeTruthy();
});

test('the palette says why an entry cannot be run, and does not run it', async () => {
  goOffline();
  focusBoard();
  await user.keyboard('{Control>}k{/Control}hold or 1 14:00 60m');
  const [first] = screen.getAllByRole('option');
  expect(first?.getAttribute('aria-disabled')).toBe('true');
  expect(first?.textContent).toContain(cutOffSentence);
  expect(first?.textContent).not.toContain('free');
  await user.keyboard('{Enter}');
  expect(commands()).toEqual([]);
});

test('messages about the outage disappear with it, and messages about unsent changes stay', async () => {
  const end = dismissCutOffToasts();
  goOffline();
  focusBoard();
  await user.keyboard('h');
  const place = { roomId: room.id, start: at('15:00'), end: at('16:00') };
  await act(() => holdAt(place));
  act(() => placingStore.setState({ placing: { kind: 'move', caseId: knee.id, item: knee, place } }));
  act(drop);
  expect(toasts()).toHaveLength(3);
  act(() => setConnection({ status: 'catching_up' }));
  expect(toasts()).toEqual([expect.stringMatching(/can’t reach the server/)]);
  end();
});

test('a drag from before the outage does not drop its case', () => {
  const place = { roomId: room.id, start: at('15:00'), end: at('16:00') };
  act(() => placingStore.setState({ placing: { kind: 'move', caseId: knee.id, item: knee, place } }));
  goOffline();
  act(drop);
  expect(toasts()).toEqual([`Knee stays where it is. ${cutOffSentence}`]);
  expect(commands()).toEqual([]);
});

test('a command is not sent, and a toast says so', async () => {
  goOffline();
  await act(() => holdAt({ roomId: room.id, start: at('15:00'), end: at('16:00') }));
  expect(toasts()[0]).toMatch(/^Couldn’t hold OR 1 15:00–16:00: can’t reach the server/);
  expect(commands()).toEqual([]);
});

test('the form of a hold says when the hold expires, sends nothing, and keeps the entries', async () => {
  act(() => {
    updateDraft(myHold.id, myHold, true);
    openDialog({ kind: 'hold', caseId: myHold.id });
  });
  await user.type(screen.getByLabelText('Patient reference'), 'DEMO-7');
  goOffline();
  const form = screen.getByRole('dialog', { name: 'Hold OR 1' });
  expect(within(form).getByRole('alert').textContent).toContain(
    `${cutOffSentence} This hold expires at 06:02:00`,
  );
  expect(within(form).getByRole('button', { name: /Book/ }).getAttribute('aria-disabled')).toBe('true');
  await user.keyboard('{Control>}{Enter}{/Control}{Enter}');
  expect(commands()).toEqual([]);
  expect(dialogStore.getState().dialog).not.toBeNull();
  // It cannot be released offline, and the button does not say so.
  expect(within(form).queryByRole('button', { name: /Release/ })).toBeNull();
  await user.keyboard('{Escape}');
  expect(dialogStore.getState().dialog).toBeNull();
  act(() => openDialog({ kind: 'hold', caseId: myHold.id }));
  expect(screen.getByLabelText<HTMLInputElement>('Patient reference').value).toBe('DEMO-7');
});
