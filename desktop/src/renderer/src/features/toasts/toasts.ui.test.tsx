import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInKit } from '../../../../../test/in-kit.tsx';
import { toast, toastStore } from '../../stores/toasts.ts';
import { Toasts } from './toasts.tsx';

beforeEach(() => {
  vi.useFakeTimers();
  toastStore.setState({ toasts: [] });
});
afterEach(() => vi.useRealTimers());

const advance = (ms: number) => act(() => void vi.advanceTimersByTime(ms));
const showToast = (...input: Parameters<typeof toast>) => act(() => toast(...input));
const region = () => screen.getByRole('region', { name: 'Recent actions' });

test('a toast disappears after 8 seconds', () => {
  renderInKit(<Toasts />);
  showToast('Moved Hip');
  advance(7_900);
  expect(screen.queryByText('Moved Hip')).not.toBeNull();
  advance(200);
  expect(screen.queryByText('Moved Hip')).toBeNull();
});

test('a toast waits while it has the pointer or the focus', () => {
  renderInKit(<Toasts />);
  showToast('Moved Hip', { undo: vi.fn<() => void>() });
  advance(5_000);
  fireEvent.pointerEnter(region());
  advance(60_000);
  fireEvent.pointerLeave(region());
  advance(2_000);
  act(() => screen.getByRole('button', { name: 'Undo' }).focus());
  advance(60_000);
  expect(screen.queryByText('Moved Hip')).not.toBeNull();
  act(() => screen.getByRole('button', { name: 'Undo' }).blur());
  advance(900);
  expect(screen.queryByText('Moved Hip')).not.toBeNull();
  advance(200);
  expect(screen.queryByText('Moved Hip')).toBeNull();
});

test('an important toast stays until the person dismisses it', () => {
  renderInKit(<Toasts />);
  showToast('The server did not answer', { stays: true });
  advance(600_000);
  expect(screen.getByRole('alert').textContent).toContain('The server did not answer');
  fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(toastStore.getState().toasts).toEqual([]);
});

test('there are at most three toasts, and important ones stay', () => {
  renderInKit(<Toasts />);
  showToast('stays', { stays: true });
  for (const text of ['one', 'two', 'three']) showToast(text);
  expect(toastStore.getState().toasts.map(({ text }) => text)).toEqual(['stays', 'two', 'three']);
});

test('undo runs once and removes its toast; the key is shown on the latest undo', () => {
  const [first, second] = [vi.fn<() => void>(), vi.fn<() => void>()];
  renderInKit(<Toasts />);
  showToast('first', { undo: first });
  showToast('second', { undo: second });
  const [older, newer] = screen.getAllByRole('button', { name: 'Undo' });
  expect(older?.getAttribute('aria-keyshortcuts')).toBeNull();
  expect(newer?.getAttribute('aria-keyshortcuts')).toMatch(/\+Z$/);
  if (newer) fireEvent.click(newer);
  expect(second).toHaveBeenCalledOnce();
  expect(first).not.toHaveBeenCalled();
  expect(screen.queryByText('second')).toBeNull();
  // The focus left with the pressed button. The other toast must still disappear in time.
  advance(8_100);
  expect(screen.queryByText('first')).toBeNull();
});

test('dismissing a toast by key returns the focus', () => {
  renderInKit(
    <>
      <button type="button">Where I was</button>
      <Toasts />
    </>,
  );
  const before = screen.getByRole('button', { name: 'Where I was' });
  act(() => before.focus());
  showToast('The server did not answer', { stays: true });
  const dismiss = screen.getByRole('button', { name: 'Dismiss' });
  act(() => dismiss.focus());
  fireEvent.click(dismiss);
  expect(document.activeElement).toBe(before);
});
