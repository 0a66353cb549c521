import { createQueue, mayBeDone } from '@slate/shared/queue';
import type { Queue, QueueRecord, Requested } from '@slate/shared/queue';
import { defaultSettings } from '@slate/shared/sites';
import { createStore } from 'zustand/vanilla';
import { shell } from '../shell/shell.ts';
import { deskWords } from '../words/desk.ts';
import { boardStore } from './board.ts';
import { deskNow, deskStore } from './desk.ts';
import type { Trouble } from './desk.ts';
import { sessionStore } from './session.ts';

type QueueOfDesk = {
  /** Changes in place, so every change of the store may be a change of the queue. */
  readonly queue: Queue;
  readonly trouble: Trouble | null;
};

const queueFrom = (records: readonly QueueRecord[]): QueueOfDesk => ({
  queue: createQueue(records),
  trouble: null,
});

/** The requests of the open desk. Without a desk they are only in memory, and the console does not call them saved. */
export const queueStore = createStore<QueueOfDesk>(() => queueFrom([]));
export const setTrouble = (trouble: Trouble | null) => queueStore.setState({ trouble });
export const queueNow = (): Queue => queueStore.getState().queue;

// Not a service: the queue must never show the requests of another desk, not even for a moment.
deskStore.subscribe(({ desk }, before) => {
  const unsaved = before.desk ? [] : queueNow().records;
  queueStore.setState(queueFrom(desk?.records ?? []));
  // Commands without an answer from before the desk was opened. If they cannot be saved, no answer comes.
  if (desk && unsaved.length > 0) void appendToQueue(unsaved).catch(() => {});
});

/** Forgets the requests that are only in memory. The queue of a desk goes when the desk is dropped. */
export function forgetUnsavedQueue() {
  if (!deskNow()) queueStore.setState(queueFrom([]));
}

/** The bridge takes at most this many records at a time. */
const maxBatch = 100;
let saving: Promise<unknown> = Promise.resolve();

/**
 * Appends records to the log of the open desk. Resolves with their number when they are saved, and shows them only then.
 * Rejects with a sentence for the person if they cannot be saved. A function is called when everything before is saved, so it
 * sees the queue as it is then. Records that were not written when their person left are rejected: they must not get into
 * the log of the next person.
 */
export function appendToQueue(
  records: readonly QueueRecord[] | (() => readonly QueueRecord[]),
): Promise<number> {
  const desk = deskNow();
  const owner = ownerNow();
  const saved = saving.then(() => {
    if ((desk && deskNow() !== desk) || ownerNow() !== owner) throw new Error(deskWords.left);
    return save(typeof records === 'function' ? records() : records);
  });
  saving = saved.catch(() => {});
  return saved;
}

/** The person who works here, and the site. */
function ownerNow(): string | null {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? `${session.me.id} ${session.site.id}` : null;
}

/** Resolves when everything that was appended before is saved, or could not be. */
export const untilSaved = () => saving;

async function save(records: readonly QueueRecord[]): Promise<number> {
  const desk = deskNow();
  for (let from = 0; from < records.length; from += maxBatch) {
    const batch = records.slice(from, from + maxBatch);
    if (desk) await shell.appendToLog(batch);
    // The desk was closed: the records are in its log, and are shown when it is opened again.
    if (deskNow() !== desk) break;
    const { queue } = queueStore.getState();
    for (const record of batch) queue.apply(record);
    queueStore.setState({ queue });
  }
  return records.length;
}

export const requestNow = (id: string): Requested | undefined => queueNow().requests.get(id);

export const isWaiting = ({ state, closed }: Requested) =>
  closed === null && (state === 'queued' || state === 'sending');
/** It has no answer yet: the board draws it as requested. */
export const isUnanswered = ({ state, closed }: Requested) =>
  closed === null && (state === 'queued' || state === 'sending' || state === 'blocked');
/** It may have been done, and no answer is expected. */
export const isUnknown = ({ result, closed }: Requested) =>
  closed === null && result?.kind === 'expired' && result.why === 'unknown';
/** It is not sent until the person decides. */
export const needsDecision = ({ state, closed }: Requested) =>
  closed === null && (state === 'conflict' || state === 'expired' || state === 'blocked');

/** Counts the requests that are not closed. */
export function countOpen({ counts }: Pick<Queue, 'counts'>) {
  const { done, queued, sending, conflict, blocked, expired } = counts;
  return { done, waiting: queued + sending, undecided: conflict + blocked + expired };
}

/** Whether a request waits to be sent. */
export const isQueueBusy = () => countOpen(queueNow()).waiting > 0;

/** After so many hours, the site allows no request to be sent. */
export const queueHoursNow = (): number =>
  (boardStore.getState().view?.board.site.settings ?? defaultSettings).queueHours;

/** Why a request cannot be taken back; null: it can. */
export function whyNotTakenBack(requested: Requested): 'sent' | 'answered' | 'needed' | null {
  if (requested.result !== null || requested.closed !== null) return 'answered';
  if (mayBeDone(requested)) return 'sent';
  return queueNow().dependentsOf(requested.request.id).length > 0 ? 'needed' : null;
}
