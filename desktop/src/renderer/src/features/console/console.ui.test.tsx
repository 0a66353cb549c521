import { answerWith } from '../../../../../test/answering.ts';
import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { signInAs } from '../../../../../test/signed-in.ts';
import { aResource, date, loadBoard } from '../../../../../test/small-board.ts';
import { setConnection } from '../../stores/connection.ts';
import { viewStore } from '../../stores/view.ts';
import { Console } from './console.tsx';

beforeEach(() => {
  Object.assign(window, { innerWidth: 1600 });
  answerWith(() => 'unreachable');
  signInAs('coordinator');
  setConnection({ status: 'live', lagMs: 100 });
  loadBoard({ resources: [aResource('room', 'OR 1')] });
  viewStore.setState({ date, screen: 'day', selectedId: null, isDepotOpen: true, isInspectorOpen: true });
});

test('every region is a landmark with a name, in Tab order', () => {
  renderInKit(<Console />);
  const landmarks = [
    screen.getByRole('banner'),
    screen.getByRole('navigation', { name: 'Areas' }),
    screen.getByRole('complementary', { name: 'Depot' }),
    screen.getByRole('main', { name: 'Board' }),
    screen.getByRole('contentinfo'),
  ];
  expect(landmarks.filter((each) => !each.getAttribute('aria-label'))).toEqual([]);
  const inPage = landmarks.toSorted((a, b) =>
    a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
  expect(inPage).toEqual(landmarks);
});

test('the first Tab stop skips to the board', () => {
  const { container } = renderInKit(<Console />);
  const first = container.querySelector<HTMLElement>('button, a, input, [tabindex="0"]');
  expect(first?.textContent).toBe('Skip to the board');
  if (first) fireEvent.click(first);
  expect(document.activeElement?.getAttribute('role')).toBe('grid');
});

test('the rail leads to each area and marks the current one', () => {
  renderInKit(<Console />);
  const board = screen.getByRole('button', { name: 'Board' });
  expect(board.getAttribute('aria-current')).toBe('page');
  fireEvent.click(screen.getByRole('button', { name: 'Equipment & beds' }));
  expect(viewStore.getState().screen).toBe('pools');
  expect(board.getAttribute('aria-current')).toBeNull();
  expect(screen.getByRole('main', { name: 'Equipment and beds' })).toBeTruthy();
});

test('the side panels close', () => {
  renderInKit(<Console />);
  expect(screen.getAllByRole('complementary')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: /^Depot, / }));
  expect(screen.queryByRole('complementary', { name: 'Depot' })).toBeNull();
  act(() => viewStore.setState({ isInspectorOpen: false }));
  expect(screen.queryAllByRole('complementary')).toEqual([]);
});

test('both side panels start closed in a narrow window', () => {
  Object.assign(window, { innerWidth: 1000 });
  renderInKit(<Console />);
  expect(viewStore.getState()).toMatchObject({ isDepotOpen: false, isInspectorOpen: false });
});
