import {
  knee,
  there,
  hospital,
  log,
  setUpQueue,
  openDesk,
  goOffline,
  comeBack,
  undoLast,
  openRequests,
  states,
  saved,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { waitFor, act } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { at } from '../../../../test/small-board.ts';
import { choicesFor } from './decide.ts';
import { moveTo } from './move.ts';

vi.setConfig({ testTimeout: 30_000 });

setUpQueue();

test('QU9 undo takes back a request that was not sent, and says why it cannot take back one that was', async () => {
  await act(() => moveTo(knee, there));
  await undoLast();
  expect(openRequests()).toEqual([]);
  expect(toasts()).toContain('Taken back, not sent: Move Knee to OR 2 14:00');
  expect(saved()).toEqual(['asked', 'closed']);
  await act(() => moveTo(knee, there));
  const [request] = openRequests();
  const id = request?.request.id ?? '';
  openDesk([...log, { type: 'sending', id, n: 1, at: at('06:00') }]);
  await undoLast();
  expect(openRequests()).toHaveLength(1);
  expect(toasts().at(-1)).toMatch(/^Move Knee to OR 2 14:00: this was already sent and may have been done/);
});

test('QU12 a request that may have been done is not taken back: the person can only stop waiting', async () => {
  comeBack();
  hospital.answers.push('unreachable', 'unreachable');
  const moving = moveTo(knee, there);
  await waitFor(() => expect(saved()).toEqual(['asked']));
  goOffline();
  await act(() => moving);
  openDesk(log.filter(({ type }) => type === 'asked'));
  expect(openRequests().map(({ state, n }) => [state, n])).toEqual([['queued', null]]);
  const choices = openRequests().flatMap(choicesFor);
  expect(choices.map(({ kind }) => kind)).toEqual(['stop']);
  await act(() => choices[0]?.run());
  expect(states()).toEqual(['expired']);
});
