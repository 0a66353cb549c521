import type { QueuedRequest, QueueRecord, QueueResult } from '../src/queue.ts';

/** The id of a numbered request. */
export const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const at = '2026-11-30T09:42:00.000Z';

export const requestOf = (index: number, request: Partial<QueuedRequest> = {}): QueuedRequest => ({
  id: idOf(index),
  command: 'moveCase',
  params: {},
  body: {},
  title: `Request ${index}`,
  kind: 'claim',
  madeAt: at,
  boardAt: at,
  cases: [],
  dependsOn: [],
  wasSent: false,
  replaces: null,
  ...request,
});
export const asked = (index: number, request: Partial<QueuedRequest> = {}): QueueRecord => ({
  type: 'asked',
  request: requestOf(index, request),
});
export const sending = (index: number, n = index): QueueRecord => ({
  type: 'sending',
  id: idOf(index),
  n,
  at,
});
export const answered = (index: number, result: QueueResult): QueueRecord => ({
  type: 'answered',
  id: idOf(index),
  at,
  result,
});
export const done = (index: number, cases: { id: string; version: number }[] = []): QueueRecord =>
  answered(index, { kind: 'done', cases });
export const refused = (index: number): QueueRecord =>
  answered(index, {
    kind: 'refused',
    problem: { type: 'about:blank', title: 'Taken', status: 409, code: 'slot_taken', detail: 'It is taken.' },
  });
export const expired = (index: number, why: 'age' | 'past' | 'unknown' = 'age'): QueueRecord =>
  answered(index, { kind: 'expired', why });
export const closed = (index: number, how: 'seen' | 'removed' | 'discarded' = 'seen'): QueueRecord => ({
  type: 'closed',
  id: idOf(index),
  how,
});
/** The records of a request that was sent, done and seen. */
export const settled = (index: number): QueueRecord[] => [
  asked(index),
  sending(index),
  done(index),
  closed(index),
];
