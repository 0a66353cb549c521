import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signInAs } from '../../../../../../test/signed-in.ts';
import { connectionStore } from '../../../stores/connection.ts';
import { usePolled } from './use-polled.ts';

beforeEach(() => {
  vi.useFakeTimers();
  signInAs('administrator');
  connectionStore.setState({ connection: { status: 'live', lagMs: 0 } });
});
afterEach(() => vi.useRealTimers());

test('AA21 a list that takes longer than the pause between two loads is shown, and then loaded again', async () => {
  let loads = 0;
  const read = () => {
    const reply = [`load ${++loads}`];
    return new Promise<{ kind: 'done'; reply: string[] }>((resolve) =>
      setTimeout(() => resolve({ kind: 'done', reply }), 25_000),
    );
  };
  const { result } = renderHook(() => usePolled(read));
  // React runs effects at the end of each act.
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed++) await act(() => vi.advanceTimersByTimeAsync(1_000));
  };
  await pass(25);
  expect(result.current.items).toEqual(['load 1']);
  // A minute after the first load began, and 25 s for the second one.
  await pass(61);
  expect(result.current.items).toEqual(['load 2']);
});
