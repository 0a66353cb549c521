import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aCase, aResource, at, loadBoard } from '../../../../../test/small-board.ts';
import { clearBoard, failBoard } from '../../realtime/write-board.ts';
import { dialogStore } from '../../stores/dialogs.ts';
import { viewStore } from '../../stores/view.ts';
import { depotWords } from '../../words/depot.ts';
import { Depot } from './depot.tsx';

const room = aResource('room', 'OR 1');
const haddad = aResource('surgeon', 'Haddad A');
const arm = aResource('equipment', 'C-arm', { capacity: 4 });
const waiting = (title: string, more: object = {}) => ({
  ...aCase(room, '08:00', 60, { title, state: 'depot', ...more }),
  roomId: null,
  start: null,
  end: null,
});
const hip = waiting('Hip', { urgency: 'elective', dueBy: at('06:00', '2026-12-01'), service: 'Orthopedics' });
const appendix = waiting('Appendix', {
  urgency: 'immediate',
  dueBy: at('05:00'),
  service: 'General Surgery',
});
const fracture = waiting('Fracture', {
  urgency: 'urgent',
  dueBy: at('09:00'),
  minutes: 80,
  surgeonId: haddad.id,
  service: 'Orthopedics',
  equipment: [{ resourceId: arm.id, quantity: 2 }],
});
const resources = [room, haddad, arm];
const show = (depot: (typeof hip)[]) => act(() => void loadBoard({ resources, depot }));

const cards = () => within(screen.getByRole('list', { name: /most urgent first/ })).getAllByRole('button');
const titles = () => cards().map((card) => card.textContent);
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

beforeEach(() => {
  signInAs('coordinator');
  act(() => clearBoard());
  viewStore.setState({ selectedId: null, isInspectorOpen: false });
});

test('the depot lists the most urgent case first, with its due time and its needs', () => {
  show([hip, fracture, appendix]);
  renderInKit(<Depot />);
  expect(titles()).toEqual([
    expect.stringMatching(/^◆ Appendix.*Immediate · overdue 1 h/),
    expect.stringMatching(/^▲ Fracture.*Urgent · due in 3 h80 min · Haddad A · 2 × C-arm$/),
    expect.stringMatching(/^Hip.*Elective · due in 11 days/),
  ]);
  expect(screen.getByRole('heading', { name: /Depot · 3 to place/ })).toBeTruthy();
});

test('CO11 a change renders only its own card', () => {
  const items = Array.from({ length: 50 }, (_, number) => waiting(`Case ${number}`));
  show(items);
  renderInKit(<Depot />);
  const rendered = vi.spyOn(depotWords, 'due');
  show([...items, fracture]);
  expect(titles()).toHaveLength(51);
  expect(rendered.mock.calls.length).toBeGreaterThan(0);
  expect(rendered.mock.calls.length).toBeLessThan(50);
  rendered.mockRestore();
});

test('a depot that could not be loaded does not say that it is loading', () => {
  renderInKit(<Depot />);
  expect(screen.getByRole('status', { name: 'The depot is loading.' })).toBeTruthy();
  act(() => failBoard('unreachable'));
  expect(screen.queryByRole('status', { name: 'The depot is loading.' })).toBeNull();
  expect(screen.getByText(/Can’t load the depot/)).toBeTruthy();
});

test('the depot is one tab stop, and the arrow keys move through it', () => {
  show([hip, fracture, appendix]);
  renderInKit(<Depot />);
  expect(cards().map((card) => card.tabIndex)).toEqual([0, -1, -1]);
  act(() => cards()[0]?.focus());
  press('ArrowDown');
  press('ArrowDown');
  press('ArrowDown');
  expect(document.activeElement).toBe(cards()[2]);
  press('Home');
  expect(document.activeElement).toBe(cards()[0]);
  expect(cards().map((card) => card.tabIndex)).toEqual([0, -1, -1]);
});

test('the focus stays on its case when a more urgent one arrives', () => {
  show([hip, fracture]);
  renderInKit(<Depot />);
  act(() => cards()[0]?.focus());
  show([hip, fracture, appendix]);
  expect(document.activeElement?.textContent).toContain('Fracture');
  expect(cards().map((card) => card.tabIndex)).toEqual([-1, 0, -1]);
});

test('a case opens in the inspector', () => {
  show([hip, fracture]);
  renderInKit(<Depot />);
  const [first] = cards();
  if (first) fireEvent.click(first);
  expect(viewStore.getState()).toMatchObject({ selectedId: fracture.id, isInspectorOpen: true });
  expect(first?.dataset['case']).toBe(fracture.id);
  expect(first?.getAttribute('aria-current')).toBe('true');
});

test('the filter matches words and a service, and can be cleared', () => {
  const more = ['A', 'B', 'C'].map((title) => waiting(title, { service: 'Urology' }));
  show([hip, fracture, appendix, ...more]);
  renderInKit(<Depot />);
  const filter = screen.getByRole('textbox', { name: 'Filter' });
  fireEvent.change(filter, { target: { value: 'haddad' } });
  expect(titles()).toHaveLength(1);
  fireEvent.change(filter, { target: { value: '' } });
  fireEvent.change(screen.getByRole('combobox', { name: 'Service' }), { target: { value: 'Urology' } });
  expect(titles()).toHaveLength(3);
  fireEvent.change(filter, { target: { value: 'haddad' } });
  fireEvent.click(screen.getByRole('button', { name: 'Clear the filter' }));
  expect(titles()).toHaveLength(6);
  expect(document.activeElement).toBe(filter);
});

test('an empty depot says so, and a case can be added', () => {
  renderInKit(<Depot />);
  expect(screen.getByRole('status', { name: 'The depot is loading.' })).toBeTruthy();
  show([]);
  expect(screen.getByText('No cases waiting.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Add a case' }));
  expect(dialogStore.getState().dialog).toEqual({ kind: 'edit', caseId: null });
});

test('a viewer cannot add a case', () => {
  signInAs('viewer');
  show([hip]);
  renderInKit(<Depot />);
  expect(screen.queryByRole('button', { name: 'Add a case' })).toBeNull();
});
