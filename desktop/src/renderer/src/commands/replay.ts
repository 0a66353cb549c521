import { casesOfReply, createQueue } from '@slate/shared/queue';
import type { Queue, QueueRecord, QueueResult, Requested } from '@slate/shared/queue';
import { expiryOf } from '@slate/shared/queue-expiry';
import { inputOf } from '@slate/shared/queue-input';
import type { QueuedInput } from '@slate/shared/queue-input';
import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import type { Trouble } from '../stores/desk.ts';

/** Everything that the replay of one log needs from outside. */
type ReplayPort = {
  /** Null: there is no desk. Then requests have no position, and the log is only in memory. */
  readonly device: string | null;
  /** The saved requests. */
  readonly queue: () => Queue;
  /** Resolves when the records are saved, and in the queue. */
  readonly append: (records: readonly QueueRecord[]) => Promise<unknown>;
  /** The server can be reached, the board is up to date, and the person of the log is signed in. */
  readonly isReady: () => boolean;
  readonly askPosition: () => Promise<Outcome<{ position: number }>>;
  readonly send: (requested: Requested, input: QueuedInput, n: number | null) => Promise<Outcome<unknown>>;
  /** Passes the answer to the form or gesture that waits for it; false: none waits. */
  readonly deliver: (id: string, outcome: Outcome<unknown>) => boolean;
  readonly setTrouble: (trouble: Trouble | null) => void;
  /** The server's clock. */
  readonly now: () => string;
  readonly queueHours: () => number;
};

/** After this many server errors a request counts as refused, so that it does not hold up the others. */
const maxFailures = 5;

/**
 * Sends the requests of a log, one after the other, and writes each answer to the log. It pauses when the server cannot take
 * the next request (no answer, too many requests, no session) and tries again by itself. A refusal stops nothing.
 */
export function createReplay(port: ReplayPort) {
  const { device, append, isReady, setTrouble } = port;
  let isStopped = false;
  let isRunning = false;
  /** `run` was called since the round began: the reason to stop may be gone. */
  let isRunWanted = false;
  let isPausing = false;
  let isRetired = false;
  /** The last position that the server has used; null: unknown. */
  let position: number | null = null;
  /** The request that gets a new position, because the server did not accept its own. */
  let misplaced: string | null = null;
  let failures = { id: '', count: 0 };
  /** The latest attempt. It is over when its answer has come or will not come. */
  let attempt = { id: '', over: Promise.resolve<unknown>(null) };
  /** Written together with the next record, before the next request is sent. If they are lost, the server answers again. */
  let unwritten: readonly QueueRecord[] = [];
  /** The queue as it will be when `unwritten` is saved. */
  let nextQueue = createQueue();
  let savedQueue: Queue | null = null;
  let appliedCount = 0;
  const retry = createRetry(() => void run());

  async function run() {
    isPausing = false;
    isRunWanted = true;
    if (isRunning) return;
    isRunning = true;
    let pauseMs: number | null = null;
    while (isRunWanted) {
      isRunWanted = false;
      pauseMs = await round().catch(() => {
        // After a stop, the screen may show the queue of the next person.
        if (!isStopped) setTrouble('not_saved');
        return 0;
      });
    }
    isRunning = false;
    if (isStopped) return;
    if (pauseMs === null) retry.succeeded();
    else pause(pauseMs);
  }

  function pause(leastMs: number) {
    isPausing = true;
    retry.later(leastMs);
  }

  function queueWithUnwritten(): Queue {
    const queue = port.queue();
    if (queue !== savedQueue) {
      nextQueue = createQueue([...queue.records, ...unwritten]);
      [savedQueue, appliedCount] = [queue, queue.records.length];
    }
    while (appliedCount < queue.records.length) {
      const record = queue.records[appliedCount++];
      if (record) nextQueue.apply(record);
    }
    return nextQueue;
  }

  function writeLater(...records: QueueRecord[]) {
    unwritten = [...unwritten, ...records];
    for (const record of records) nextQueue.apply(record);
  }

  async function write(...more: QueueRecord[]) {
    const records = [...unwritten, ...more];
    if (records.length === 0) return;
    await append(records);
    unwritten = [];
  }

  /** Sends until nothing is left or something stops it. Resolves with the least pause before the next round; null: none. */
  async function round(): Promise<number | null> {
    for (;;) {
      if (isStopped) return null;
      if (isRetired || !isReady()) {
        await write();
        return null;
      }
      const queue = queueWithUnwritten();
      const next = nextOf(queue);
      if (!next) {
        await write();
        setTrouble(null);
        return null;
      }
      if (device !== null && position === null) {
        const outcome = await port.askPosition();
        if (isStopped) return null;
        if (outcome.kind !== 'done') return halted(outcome);
        ({ position } = outcome.reply);
        continue;
      }
      const sending = sendOne(next, queue, position ?? 0);
      attempt = { id: next.request.id, over: sending.catch(() => {}) };
      const pauseMs = await sending;
      if (pauseMs !== null) return pauseMs;
    }
  }

  /** Resolves with the pause before the next request; null: none. */
  async function sendOne(next: Requested, queue: Queue, lastPosition: number) {
    const { id } = next.request;
    const why = expiryOf(next, { now: port.now(), queueHours: port.queueHours(), position: lastPosition });
    if (why !== null) {
      port.deliver(id, { kind: 'unreachable' });
      settle(id, { kind: 'expired', why });
      return null;
    }
    const isInPlace = next.n !== null && next.n <= lastPosition + 1 && misplaced !== id;
    const n = device === null ? null : isInPlace ? next.n : lastPosition + 1;
    const input = inputOf(next, queue);
    if (n === next.n) await write();
    else if (n !== null) await write({ type: 'sending', id, n, at: port.now() });
    // While that was written, the request may have been taken back, replaced, or have expired.
    if (isStopped || isSettled(id) || !isReady()) return null;
    const outcome = await port.send(next, input, n);
    if (isStopped) return null;
    if (outcome.kind === 'unreachable') return 0;
    if (outcome.kind === 'refused' && isHalt(outcome.problem.code, id)) return halted(outcome, id);
    setTrouble(null);
    retry.succeeded();
    misplaced = null;
    position = outcome.position ?? (outcome.kind === 'done' ? n : position);
    const isDelivered = port.deliver(id, outcome);
    if (outcome.kind === 'done') {
      settle(id, { kind: 'done', cases: casesOfReply(outcome.reply) });
      if (isDelivered) writeLater({ type: 'closed', id, how: 'seen' });
    } else {
      settle(id, { kind: 'refused', problem: outcome.problem });
      if (isDelivered) writeLater({ type: 'closed', id, how: 'discarded' });
    }
    // The person has stopped waiting, and must not decide before the answer is saved.
    if (isSettled(id)) await write();
    return null;
  }

  function isSettled(id: string): boolean {
    const requested = port.queue().requests.get(id);
    return requested !== undefined && (requested.closed !== null || requested.result !== null);
  }

  const settle = (id: string, result: QueueResult) =>
    writeLater({ type: 'answered', id, at: port.now(), result });

  /** Whether the refusal says nothing about the request itself. */
  function isHalt(code: string, id: string): boolean {
    if (code === 'internal') {
      failures = { id, count: failures.id === id ? failures.count + 1 : 1 };
      return failures.count < maxFailures;
    }
    return halts.includes(code);
  }

  function halted(
    outcome: Exclude<Outcome<unknown>, { kind: 'done' }>,
    id: string | null = null,
  ): number | null {
    if (outcome.kind === 'unreachable') return 0;
    const { code, retryAfter = 0 } = outcome.problem;
    if (code === 'device_retired') {
      isRetired = true;
      setTrouble('retired');
      return null;
    }
    if (code === 'queue_gap') {
      // Once is normal: another request may have used the position. The idempotency keys prevent doing anything twice.
      const isAgain = misplaced === id;
      misplaced = id;
      position = null;
      if (isAgain) setTrouble('gap');
      return isAgain ? 0 : null;
    }
    if (code === 'unauthenticated') setTrouble('sign_in');
    else if (id === null && !halts.includes(code)) setTrouble('no_device');
    return retryAfter * 1000;
  }

  return {
    /** Resolves when no attempt to send this request is under way, and an answer to it is saved. */
    whenNotSending: (id: string): Promise<unknown> => (attempt.id === id ? attempt.over : Promise.resolve()),
    /** Begins now, instead of after a pause. */
    now: retry.now,
    /** Call it when something was appended. A pause is not cut short. */
    run: () => void (isPausing || run()),
    /** Call it when a request was appended that has just got no answer. */
    later: () => pause(0),
    /** Late answers are not written: the next replay of the log gets them again. */
    stop() {
      isStopped = true;
      retry.cancel();
    },
  };
}

/** Refusals that say nothing about the request itself. The server does not store them. */
const halts: readonly string[] = [
  'unauthenticated',
  'rate_limited',
  'in_progress',
  'unavailable',
  'queue_gap',
  'device_retired',
];

/** Returns the request that was sent before, or else the first one that waits for nothing. */
function nextOf({ unanswered, counts }: Queue): Requested | undefined {
  let first: Requested | undefined;
  for (const each of unanswered.values()) {
    if (each.state === 'blocked' || each.waitsFor.length > 0) continue;
    if (each.state === 'sending') return each;
    first ??= each;
    if (counts.sending === 0) break;
  }
  return first;
}
