import { answerCommandsWith as answerWith } from '../../../../../test/answering.ts';
import type { Answer, SentRequest } from '../../../../../test/answering.ts';
import type { Resource } from '@slate/shared/resources';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aResource, at, date, loadBoard, uuid } from '../../../../../test/small-board.ts';
import { runAction } from '../../actions/table.ts';
import { applyChanges } from '../../realtime/write-board.ts';
import { administrationStore, forgetAdminDrafts, showPage } from '../../stores/administration.ts';
import { publishChange } from '../../stores/changes.ts';
import { setConnection } from '../../stores/connection.ts';
import { closeAllDialogs } from '../../stores/dialogs.ts';
import { forgetPerson } from '../../stores/forget.ts';
import { openWork } from '../../stores/open-work.ts';
import { toastStore } from '../../stores/toasts.ts';
import { undo } from '../../stores/undo.ts';
import { screens, showScreen, viewStore } from '../../stores/view.ts';
import { Rail } from '../console/rail.tsx';
import { Administration } from './administration.tsx';

const room = (name: string, more: Partial<Resource> = {}) =>
  aResource('room', name, { attributes: { service: 'Ortho' }, ...more });
let [one, two, ten] = [room('OR 1'), room('OR 2'), room('OR 10')];

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(600);
  [one, two, ten] = [room('OR 1'), room('OR 2'), room('OR 10')];
  signInAs('administrator');
  setConnection({ status: 'live', lagMs: 100 });
  viewStore.setState({ date, screen: 'administration' });
  loadBoard({
    resources: [ten, one, two, room('Old OR', { active: false }), aResource('surgeon', 'Haddad')],
  });
  answerWith(() => 'unreachable');
});
afterEach(() => {
  vi.restoreAllMocks();
  forgetPerson();
  closeAllDialogs();
  showPage('rooms');
  showScreen('day');
});

const rows = () =>
  screen
    .getAllByRole('row')
    .filter(({ dataset }) => 'record' in dataset)
    .map((row) => within(row).getAllByRole('gridcell')[1]?.textContent);
const row = (name: RegExp) => screen.getByRole('row', { name });
const press = (key: string, more = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
const save = () => press('Enter', { ctrlKey: true });
const type = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label, { selector: 'input' });
const openForm = (name: RegExp) => {
  fireEvent.click(row(name));
  return screen.getByRole('region', { name: /^Edit/ });
};

/** Another person changes a room, and the feed brings it. */
function othersChange(resource: Resource, by: string | null = 'J. Diaz') {
  const change = {
    revision: 2,
    at: at('06:00'),
    by: by === null ? null : { id: uuid(9), name: by },
    body: { type: 'resource', resource },
  } as const;
  act(() => {
    applyChanges([change], 2, at('06:00'));
    publishChange(change, undefined);
  });
}

/** The server does what it is asked, as long as the version is right. */
const obliging =
  (records: () => readonly Resource[]) =>
  ({ path, body }: SentRequest): Answer => {
    const record = records().find(({ id }) => path.includes(id));
    const { version, bump: _bump, ...edit } = body as { version: number; bump?: string[] };
    if (!record) return { status: 201, body: { resource: { ...room('New'), ...edit }, revision: 2 } };
    return {
      status: 200,
      body: { resource: { ...record, ...edit, version: version + 1 }, bumped: [], revision: 2 },
    };
  };

test('AA1 the area is shown to those who may do something there, and its pages are in the palette', () => {
  signInAs('viewer');
  const { unmount } = renderInKit(<Rail />);
  expect(screen.queryByRole('button', { name: 'Administration' })).toBeNull();
  unmount();
  expect(runAction('administration')).toBe(false);
  expect(runAction('administration.rooms')).toBe(false);
  renderInKit(<Administration />);
  expect(screen.getByText(/^Your role at this site can’t change anything here/)).toBeTruthy();
  act(() => signInAs('administrator'));
  showScreen('day');
  expect(runAction('administration.rooms')).toBe(true);
  expect(viewStore.getState().screen).toBe('administration');
  renderInKit(<Rail />);
  expect(screen.getByRole('button', { name: 'Administration' })).toBeTruthy();
  expect(screens).toContain('administration');
});

test('AA2 the list is sorted as people count, and searched, without retired rooms', () => {
  renderInKit(<Administration />);
  expect(rows()).toEqual(['OR 1', 'OR 2', 'OR 10']);
  const byName = within(screen.getByRole('columnheader', { name: 'Name' })).getByRole('button');
  fireEvent.click(byName);
  fireEvent.click(byName);
  expect(rows()).toEqual(['OR 10', 'OR 2', 'OR 1']);
  fireEvent.change(screen.getByLabelText('Search'), { target: { value: '10' } });
  expect(rows()).toEqual(['OR 10']);
  fireEvent.change(screen.getByLabelText('Search'), { target: { value: 'xyz' } });
  fireEvent.click(screen.getByRole('button', { name: 'Clear the search' }));
  fireEvent.click(screen.getByRole('switch', { name: 'Show retired' }));
  expect(rows()).toContain('Old OR · Retired');
});

test('AA2 it is one tab stop; arrows move, Space selects, Enter opens, and / and Insert work', () => {
  renderInKit(<Administration />);
  const all = screen.getAllByRole('row').filter(({ dataset }) => 'record' in dataset);
  expect(all.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
  act(() => all[0]?.focus());
  press('ArrowDown');
  expect(document.activeElement).toBe(row(/OR 2/));
  press(' ');
  expect(row(/OR 2/).getAttribute('aria-selected')).toBe('true');
  press('Enter');
  expect(screen.getByRole('region', { name: 'Edit OR 2' })).toBeTruthy();
  press('Escape');
  runAction('searchRecords');
  expect(document.activeElement).toBe(screen.getByLabelText('Search'));
  act(() => void runAction('addRecord'));
  expect(screen.getByRole('region', { name: 'New room' })).toBeTruthy();
});

test('AA2 the list shows that it is loading, empty or offline', () => {
  act(() => void loadBoard({ resources: [] }));
  renderInKit(<Administration />);
  expect(screen.getByText('None yet. Add the first one.')).toBeTruthy();
  act(() => setConnection({ status: 'offline', since: Date.parse(at('06:00')) }));
  expect(screen.getByText(/^Changes need the server. The list is as of/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(administrationStore.getState().open).toBeNull();
  expect(toastStore.getState().toasts).toHaveLength(1);
});

test('AA3 the contract refuses a wrong entry at its field before anything is sent, and so does the server', async () => {
  const sent = answerWith(() => ({
    status: 400,
    body: {
      type: 'about:blank',
      title: 'Invalid',
      status: 400,
      code: 'validation',
      detail: 'No.',
      errors: [{ field: 'attributes.service', reason: 'No such service.' }],
    },
  }));
  renderInKit(<Administration />);
  openForm(/OR 1 /);
  type('Name', ' ');
  type('Monday', 'noonish');
  save();
  expect(screen.getByText('Enter hours like 7-17.')).toBeTruthy();
  type('Monday', '17-7');
  save();
  expect(screen.getByText('Must not be empty.')).toBeTruthy();
  expect(document.activeElement).toBe(field('Name'));
  type('Name', 'OR 2');
  type('Monday', '7-17');
  save();
  expect(screen.getByText('OR 2 exists already.')).toBeTruthy();
  expect(sent).toEqual([]);
  type('Name', 'OR 1A');
  save();
  await screen.findByText('No such service.');
  expect(document.activeElement).toBe(field('Service'));
  expect(field('Name').value).toBe('OR 1A');
});

test('AA5 only changed fields are sent, a message confirms them, and undo changes them back', async () => {
  const sent = answerWith(obliging(() => [one, two, ten]));
  renderInKit(<Administration />);
  openForm(/OR 1 /);
  type('Suite', 'North');
  save();
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Edit OR 1' })).toBeNull());
  expect(sent.map(({ body }) => body)).toEqual([
    { version: 1, attributes: { area: 'North', service: 'Ortho' } },
  ]);
  expect(toastStore.getState().toasts.map(({ text }) => text)).toEqual(['Saved OR 1']);
  await act(() => undo());
  expect(sent[1]?.body).toEqual({ version: 2, attributes: { service: 'Ortho' } });
});

test('AA5 entries stay when the form loses its place, count as open work, and are gone with the person', () => {
  const { unmount } = renderInKit(<Administration />);
  openForm(/OR 1 /);
  type('Suite', 'North');
  fireEvent.click(row(/OR 2/));
  // On the record and on the page.
  expect(screen.getAllByRole('img', { name: 'Not saved yet' })).toHaveLength(2);
  unmount();
  expect(openWork()).toBe('form');
  renderInKit(<Administration />);
  openForm(/OR 1 /);
  expect(field('Suite').value).toBe('North');
  act(() => field('Suite').focus());
  press('Escape');
  expect(screen.getByText('Press Esc again to discard what you typed.')).toBeTruthy();
  press('Escape');
  expect(screen.queryByRole('region', { name: 'Edit OR 1' })).toBeNull();
  openForm(/OR 1 /);
  expect(field('Suite').value).toBe('');
  type('Suite', 'South');
  act(() => forgetPerson());
  expect(administrationStore.getState()).toMatchObject({ open: null, drafts: new Map() });
});

test('AA6 another person’s change comes into the form; a field that both changed names the other value', async () => {
  const sent = answerWith(obliging(() => [one, two, ten]));
  renderInKit(<Administration />);
  openForm(/OR 1 /);
  type('Suite', 'North');
  const theirs = { ...one, version: 2, attributes: { ...one.attributes, area: 'South', setupMinutes: 30 } };
  othersChange(theirs);
  expect(field('Suite').value).toBe('North');
  expect(field('Setup before a case, min').value).toBe('30');
  expect(screen.getByText(/^J. Diaz changed this to South/)).toBeTruthy();
  // A third change of something else keeps the mark.
  othersChange({ ...theirs, version: 3, name: 'OR 1B' }, null);
  expect(screen.getByText(/^J. Diaz changed this to South/)).toBeTruthy();
  expect(field('Name').value).toBe('OR 1B');
  save();
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toEqual({
    version: 3,
    attributes: { area: 'North', service: 'Ortho', setupMinutes: 30 },
  });
});

test('AA6 a stale version keeps the form; when the change has come, saving sends the newest version', async () => {
  const stale = { type: 'about:blank', title: 'Stale', status: 412, code: 'stale_version', detail: 'Stale.' };
  const sent = answerWith(({ body }) =>
    (body as { version: number }).version === 1
      ? { status: 412, body: stale }
      : obliging(() => [one])({ path: one.id, body, signal: undefined }),
  );
  renderInKit(<Administration />);
  openForm(/OR 1 /);
  type('Suite', 'North');
  save();
  await screen.findByText(/^Someone changed this at the same moment/);
  expect(field('Suite').value).toBe('North');
  othersChange({ ...one, version: 2, name: 'OR 1B' });
  expect(field('Name').value).toBe('OR 1B');
  save();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent[1]?.body).toMatchObject({ version: 2, attributes: { area: 'North' } });
});

test('AA8 several records are edited together: only changed fields are sent, and one undo takes all back', async () => {
  const sent = answerWith(obliging(() => [one, two, ten]));
  renderInKit(<Administration />);
  for (const name of ['OR 1', 'OR 10'])
    fireEvent.click(screen.getByRole('checkbox', { name: `Select ${name}` }));
  const all = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Select all' });
  const stateOfAll = () => [all.checked, all.indeterminate];
  expect(stateOfAll()).toEqual([false, true]);
  fireEvent.click(screen.getByRole('checkbox', { name: 'Select OR 2' }));
  expect(stateOfAll()).toEqual([true, false]);
  fireEvent.click(screen.getByRole('checkbox', { name: 'Select OR 2' }));
  fireEvent.click(screen.getByRole('button', { name: 'Edit 2 together' }));
  expect(screen.queryByLabelText('Name')).toBeNull();
  expect(field('Service').value).toBe('Ortho');
  type('Suite', 'North');
  save();
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
  const bodies = { version: 1, attributes: { area: 'North', service: 'Ortho' } };
  expect(sent.map(({ body }) => body)).toEqual([bodies, bodies]);
  expect(toastStore.getState().toasts.at(-1)?.text).toBe('Saved OR 1 and OR 10');
  await act(() => undo());
  expect(sent.slice(2).map(({ body }) => body)).toEqual([
    { version: 2, attributes: { service: 'Ortho' } },
    { version: 2, attributes: { service: 'Ortho' } },
  ]);
});

test('AA28 Alt with an arrow moves a room one place, and one undo takes the move back', async () => {
  const first = { ...ten, attributes: { ...ten.attributes, position: 1 } };
  const second = { ...one, attributes: { ...one.attributes, position: 2 } };
  const load = () => loadBoard({ resources: [two, second, first].map((each) => ({ ...each })) });
  load();
  const sent = answerWith(obliging(() => [first, two, second]));
  renderInKit(<Administration />);
  const move = (name: RegExp, key: string) => fireEvent.keyDown(row(name), { key, altKey: true });
  const positions = () =>
    sent.map(({ body }) => (body as { attributes: { position?: number } }).attributes.position);
  expect(rows()).toEqual(['OR 10', 'OR 1', 'OR 2']);
  act(() => row(/OR 2/).focus());
  move(/OR 2/, 'ArrowDown');
  move(/OR 2/, 'ArrowUp');
  // Not before the feed has brought the first move.
  move(/OR 2/, 'ArrowUp');
  await waitFor(() => expect(toastStore.getState().toasts).toHaveLength(1));
  expect(positions()).toEqual([2, 3]);
  await act(() => undo());
  expect(positions().slice(2)).toEqual([undefined, 2]);

  act(() => {
    load();
  });
  const sortByOrder = within(screen.getByRole('columnheader', { name: /Order/ })).getByRole('button');
  fireEvent.click(sortByOrder);
  move(/OR 2/, 'ArrowUp');
  fireEvent.click(sortByOrder);
  act(() => row(/OR 10/).focus());
  move(/OR 10/, 'ArrowDown');
  // The third room gets its first number.
  await waitFor(() => expect(positions().slice(4)).toEqual([1, 2, 3]));
});

test('AA7 what no decision moves is listed, and nothing is sent again', async () => {
  const inUse = {
    type: 'about:blank',
    title: 'In use',
    status: 409,
    code: 'in_use',
    detail: 'OR 1 can’t be retired. Change or remove the closures first.',
    blockers: [
      { kind: 'closure', resourceId: one.id, start: at('10:00'), end: at('11:00'), reason: 'Cleaning' },
    ],
  };
  const sent = answerWith(() => ({ status: 409, body: inUse }));
  renderInKit(<Administration />);
  const form = openForm(/OR 1 /);
  fireEvent.click(within(form).getByRole('button', { name: 'Retire' }));
  const list = await within(form).findByRole('region', { name: '1 in the way' });
  expect(list.textContent).toContain('10:00–11:00: closed, Cleaning');
  expect(list.textContent).toContain('Change or remove the closures first.');
  expect(within(list).queryByRole('button')).toBeNull();
  expect(sent.map(({ path }) => path.split('/').at(-1))).toEqual([one.id, 'cases-in-the-way']);
});

test('AA4 a range adds one room for each name', async () => {
  const sent = answerWith(obliging(() => []));
  renderInKit(<Administration />);
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  type('Name', 'Day 1–2');
  expect(screen.getByText('Adds 2: Day 1 and Day 2')).toBeTruthy();
  save();
  await waitFor(() => expect(sent).toHaveLength(2));
  expect(sent.map(({ body }) => (body as Resource).name)).toEqual(['Day 1', 'Day 2']);
  await waitFor(() => expect(administrationStore.getState().open).toBeNull());
  forgetAdminDrafts();
});
