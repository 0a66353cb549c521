import {
  room1,
  room2,
  knee,
  hip,
  freePlace,
  hospital,
  setUpQueue,
  delayAnswer,
  reconnect,
  openRequests,
  states,
  toasts,
} from '../../../../test/queue-at-desk.ts';
import { waitFor, act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { refused } from '../../../../test/refused.ts';
import { at, typed } from '../../../../test/small-board.ts';
import { dialogStore } from '../stores/dialogs.ts';
import { cancelCase } from './case.ts';
import { choicesFor, fittingNow, retryAllThatFit } from './decide.ts';
import { holdAt } from './hold.ts';
import { moveTo } from './move.ts';

setUpQueue();

test('QU12 a request that needs a reason asks for it', async () => {
  await act(() => moveTo(knee, freePlace));
  const errors = [{ field: 'overrideReason', reason: 'After hours.' }];
  hospital.answers.push(refused('validation', 400, { errors }));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict']));
  const [choice] = openRequests().flatMap(choicesFor);
  expect(choice).toMatchObject({ kind: 'retry', label: 'Give a reason' });
  await act(() => choice?.run());
  const { dialog } = dialogStore.getState();
  if (dialog?.kind !== 'reason') throw new Error('No reason is asked for.');
  expect(dialog.cautions).toEqual(['After hours.']);
  act(() => dialog.submit(typed('It cannot wait')));
  await waitFor(() => expect(states()).toEqual(['done']));
  expect(hospital.sent.at(-1)?.body).toMatchObject({ overrideReason: 'It cannot wait' });
});

test('QU12 a refused request can be sent again, at another time, to the depot, or discarded, and each choice says its effect', async () => {
  await act(() => holdAt(freePlace, { title: 'Bunion' }));
  await act(() => holdAt({ ...freePlace, roomId: room1.id }, { title: 'Toe' }));
  const elsewhere = { roomId: room1.id, start: at('16:00'), end: at('17:00') };
  hospital.answers.push(
    refused('slot_taken', 409, { alternatives: [elsewhere] }),
    refused('slot_taken', 409),
  );
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict', 'conflict']));
  const [first, second] = openRequests();
  if (!first || !second) throw new Error('Nothing is to be decided.');
  expect(choicesFor(first).map(({ kind, label }) => [kind, label])).toEqual([
    ['retry', 'Send again'],
    ['alternative', 'OR 1 16:00–17:00'],
    ['depot', 'To the depot'],
    ['discard', 'Discard'],
  ]);
  expect(choicesFor(first)[1]?.does).toBe('Requests this time instead: Hold OR 1 16:00–17:00.');
  await act(() => choicesFor(first)[1]?.run());
  await waitFor(() => expect(hospital.sent).toHaveLength(3));
  expect(hospital.sent[2]).toMatchObject({
    command: 'hold',
    body: { roomId: room1.id, start: at('16:00'), title: 'Bunion' },
  });
  await act(() => choicesFor(second)[1]?.run());
  await waitFor(() => expect(hospital.sent).toHaveLength(4));
  expect(hospital.sent[3]).toMatchObject({ command: 'add', body: { title: 'Toe' } });
  await act(() => choicesFor(first)[0]?.run());
  expect(hospital.sent).toHaveLength(4);
});

test('QU12 requests that depend on a refused one are discarded with it, or sent when it is retried', async () => {
  await act(() => moveTo(knee, freePlace));
  await act(() => cancelCase(knee, typed('Fever')));
  hospital.answers.push(refused('slot_taken', 409));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict', 'blocked']));
  const [move] = openRequests();
  if (!move) throw new Error('Nothing is to be decided.');
  expect(choicesFor(move).at(-1)?.does).toBe(
    'Nothing is sent, and the board stays as it is. Also discarded: “Cancel Knee”.',
  );
  expect(hospital.sent).toHaveLength(1);
  await act(() => choicesFor(move)[0]?.run());
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  expect(hospital.sent.map(({ command }) => command)).toEqual(['move', 'move', 'cancel']);
});

test('QU13 all requests that fit now are sent again together, without a second one that collides', async () => {
  const same = { roomId: room2.id, start: at('14:30'), end: at('15:30') };
  await act(() => moveTo(knee, freePlace));
  await act(() => moveTo(hip, same));
  hospital.answers.push(refused('slot_taken', 409), refused('slot_taken', 409));
  reconnect();
  await waitFor(() => expect(states()).toEqual(['conflict', 'conflict']));
  expect(fittingNow().map(({ request }) => request.title)).toEqual(['Move Knee to OR 2 14:00']);
  await act(async () => void (await retryAllThatFit()));
  await waitFor(() => expect(states()).toEqual(['conflict', 'done']));
});

/** Sends a move, and stops waiting for its answer. `answer` lets the answer arrive. */
async function stoppedMove() {
  const { release } = delayAnswer('moveCase');
  await act(() => moveTo(knee, freePlace));
  await act(() => cancelCase(knee, typed('Fever')));
  reconnect();
  await waitFor(() => expect(hospital.sent).toHaveLength(1));
  expect(states()).toEqual(['sending', 'queued']);
  const choice = (kind: string) =>
    openRequests()
      .slice(0, 1)
      .flatMap(choicesFor)
      .find((each) => each.kind === kind);
  await act(() => choice('stop')?.run());
  expect(states()).toEqual(['expired', 'blocked']);
  const answer = () =>
    act(() => {
      release();
      return Promise.resolve();
    });
  return { choice, answer };
}

test('QU17 an answer after the person has stopped waiting counts, and unblocks the dependent requests', async () => {
  const { answer } = await stoppedMove();
  await answer();
  await waitFor(() => expect(states()).toEqual(['done', 'done']));
  expect(hospital.sent.map(({ command }) => command)).toEqual(['move', 'cancel']);
});

test.each(['retry', 'discard'])(
  'QU17 a decision to %s waits for an answer that is under way',
  async (kind) => {
    const { choice, answer } = await stoppedMove();
    const deciding = choice(kind)?.run();
    await answer();
    await act(() => deciding ?? Promise.resolve());
    await waitFor(() => expect(states()).toEqual(['done', 'done']));
    expect(hospital.sent.map(({ command }) => command)).toEqual(['move', 'cancel']);
    expect(toasts()).toContain('Move Knee to OR 2 14:00: this request was already answered or decided.');
  },
);

test('QU17 discarding a request that may have been done says so', async () => {
  const { choice, answer } = await stoppedMove();
  expect(choice('discard')?.does).toBe(
    'It is not sent again. It may have been done: check the board. Also discarded: “Cancel Knee”.',
  );
  await answer();
});
