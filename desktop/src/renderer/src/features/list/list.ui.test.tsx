import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, date, loadBoard } from '../../../../../test/small-board.ts';
import { viewStore } from '../../stores/view.ts';
import { CaseList } from './list.tsx';

const [room2, room10] = [aResource('room', 'OR 2'), aResource('room', 'OR 10')];
const knee = aCase(room10, '08:00', 60, { title: 'Knee', urgency: 'elective', patientRef: 'DEMO-1' });
const hip = aCase(room2, '09:00', 60, { title: 'Hip', urgency: 'immediate' });
const eye = aCase(room2, '10:00', 60, {
  title: 'Eye',
  state: 'cancelled',
  reason: 'Fever',
  urgency: 'urgent',
});
const show = (cases = [knee, hip, eye]) => act(() => void loadBoard({ resources: [room10, room2], cases }));

// The test page has no height of its own, and only visible rows are drawn.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1200);
  signInAs('coordinator');
  viewStore.setState({ date, screen: 'list', selectedId: null, isInspectorOpen: false });
});
afterEach(() => vi.restoreAllMocks());

const rows = () => screen.getAllByRole('row').filter(({ dataset }) => 'case' in dataset);
const titles = () => rows().map((row) => within(row).getAllByRole('gridcell')[3]?.textContent);
const head = (name: string) => screen.getByRole('columnheader', { name });
const sortBy = (name: string) => fireEvent.click(within(head(name)).getByRole('button'));

test('the list is sorted by time until the person presses a column', () => {
  show();
  renderInKit(<CaseList />);
  expect(titles()).toEqual(['Knee', 'Hip', 'Eye']);
  expect(head('Time').getAttribute('aria-sort')).toBe('ascending');
  sortBy('Procedure');
  expect(titles()).toEqual(['Eye', 'Hip', 'Knee']);
  expect(head('Procedure').getAttribute('aria-sort')).toBe('ascending');
  expect(head('Time').getAttribute('aria-sort')).toBe('none');
  sortBy('Procedure');
  expect(titles()).toEqual(['Knee', 'Hip', 'Eye']);
  expect(head('Procedure').getAttribute('aria-sort')).toBe('descending');
});

test('rooms sort by their numbers, and urgencies by rank', () => {
  show();
  renderInKit(<CaseList />);
  sortBy('Room');
  expect(titles()).toEqual(['Hip', 'Eye', 'Knee']);
  sortBy('Urgency');
  expect(titles()).toEqual(['Hip', 'Eye', 'Knee']);
});

test('a cancelled case is struck through and says why', () => {
  show();
  renderInKit(<CaseList />);
  const row = rows()[2];
  expect(row?.querySelector('s')?.textContent).toBe('Eye');
  expect(row?.textContent).toContain('Cancelled: Fever');
});

test('the list is one tab stop, the arrow keys move through it, and Enter opens a case', () => {
  show();
  renderInKit(<CaseList />);
  expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
  act(() => rows()[0]?.focus());
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) {
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
  }
  expect(document.activeElement).toBe(rows()[1]);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Enter' });
  expect(viewStore.getState()).toMatchObject({ selectedId: hip.id, isInspectorOpen: true });
  expect(rows()[1]?.getAttribute('aria-selected')).toBe('true');
});

test('the focus stays on its case when the order changes', () => {
  show();
  renderInKit(<CaseList />);
  act(() => rows()[0]?.focus());
  sortBy('Procedure');
  expect(rows().map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, 0]);
});

test('the list groups cases under their rooms', () => {
  show();
  renderInKit(<CaseList />);
  fireEvent.click(screen.getByRole('switch', { name: 'Group by room' }));
  const all = screen.getAllByRole('row').slice(1);
  expect(all.map(({ textContent }) => textContent?.slice(0, 8))).toEqual([
    expect.stringContaining('OR 2'),
    '09:00–10',
    '10:00–11',
    expect.stringContaining('OR 10'),
    '08:00–09',
  ]);
});

test('the list draws only visible cases, and counts all', () => {
  show(Array.from({ length: 1000 }, () => aCase(room2, '09:00', 60)));
  renderInKit(<CaseList />);
  expect(rows().length).toBeLessThan(60);
  expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('1001');
  expect(screen.getByText('1000 cases')).toBeTruthy();
});

test('the patient column is hidden without the permission to see patients', () => {
  show();
  const { unmount } = renderInKit(<CaseList />);
  expect(screen.getByText('DEMO-1')).toBeTruthy();
  unmount();
  signInAs('wall');
  renderInKit(<CaseList />);
  expect(screen.queryByRole('columnheader', { name: 'Patient' })).toBeNull();
  expect(screen.queryByText('DEMO-1')).toBeNull();
});

test('an empty day and a filter without matches say so', () => {
  show([]);
  renderInKit(<CaseList />);
  expect(screen.getByText('No cases on this day.')).toBeTruthy();
  show();
  fireEvent.change(screen.getByRole('textbox', { name: 'Filter' }), { target: { value: 'xyz' } });
  expect(screen.getByText(/No cases on this day match the filter/)).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
  expect(rows()).toHaveLength(3);
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Filter' }));
});
