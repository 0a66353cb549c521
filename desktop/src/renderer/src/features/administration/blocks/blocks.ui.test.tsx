import { answerWith } from '../../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../../test/answering.ts';
import type { BlockTemplate, Holiday } from '@slate/shared/block-templates';
import { aCaseInTheWay } from '../../../../../../test/cases-in-the-way.ts';
import type { CaseInTheWay } from '@slate/shared/contract/decisions';
import type { BlockEffect } from '@slate/shared/contract/blocks';
import type { Resource } from '@slate/shared/resources';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { aResource, at, date, loadBoard, setClock, uuid } from '../../../../../../test/small-board.ts';
import { administrationStore, showPage } from '../../../stores/administration.ts';
import { publishChange } from '../../../stores/changes.ts';
import { setConnection } from '../../../stores/connection.ts';
import { closeAllDialogs } from '../../../stores/dialogs.ts';
import { forgetPerson } from '../../../stores/forget.ts';
import { toastStore } from '../../../stores/toasts.ts';
import { undo } from '../../../stores/undo.ts';
import { showScreen, viewStore } from '../../../stores/view.ts';
import { Administration } from '../administration.tsx';

let rooms: [Resource, Resource];
let template: BlockTemplate;
const noEffect: BlockEffect = { created: [], changed: [], removed: [], shifted: [], cases: [] };
const holiday: Holiday = {
  id: uuid(800),
  date: '2026-11-20',
  name: 'Founders’ Day',
  roomIds: null,
  version: 1,
};

const surgeon = aResource('surgeon', 'Haddad');
const partner = aResource('surgeon', 'Ito');

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  rooms = [aResource('room', 'OR 1'), aResource('room', 'OR 2')];
  template = {
    id: uuid(700),
    plan: {
      roomId: rooms[0].id,
      start: '07:00',
      end: '12:00',
      service: 'Ortho',
      surgeonId: null,
      listId: null,
      releaseDays: 3,
    },
    recurrence: { weekdays: [2], everyWeeks: 2, from: '2026-11-16', until: null },
    exceptions: [],
    version: 1,
  };
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  setClock(at('06:00'));
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({ resources: [...rooms, surgeon, partner] });
  showPage('blocks');
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  closeAllDialogs();
  showPage('rooms');
  showScreen('day');
});

/** A server with these templates; it answers previews with an effect and does every command. */
function serve({
  templates = [template],
  holidays = [],
  effect = noEffect,
  inTheWay = [],
}: {
  templates?: BlockTemplate[];
  holidays?: Holiday[];
  effect?: BlockEffect;
  inTheWay?: CaseInTheWay[];
} = {}): SentRequest[] {
  return answerWith(({ path, body }): Answer => {
    if (path.endsWith('/preview')) return { status: 200, body: effect };
    if (path.endsWith('/cases-in-the-way')) return { status: 200, body: { cases: inTheWay } };
    if (body === undefined) return { status: 200, body: { templates, holidays, users: [], next: null } };
    if (path.includes('/holidays')) return { status: 201, body: { holiday, revision: 2 } };
    if (path.endsWith('/remove')) return { status: 200, body: { id: template.id, revision: 2 } };
    const { decisions: _decisions, ...rule } = body as { decisions?: unknown };
    return { status: 200, body: { template: { ...template, ...rule, version: 2 }, revision: 2 } };
  });
}
const commands = (sent: readonly SentRequest[]) =>
  sent.filter(({ path, body }) => body !== undefined && !/\/(preview|cases-in-the-way)$/.test(path));
const open = async () => {
  renderInKit(<Administration />);
  await screen.findByRole('grid', { name: /^Week of/ });
};
const press = (key: string, more = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
const save = () => press('Enter', { ctrlKey: true });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const cell = (name: RegExp) => screen.getByRole('gridcell', { name });
const block = () => screen.getByRole('button', { name: /^Ortho/ });

test('BT17 a week is drawn from the rules: every n-th week, exceptions and holidays', async () => {
  const exceptions = [
    {
      date: '2026-11-18',
      plan: {
        ...template.plan,
        roomId: rooms[1].id,
        start: '08:00',
        surgeonId: surgeon.id,
        alsoSurgeonIds: [partner.id],
      },
    },
  ];
  serve({ templates: [{ ...template, exceptions }], holidays: [holiday] });
  await open();
  const textIn = (name: RegExp) => within(cell(name)).getByRole('button').textContent;
  expect(textIn(/OR 1, Tue: 1 block/)).toBe('Ortho 07:00–12:00 · every other week');
  expect(textIn(/OR 2, Wed: 1 block/)).toBe('Haddad, Ito, Ortho 08:00–12:00 · this date only');
  expect(screen.getByText('Holiday: Founders’ Day')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: /Next week/ }));
  expect(screen.queryByRole('button', { name: /^Ortho/ })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'OR 1: Ortho, Tue' }));
  expect(screen.getByRole('region', { name: 'Edit Ortho, OR 1' })).toBeTruthy();
});

test('BT17 the days are one tab stop; arrows move between them, and Enter adds a block there', async () => {
  const sent = serve();
  await open();
  const all = screen.getAllByRole('gridcell');
  expect(all.map(({ tabIndex }) => tabIndex).filter((index) => index === 0)).toHaveLength(1);
  act(() => all[0]?.focus());
  press('ArrowDown');
  press('ArrowRight');
  expect(document.activeElement).toBe(cell(/OR 2, Tue/));
  press('Enter');
  expect(screen.getByRole('region', { name: 'New block' })).toBeTruthy();
  expect(field('Tue').checked).toBe(true);
  type('Service', 'Cardiac');
  for (const name of ['Ito', 'Haddad']) {
    const group = screen.getByLabelText('Only for these surgeons', { selector: 'input' });
    act(() => group.focus());
    fireEvent.click(group);
    fireEvent.change(group, { target: { value: name } });
    fireEvent.click(screen.getByRole('option', { name }));
  }
  type('From', '7');
  type('To', '12.30');
  save();
  await screen.findByRole('status', { name: 'What changes' });
  expect(commands(sent)).toEqual([]);
  save();
  await waitFor(() => expect(screen.queryByRole('region', { name: 'New block' })).toBeNull());
  expect(commands(sent)[0]?.body).toEqual({
    plan: {
      ...template.plan,
      roomId: rooms[1].id,
      end: '12:30',
      service: 'Cardiac',
      surgeonId: partner.id,
      alsoSurgeonIds: [surgeon.id],
      releaseDays: 7,
    },
    recurrence: { weekdays: [2], everyWeeks: 1, from: '2026-11-20', until: null },
    exceptions: [],
  });
});

test('BT17 a new block is offered no retired room', async () => {
  loadBoard({ resources: [rooms[0], { ...rooms[1], active: false }] });
  serve();
  await open();
  const offered = () => {
    const room = screen.getByLabelText('Room', { selector: 'input' });
    act(() => room.focus());
    fireEvent.click(room);
    fireEvent.change(room, { target: { value: 'OR' } });
    return screen.getAllByRole('option').map(({ textContent }) => textContent);
  };
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(offered()).toEqual(['OR 1']);
});

test('BT18 before saving, the form shows the dated blocks and the cases; they stay, and undo changes it back', async () => {
  const dated = {
    id: uuid(701),
    roomId: rooms[0].id,
    start: at('07:00', '2026-12-01'),
    end: at('12:00', '2026-12-01'),
    service: 'Ortho',
    surgeonId: null,
    listId: null,
    releaseAt: at('07:00', '2026-11-28'),
    releasedAt: null,
  };
  const { caseId, number, roomId, ...inTheWay } = aCaseInTheWay(702, rooms[0].id, {
    start: dated.start,
    end: dated.end,
    why: 'block',
    canStay: true,
  });
  const place = { caseId, number, roomId, start: dated.start, end: dated.end, isOnList: false };
  const sent = serve({
    effect: { ...noEffect, changed: [{ before: dated, after: dated }], removed: [dated], cases: [place] },
    inTheWay: [{ ...inTheWay, caseId, number, roomId }],
  });
  await open();
  fireEvent.click(block());
  type('To', '11');
  save();
  const effect = await screen.findByRole('status', { name: 'What changes' });
  expect(within(effect).getByText('1 block changed, 1 block removed')).toBeTruthy();
  // Another entry needs another look.
  act(() => field('To').focus());
  type('To', '11:30');
  expect(screen.queryByRole('status', { name: 'What changes' })).toBeNull();
  save();
  const list = await screen.findByRole('region', { name: '1 case is in the way' });
  // Not without a decision.
  save();
  expect(commands(sent)).toEqual([]);
  fireEvent.click(within(list).getByRole('button', { name: 'Leave the rest' }));
  type('Note for cases that stay', 'Agreed');
  fireEvent.click(within(list).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
  expect(commands(sent).map(({ body }) => body)).toMatchObject([
    {
      version: 1,
      plan: { end: '11:30' },
      decisions: [{ caseId, version: 1, action: 'leave', note: 'Agreed' }],
    },
  ]);
  expect(toastStore.getState().toasts.map(({ text }) => text)).toEqual(['Saved the block of Ortho in OR 1']);
  await act(() => undo());
  expect(commands(sent)[1]?.body).toMatchObject({ version: 2, plan: { end: '12:00' } });
});

test('BT18 a case with a place on the list cannot stay when the block is removed', async () => {
  const inTheWay = aCaseInTheWay(702, rooms[0].id, { why: 'list' });
  const { caseId, number, roomId, start, end } = inTheWay;
  const sent = serve({
    effect: { ...noEffect, cases: [{ caseId, number, roomId, start, end, isOnList: true }] },
    inTheWay: [inTheWay],
  });
  await open();
  fireEvent.click(block());
  fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
  const list = await screen.findByRole('region', { name: '1 case is in the way' });
  fireEvent.click(screen.getByRole('button', { name: 'Remove for good' }));
  expect(commands(sent)).toEqual([]);
  expect(within(list).queryByRole('option', { name: 'Leave it' })).toBeNull();
  fireEvent.click(within(list).getByRole('button', { name: 'The rest to the depot' }));
  fireEvent.click(within(list).getByRole('button', { name: 'Save and send 1 to the depot' }));
  await waitFor(() => expect(commands(sent)).toHaveLength(1));
  expect(commands(sent)[0]?.body).toMatchObject({ version: 1, decisions: [{ caseId, action: 'depot' }] });
});

test('BT17 an exception is added and taken back, and a wrong entry is refused at its field', async () => {
  const sent = serve();
  await open();
  fireEvent.click(block());
  type('Date', '2026-12-01');
  fireEvent.click(screen.getByRole('button', { name: 'Skip this date' }));
  expect(screen.getByText('Tue, Dec 1: no block')).toBeTruthy();
  type('To', 'noonish');
  save();
  expect(screen.getByText('Must be a time, such as 07:30.')).toBeTruthy();
  expect(sent.filter(({ path }) => path.endsWith('/preview'))).toEqual([]);
  type('To', '12:00');
  save();
  await screen.findByRole('status', { name: 'What changes' });
  save();
  await waitFor(() => expect(commands(sent)).toHaveLength(1));
  expect(commands(sent)[0]?.body).toMatchObject({ exceptions: [{ date: '2026-12-01', plan: null }] });
});

test('AA6 another administrator’s change comes into the form, and a field that both changed names theirs', async () => {
  serve();
  await open();
  fireEvent.click(block());
  type('To', '11:00');
  const theirs = { ...template, version: 2, plan: { ...template.plan, end: '13:00', releaseDays: 5 } };
  serve({ templates: [theirs] });
  act(() =>
    publishChange(
      {
        revision: 2,
        at: at('06:01'),
        by: { id: uuid(9), name: 'J. Diaz' },
        body: { type: 'block_template', template: theirs },
      },
      undefined,
    ),
  );
  await screen.findByText(/^J. Diaz changed this to 13:00/);
  expect(field('To').value).toBe('11:00');
  expect(field('Released, days before').value).toBe('5');
});

test('BT17 the page shows that it is loading, has failed or is offline', async () => {
  answerWith(() => 'unreachable');
  renderInKit(<Administration />);
  expect(screen.getByRole('status', { name: 'Loading the blocks' })).toBeTruthy();
  await screen.findByText('The blocks couldn’t be loaded');
  serve();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('grid', { name: /^Week of/ });
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  act(() => cell(/OR 1, Mon/).focus());
  press('Enter');
  expect(administrationStore.getState().open).toBeNull();
  expect(toastStore.getState().toasts).toHaveLength(1);
});

test('BT17 holidays that did not load say so', async () => {
  answerWith(() => 'unreachable');
  showPage('holidays');
  renderInKit(<Administration />);
  expect(await screen.findByText('The holidays couldn’t be loaded')).toBeTruthy();
});

test('BT17 holidays are a list; a new one shows what it removes before it is saved', async () => {
  const sent = serve({ holidays: [holiday] });
  showPage('holidays');
  renderInKit(<Administration />);
  await screen.findByRole('row', { name: /Founders’ Day/ });
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  type('Name', 'Christmas Day');
  save();
  expect(screen.getByText(/^Must be a date/)).toBeTruthy();
  type('Date', '2026-12-25');
  save();
  await screen.findByText('No dated block changes.');
  save();
  await waitFor(() => expect(commands(sent)).toHaveLength(1));
  expect(commands(sent)[0]?.body).toEqual({
    date: '2026-12-25',
    name: 'Christmas Day',
    roomIds: null,
  });
});
