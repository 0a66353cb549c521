import { casesOfReply, createQueue } from '@slate/shared/queue';
import type { Queue, QueueRecord, QueueResult, Requested } from '@slate/shared/queue';
import { expiryOf } from '@slate/shared/queue-expiry';
import { inputOf } from '@slate/shared/queue-input';
import type { QueuedInput } from '@slate/shared/queue-input';
import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import type { Trouble } from '../stores/desk.ts';

/** Everything that the replay of one log needs from outside. */
type Around = {
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
  /** Gives the answer to the form or gesture that waits for it on the screen; false: none waits. */
  readonly tell: (id: string, outcome: Outcome<unknown>) => boolean;
  readonly setTrouble: (trouble: Trouble | null) => void;
  /** The server's clock. */
  readonly now: () => string;
  readonly queueHours: () => number;
};

/** A request on which the server fails so many times is refused, so that it does not hold up the others. */
const mostFailures = 5;

/**
 * Sends the requests of a log, one after the other, and writes each answer to the log. It pauses when the server cannot take
 * the next request (no answer, too many requests, no session) and tries again by itself. A refusal stops nothing.
 */
export function createReplay(around: Around) {
  const { device, append, isReady, setTrouble } = around;
  let isStopped = false;
  let isRunning = false;
  /** It was called while it was running: what ended the round may be over. */
  let isWanted = false;
  let isPausing = false;
  let isRetired = false;
  /** The last position that the server has used; null: not known. */
  let position: number | null = null;
  /** The request that gets a new position, because the server did not accept its own. */
  let misplaced: string | null = null;
  let failures = { id: '', count: 0 };
  /** The attempt that is under way. It is over when the answer came or will not come. */
  let attempt = { id: '', over: Promise.resolve<unknown>(null) };
  /** Written together with the next record, before anything else is sent. If they are lost, the answer comes again. */
  let unwritten: readonly QueueRecord[] = [];
  /** The queue as it will be when `unwritten` is saved. */
  let ahead = createQueue();
  let saved: Queue | null = null;
  let applied = 0;
  const again = createRetry(() => void run());

  async function run() {
    isPausing = false;
    isWanted = true;
    if (isRunning) return;
    isRunning = true;
    let pauseMs: number | null = null;
    while (isWanted) {
      isWanted = false;
      pauseMs = await round().catch(() => {
        // Its person may have left, and the queue shown is that of the next.
        if (!isStopped) setTrouble('not_saved');
        return 0;
      });
    }
    isRunning = false;
    if (isStopped) return;
    if (pauseMs === null) again.succeeded();
    else pause(pauseMs);
  }

  function pause(leastMs: number) {
    isPausing = true;
    again.later(leastMs);
  }

  function lookAhead(): Queue {
    const now = around.queue();
    if (now !== saved) {
      ahead = createQueue([...now.records, ...unwritten]);
      [saved, applied] = [now, now.records.length];
    }
    while (applied < now.records.length) {
      const record = now.records[applied++];
      if (record) ahead.apply(record);
    }
    return ahead;
  }

  function writeLater(...records: QueueRecord[]) {
    unwritten = [...unwritten, ...records];
    for (const record of records) ahead.apply(record);
  }

  async function write(...more: QueueRecord[]) {
    const written = [...unwritten, ...more];
    if (written.length === 0) return;
    await append(written);
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
      const queue = lookAhead();
      const next = nextOf(queue);
      if (!next) {
        await write();
        setTrouble(null);
        return null;
      }
      if (device !== null && position === null) {
        const outcome = await around.askPosition();
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

  /** Resolves with null when the next request can be sent. */
  async function sendOne(next: Requested, queue: Queue, used: number) {
    const { id } = next.request;
    const why = expiryOf(next, { now: around.now(), queueHours: around.queueHours(), position: used });
    if (why !== null) {
      around.tell(id, { kind: 'unreachable' });
      settle(id, { kind: 'expired', why });
      return null;
    }
    const isInPlace = next.n !== null && next.n <= used + 1 && misplaced !== id;
    const n = device === null ? null : isInPlace ? next.n : used + 1;
    const input = inputOf(next, queue);
    if (n === next.n) await write();
    else if (n !== null) await write({ type: 'sending', id, n, at: around.now() });
    // Taken back, replaced or expired while it was written.
    if (isStopped || isSettled(id) || !isReady()) return null;
    const outcome = await around.send(next, input, n);
    if (isStopped) return null;
    if (outcome.kind === 'unreachable') return 0;
    if (outcome.kind === 'refused' && isHalt(outcome.problem.code, id)) return halted(outcome, id);
    setTrouble(null);
    again.succeeded();
    misplaced = null;
    position = outcome.position ?? (outcome.kind === 'done' ? n : position);
    const isTold = around.tell(id, outcome);
    if (outcome.kind === 'done') {
      settle(id, { kind: 'done', cases: casesOfReply(outcome.reply) });
      if (isTold) writeLater({ type: 'closed', id, how: 'seen' });
    } else {
      settle(id, { kind: 'refused', problem: outcome.problem });
      if (isTold) writeLater({ type: 'closed', id, how: 'discarded' });
    }
    // The person has stopped waiting: the answer must be saved before they decide.
    if (isSettled(id)) await write();
    return null;
  }

  function isSettled(id: string): boolean {
    const now = around.queue().requests.get(id);
    return now !== undefined && (now.closed !== null || now.result !== null);
  }

  const settle = (id: string, result: QueueResult) =>
    writeLater({ type: 'answered', id, at: around.now(), result });

  /** Whether the refusal says nothing about the request itself. */
  function isHalt(code: string, id: string): boolean {
    if (code === 'internal') {
      failures = { id, count: failures.id === id ? failures.count + 1 : 1 };
      return failures.count < mostFailures;
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
      // Once is normal: a refusal may have left its position to another request. The keys protect what was done.
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
    now: again.now,
    /** Something was appended. A pause goes on. */
    run: () => void (isPausing || run()),
    /** A request was appended that has just got no answer. */
    later: () => pause(0),
    /** An answer that comes later is not written: the next replay of the log asks for it again. */
    stop() {
      isStopped = true;
      again.cancel();
    },
  };
}

/** Refusals that say nothing about the request itself, and of which the server has stored none. */
const halts: readonly string[] = [
  'unauthenticated',
  'rate_limited',
  'in_progress',
  'unavailable',
  'queue_gap',
  'device_retired',
];

/** The request that was sent before, or the first that waits for nothing. */
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
