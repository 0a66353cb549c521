import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import { aCaseInTheWay } from '../../../../../../test/cases-in-the-way.ts';
import type { CaseInTheWay, Decision } from '@slate/shared/contract/decisions';
import type { ClosureEffect } from '@slate/shared/contract/recurring-closures';
import type { RecurringClosure } from '@slate/shared/recurring-closures';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { aResource, at, date, loadBoard, setClock, uuid } from '../../../../../../test/small-board.ts';
import { administrationStore, showPage } from '../../../stores/administration.ts';
import { publishChange } from '../../../stores/changes.ts';
import { setConnection } from '../../../stores/connection.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { undo } from '../../../stores/undo.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';

const room = aResource('room', 'OR 1');
const rule: RecurringClosure = {
  id: uuid(700),
  resourceId: room.id,
  recurrence: { weekdays: [7], everyWeeks: 2, from: '2026-11-16', until: null },
  start: '22:00',
  end: '04:00',
  quantity: null,
  reason: 'Terminal cleaning',
  skipped: ['2026-12-27'],
  createdBy: { id: uuid(9), name: 'J. Diaz' },
  version: 1,
};
const laidOut: ClosureEffect = {
  created: [{ start: at('22:00', '2026-11-22'), end: at('04:00', '2026-11-23') }],
  changed: [],
  removed: [],
  cases: [],
};
const inTheWay = {
  caseId: uuid(702),
  number: 20_123,
  roomId: room.id,
  start: at('01:00', '2026-11-23'),
  end: at('02:00', '2026-11-23'),
};

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  setClock(at('06:00'));
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({ resources: [room] });
  showPage('recurring');
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  showPage('rooms');
  showScreen('day');
});

/** A server with this rule. It answers previews with an effect, and commands as `command` does. */
function serve(
  effect = laidOut,
  command?: (request: SentRequest) => Answer | undefined,
  more: Partial<CaseInTheWay> = {},
) {
  return answerWith((request): Answer => {
    const { path, body } = request;
    if (path.endsWith('/preview')) return { status: 200, body: effect };
    if (path.endsWith('/cases-in-the-way')) {
      const cases = [aCaseInTheWay(702, room.id, { ...inTheWay, ...more })];
      return { status: 200, body: { cases } };
    }
    if (body === undefined && path.endsWith('/recurring-closures'))
      return { status: 200, body: { recurringClosures: [rule] } };
    if (body === undefined && path.endsWith('/users'))
      return { status: 200, body: { users: [], next: null } };
    const { decisions = [], ...fields } = (body ?? {}) as { decisions?: Decision[] };
    const bumped = decisions.filter(({ action }) => action === 'depot').map(({ caseId }) => caseId);
    const decided = decisions.map(({ caseId, version }) => ({ caseId, version: version + 1 }));
    return (
      command?.(request) ?? {
        status: 200,
        body: {
          recurringClosure: { ...rule, ...fields, version: 2 },
          bumped,
          decided,
          version: 3,
          notPutBack: [],
          id: rule.id,
          revision: 2,
        },
      }
    );
  });
}
const commands = (sent: readonly SentRequest[]) =>
  sent.filter(
    ({ path, body }) =>
      /\/recurring-closures(\/[^/]+)?$/.test(path) &&
      (body !== undefined || path.endsWith(rule.id)) &&
      !path.endsWith('/preview'),
  );
const save = () =>
  fireEvent.keyDown(screen.getByRole('region', { name: /^(Edit|New)/ }), { key: 'Enter', ctrlKey: true });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const effect = () => screen.findByRole('status', { name: 'What changes' });
const open = async () => {
  renderInKit(<Administration />);
  fireEvent.click(await screen.findByRole('row', { name: /OR 1/ }));
};
const isClosed = () => waitFor(() => expect(administrationStore.getState().open).toBeNull());
const texts = () => toastStore.getState().toasts.map(({ text }) => text);

test('BT19 a new rule shows what it would lay out before it is saved, and undo removes it', async () => {
  const sent = serve();
  renderInKit(<Administration />);
  expect((await screen.findByRole('row', { name: /OR 1/ })).textContent).toContain(
    'Sun 22:00–04:00, every other week',
  );
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  save();
  expect(screen.getByText('Choose what is closed.')).toBeTruthy();
  act(() => field('What is closed').focus());
  fireEvent.click(field('What is closed'));
  type('What is closed', 'OR 1');
  fireEvent.click(screen.getByRole('option', { name: 'OR 1' }));
  type('Reason', 'Terminal cleaning');
  type('From', '10pm');
  type('Until', '24:30');
  save();
  expect(field('Until').getAttribute('aria-invalid')).toBe('true');
  type('Until', '4');
  save();
  expect(within(await effect()).getByText('1 closure added')).toBeTruthy();
  expect(within(await effect()).getByText('Sun, Nov 22, 22:00–04:00: closed')).toBeTruthy();
  expect(commands(sent)).toEqual([]);
  save();
  await isClosed();
  expect(commands(sent)[0]?.body).toEqual({
    resourceId: room.id,
    recurrence: { weekdays: [7], everyWeeks: 1, from: date, until: null },
    start: '22:00',
    end: '04:00',
    quantity: null,
    reason: 'Terminal cleaning',
    skipped: [],
  });
  expect(texts()).toEqual(['Saved Terminal cleaning of OR 1']);
  await act(() => undo());
  expect(commands(sent)[1]?.path).toMatch(new RegExp(`/recurring-closures/${rule.id}$`));
});

test('BT19 each case in the way gets a decision before saving: the depot, or another date for the rule', async () => {
  const sent = serve({ ...laidOut, cases: [inTheWay] });
  await open();
  type('Until', '05:00');
  save();
  const alert = await screen.findByRole('region', { name: '1 case is in the way' });
  // Without a decision, nothing is saved.
  save();
  expect(commands(sent)).toEqual([]);
  fireEvent.click(screen.getByRole('button', { name: 'Skip that date instead' }));
  // The closure of Sunday evening is the one in the way on Monday morning.
  expect(screen.getByText('Sun, Nov 22: open')).toBeTruthy();
  expect(screen.queryByRole('region', { name: /in the way/ })).toBeNull();
  expect(document.activeElement).toBe(field('Date'));
  fireEvent.click(screen.getByRole('button', { name: 'Remove the exception of Sun, Nov 22' }));
  expect(alert.isConnected).toBe(false);
  const list = await screen.findByRole('region', { name: '1 case is in the way' });
  fireEvent.click(within(list).getByRole('button', { name: 'The rest to the depot' }));
  fireEvent.click(screen.getByRole('button', { name: 'Save and send 1 to the depot' }));
  await isClosed();
  expect(commands(sent).map(({ body }) => body)).toMatchObject([
    {
      version: 1,
      end: '05:00',
      skipped: ['2026-12-27'],
      decisions: [{ caseId: inTheWay.caseId, action: 'depot' }],
    },
  ]);
  expect(texts()).toEqual(['Saved Terminal cleaning of OR 1. 1 case went to the depot.']);
  await act(() => undo());
  // The rule as it was, with the case at its place.
  expect(sent.at(-1)).toMatchObject({
    path: expect.stringMatching(/undo-change$/) as string,
    body: {
      change: { command: 'changeRecurringClosure', id: rule.id, body: { version: 2, end: '04:00' } },
      putBack: [{ caseId: inTheWay.caseId, version: 2 }],
    },
  });
});

test('BT19 a case that comes in the way after the preview is listed too', async () => {
  const { roomId: _roomId, ...held } = inTheWay;
  let attempts = 0;
  const command = (): Answer | undefined => {
    attempts += 1;
    if (attempts > 1) return undefined;
    return {
      status: 409,
      body: {
        type: 'about:blank',
        title: 'In use',
        status: 409,
        code: 'in_use',
        detail: 'OR 1 can’t be closed at these times.',
        blockers: [{ ...held, kind: 'hold', resourceId: room.id, by: 'R. Okafor' }],
      },
    };
  };
  const sent = serve(laidOut, command, { heldBy: 'R. Okafor', canMove: false });
  await open();
  type('Until', '05:00');
  save();
  await effect();
  save();
  const alert = await screen.findByRole('region', { name: '1 case is in the way' });
  expect(within(alert).getByText(/held by R. Okafor/)).toBeTruthy();
  fireEvent.change(within(alert).getByRole('combobox'), { target: { value: 'depot' } });
  expect(within(alert).getByText('A released hold can’t be brought back.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Save and send 1 to the depot' }));
  await isClosed();
  expect(commands(sent)[1]?.body).toMatchObject({
    decisions: [{ caseId: inTheWay.caseId, action: 'depot' }],
  });
});

test('BT19 a rule is removed at once, and undo brings it back with its exceptions', async () => {
  const sent = serve();
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
  await isClosed();
  expect(texts()).toEqual(['Removed Terminal cleaning of OR 1']);
  await act(() => undo());
  expect(commands(sent)[1]?.body).toMatchObject({ resourceId: room.id, skipped: ['2026-12-27'] });
});

test('BT19 AA6 another person’s change comes into the form; without the server nothing is sent', async () => {
  serve();
  await open();
  type('Reason', 'Deep cleaning');
  const theirs = { ...rule, version: 2, reason: 'Inspection', end: '05:00' };
  answerWith(() => ({ status: 200, body: { recurringClosures: [theirs], users: [], next: null } }));
  act(() =>
    publishChange(
      {
        revision: 2,
        at: at('06:01'),
        by: { id: uuid(9), name: 'J. Diaz' },
        body: { type: 'recurring_closure', recurring: theirs },
      },
      undefined,
    ),
  );
  await screen.findByText(/^J. Diaz changed this to Inspection/);
  expect(field('Until').value).toBe('05:00');
  const sent = serve();
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  save();
  expect(sent.filter(({ body }) => body !== undefined)).toEqual([]);
  expect(field('Reason').value).toBe('Deep cleaning');
});

test('BT19 a page that did not load says so, and a coordinator may use the page', async () => {
  signInAs('coordinator');
  answerWith(() => 'unreachable');
  renderInKit(<Administration />);
  await screen.findByText('The recurring closures couldn’t be loaded');
  serve();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('row', { name: /OR 1/ })).toBeTruthy();
});
