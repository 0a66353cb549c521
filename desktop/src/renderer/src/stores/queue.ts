import { mayBeDone, requestsOf } from '@slate/shared/queue';
import type { QueueRecord, Requested } from '@slate/shared/queue';
import { createStore } from 'zustand/vanilla';
import { shell } from '../shell/shell.ts';
import { deskWords } from '../words/desk.ts';
import { deskNow, deskStore } from './desk.ts';
import type { Trouble } from './desk.ts';
import { sessionStore } from './session.ts';

type Queue = {
  readonly records: readonly QueueRecord[];
  /** Every request of the log, in the order of asking; closed ones too. */
  readonly requests: readonly Requested[];
  readonly trouble: Trouble | null;
};

const queueOf = (records: readonly QueueRecord[]): Queue => ({
  records,
  requests: requestsOf(records),
  trouble: null,
});

/** The requests of the open desk. Without a desk they are in memory only, and nothing says that they are saved. */
export const queueStore = createStore<Queue>(() => queueOf([]));
export const setTrouble = (trouble: Trouble | null) => queueStore.setState({ trouble });

// Not a service: the queue must never show the requests of another desk, not even for a moment.
deskStore.subscribe(({ desk }, before) => {
  const unsaved = before.desk ? [] : queueStore.getState().records;
  queueStore.setState(queueOf(desk?.records ?? []));
  // Unanswered since before the desk was opened. If they cannot be saved, they stay unanswered.
  if (desk && unsaved.length > 0) void appendToQueue(unsaved).catch(() => {});
});

/** Forgets what is only in memory. The queue of a desk goes when the desk is dropped. */
export function forgetUnsavedQueue() {
  if (!deskNow()) queueStore.setState(queueOf([]));
}

/** The bridge takes so many records at a time. */
const mostAtOnce = 100;
let saving: Promise<unknown> = Promise.resolve();

/**
 * Appends to the log of the open desk. Resolves when the records are saved, and shows them only then. Rejects with a
 * sentence for the person if they cannot be saved. A function is called when everything before is saved, so that it can look
 * at the queue as it then is. Answers how many records it has appended. What was not written when its person left is
 * rejected: it must not get into the log of the next one.
 */
export function appendToQueue(
  records: readonly QueueRecord[] | (() => readonly QueueRecord[]),
): Promise<number> {
  const desk = deskNow();
  const place = placeNow();
  const saved = saving.then(() => {
    if ((desk && deskNow() !== desk) || placeNow() !== place) throw new Error(deskWords.left);
    return save(typeof records === 'function' ? records() : records);
  });
  saving = saved.catch(() => {});
  return saved;
}

/** The person who works here, and the site. */
function placeNow(): string | null {
  const session = sessionStore.getState();
  return session.status === 'signed_in' ? `${session.me.id} ${session.site.id}` : null;
}

/** Resolves when everything that was appended before is saved, or could not be. */
export const untilSaved = () => saving;

async function save(records: readonly QueueRecord[]): Promise<number> {
  const desk = deskNow();
  for (let from = 0; from < records.length; from += mostAtOnce) {
    const some = records.slice(from, from + mostAtOnce);
    if (desk) await shell.appendToLog(some);
    // Locked meanwhile: it is in the log, and shown again when the desk is opened.
    if (deskNow() !== desk) break;
    queueStore.setState(({ records: before }) => {
      const all = [...before, ...some];
      return { records: all, requests: requestsOf(all) };
    });
  }
  return records.length;
}

export const requestNow = (id: string): Requested | undefined =>
  queueStore.getState().requests.find(({ request }) => request.id === id);

/** The request that stands for another one in the end, if that was replaced. */
export function requestInPlaceOf(id: string): Requested | undefined {
  const { requests } = queueStore.getState();
  let found = requestNow(id);
  for (let next = found; next; next = requests.find(({ request }) => request.replaces === next?.request.id))
    found = next;
  return found;
}

/** The requests that are not settled yet, in the order of asking. */
export const openRequests = ({ requests }: Pick<Queue, 'requests'>): Requested[] =>
  requests.filter(({ closed }) => closed === null);

export const isWaiting = ({ state, closed }: Requested) =>
  closed === null && (state === 'queued' || state === 'sending');
/** Asked for and not answered: drawn on the board as requested. */
export const isUnanswered = ({ state, closed }: Requested) =>
  closed === null && (state === 'queued' || state === 'sending' || state === 'blocked');
/** Not sent, and it will not be until the person decides. */
export const needsDecision = ({ state, closed }: Requested) =>
  closed === null && (state === 'conflict' || state === 'expired' || state === 'blocked');

export const countOpen = (open: readonly Requested[]) => ({
  done: open.filter(({ state }) => state === 'done').length,
  waiting: open.filter(isWaiting).length,
  undecided: open.filter(needsDecision).length,
});

/** Whether something waits to be sent: then every command waits behind it, so that the order is kept. */
export const isQueueBusy = () => queueStore.getState().requests.some(isWaiting);

/** The open requests that cannot be sent without this one. */
export function dependentsOf(id: string, requests = queueStore.getState().requests): Requested[] {
  const found = new Set([id]);
  const dependents: Requested[] = [];
  for (const each of requests) {
    if (each.closed !== null || each.state === 'done') continue;
    if (![...each.waitsFor, ...each.blockedBy].some((other) => found.has(other))) continue;
    found.add(each.request.id);
    dependents.push(each);
  }
  return dependents;
}

/** Why a request cannot be taken back; null: it can. */
export function whyNotTakenBack(requested: Requested): 'sent' | 'answered' | 'needed' | null {
  if (requested.result !== null || requested.closed !== null) return 'answered';
  if (mayBeDone(requested)) return 'sent';
  return dependentsOf(requested.request.id).length > 0 ? 'needed' : null;
}
