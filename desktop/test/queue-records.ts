import type { QueueRecord } from '@slate/shared/queue';

/** Ids of a numbered request. */
export const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const at = '2026-11-30T09:42:00.000Z';

export const asked = (
  index: number,
  {
    title = `Request ${index}`,
    body = {},
    replaces = null,
  }: { title?: string; body?: object; replaces?: string | null } = {},
): QueueRecord => ({
  type: 'asked',
  request: {
    id: idOf(index),
    command: 'moveCase',
    params: {},
    body: body as Record<string, string>,
    title,
    kind: 'claim',
    madeAt: at,
    boardAt: at,
    cases: [],
    dependsOn: [],
    wasSent: false,
    replaces,
  },
});
export const sending = (index: number): QueueRecord => ({ type: 'sending', id: idOf(index), n: index, at });
export const done = (index: number): QueueRecord => ({
  type: 'answered',
  id: idOf(index),
  at,
  result: { kind: 'done', cases: [] },
});
export const closed = (index: number, how: 'seen' | 'removed' | 'discarded' = 'seen'): QueueRecord => ({
  type: 'closed',
  id: idOf(index),
  how,
});
/** Asked for, sent, done and seen: no longer needed. */
export const settled = (index: number): QueueRecord[] => [
  asked(index),
  sending(index),
  done(index),
  closed(index),
];
