import { casesOfReply, expiryOf, inputOf, requestsOf } from '@slate/shared/queue';
import type { QueuedInput, QueueRecord, Requested } from '@slate/shared/queue';
import type { Outcome } from '../api/client.ts';
import { createRetry } from '../realtime/retry.ts';
import type { Trouble } from '../stores/desk.ts';

/** Everything that the replay of one log needs from outside. */
type Around = {
  /** Null: there is no desk. Then requests have no position, and the log is only in memory. */
  readonly device: string | null;
  readonly records: () => readonly QueueRecord[];
  /** Resolves when they are saved. */
  readonly append: (records: readonly QueueRecord[]) => Promise<unknown>;
  /** The server can be reached, the board is up to date, and the person of the log is signed in. */
  readonly isReady: () => boolean;
  readonly askPosition: () => Promise<Outcome<{ position: number }>>;
  readonly send: (requested: Requested, input: QueuedInput, n: number | null) => Promise<Outcome<unknown>>;
  /** Somebody waits for this answer on the screen, and gets it now. */
  readonly tell: (id: string, outcome: Outcome<unknown>) => boolean;
  readonly setTrouble: (trouble: Trouble | null) => void;
  /** The server's clock. */
  readonly now: () => string;
  readonly queueHours: () => number;
};

/** The server is alive but fails on this request each time: it must not hold up the others. */
const mostFailures = 5;

/**
 * Sends the requests of a log, one after the other, and writes down what became of each. It stops when the server cannot
 * take the next one (no answer, too many requests, no session) and tries again by itself. A refusal stops nothing.
 */
export function createReplay(around: Around) {
  const { device, records, append, isReady, setTrouble } = around;
  let isStopped = false;
  let isRunning = false;
  /** Asked to run while it was running: whatever ended the round may be over. */
  let isWanted = false;
  let isPausing = false;
  let isRetired = false;
  /** The last position that the server has used; null: not known. */
  let position: number | null = null;
  /** The request that gets a new position, because the server did not accept its own. */
  let misplaced: string | null = null;
  let failures = { id: '', count: 0 };
  /** Written together with the next record, before anything else is sent. If they are lost, the answer comes again. */
  let unwritten: readonly QueueRecord[] = [];
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

  async function write(...more: QueueRecord[]) {
    const written = [...unwritten, ...more];
    if (written.length === 0) return;
    await append(written);
    unwritten = [];
  }

  /** Sends until nothing is left or something stops it. Answers the least pause before the next round; null: none is needed. */
  async function round(): Promise<number | null> {
    for (;;) {
      if (isStopped) return null;
      if (isRetired || !isReady()) {
        await write();
        return null;
      }
      const requests = requestsOf([...records(), ...unwritten]);
      const next = nextOf(requests);
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
      const pauseMs = await sendOne(next, requests, position ?? 0);
      if (pauseMs !== null) return pauseMs;
    }
  }

  /** Null: it is settled, and the next one can be sent. */
  async function sendOne(next: Requested, requests: readonly Requested[], used: number) {
    const { id } = next.request;
    const why = expiryOf(next, { now: around.now(), queueHours: around.queueHours(), position: used });
    if (why !== null) {
      around.tell(id, { kind: 'unreachable' });
      return settle(id, { kind: 'expired', why });
    }
    const isInPlace = next.n !== null && next.n <= used + 1 && misplaced !== id;
    const n = device === null ? null : isInPlace ? next.n : used + 1;
    const input = inputOf(next, requests);
    if (n === next.n) await write();
    else if (n !== null) await write({ type: 'sending', id, n, at: around.now() });
    // Taken back or replaced while it was written.
    const isClosed = records().some((each) =>
      each.type === 'asked' ? each.request.replaces === id : each.type === 'closed' && each.id === id,
    );
    if (isStopped || isClosed || !isReady()) return null;
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
      if (isTold) unwritten = [...unwritten, { type: 'closed', id, how: 'seen' }];
    } else {
      settle(id, { kind: 'refused', problem: outcome.problem });
      if (isTold) unwritten = [...unwritten, { type: 'closed', id, how: 'discarded' }];
    }
    return null;
  }

  function settle(id: string, result: Extract<QueueRecord, { type: 'answered' }>['result']) {
    unwritten = [...unwritten, { type: 'answered', id, at: around.now(), result }];
    return null;
  }

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
    /** Begins now, instead of after a pause. */
    now: again.now,
    /** Something was appended. A pause goes on. */
    run: () => void (isPausing || run()),
    /** Something was appended that has just got no answer. */
    later: () => pause(0),
    /** The answer of a request under way is not written any more: the next replay of the log asks for it again. */
    stop() {
      isStopped = true;
      again.cancel();
    },
  };
}

/** They say nothing about the request itself, and the server has stored no answer. */
const halts: readonly string[] = [
  'unauthenticated',
  'rate_limited',
  'in_progress',
  'unavailable',
  'queue_gap',
  'device_retired',
];

/** The one that was sent before, or the first that waits for nothing. */
function nextOf(requests: readonly Requested[]): Requested | undefined {
  const ready = requests.filter(
    ({ state, closed, waitsFor }) =>
      closed === null && (state === 'queued' || state === 'sending') && waitsFor.length === 0,
  );
  return ready.find(({ state }) => state === 'sending') ?? ready[0];
}
