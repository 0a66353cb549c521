import { pace } from '../api/pace.ts';
import { tryServer } from '../stores/connection.ts';
import type { Obstacle } from '../stores/connection.ts';

/** After this many losses and failed attempts in a row, the server is asked over HTTP. */
const enoughFailures = 3;

type Handlers = {
  /** Called when the server answers over HTTP: time to connect the socket. */
  reachable: () => void;
  /** Fetches the changes over HTTP. Resolves to the shortest pause before the next time, or null if the server did not answer. */
  poll: () => Promise<number | null>;
  /** Called when a poll was not answered. */
  unanswered: () => void;
  unreachable: (why: Obstacle) => void;
  outdated: (server: number) => void;
};

/**
 * Asks over HTTP while the socket does not connect. If Slate answers and the socket still does not connect, something blocks
 * it, and the changes are polled until it works again. Otherwise reports why the server is out of reach.
 */
export function createFallback({ reachable, poll, unanswered, unreachable, outdated }: Handlers) {
  let isConnected = false;
  let isStopped = false;
  let failures = 0;
  let isAsking = false;
  /** Whether the server has answered over HTTP since the socket last worked. */
  let isReachable = false;
  /** Whether the board is kept up to date by polling, or was until the socket connected a moment ago. */
  let isPolling = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const isNeeded = () => !isConnected && !isStopped;

  function after(ms: number, run: () => Promise<void>) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void run();
    }, ms);
  }

  async function ask() {
    if (isAsking || isReachable || !isNeeded()) return;
    isAsking = true;
    const trial = await tryServer();
    isAsking = false;
    if (!trial || !isNeeded()) return;
    if (trial.result === 'other_version') return outdated(trial.server);
    if (trial.result === 'ok') {
      isReachable = true;
      reachable();
      return after(pace.chanceMs, pollNow);
    }
    unreachable(trial.why);
  }

  async function pollNow() {
    const pauseMs = await poll();
    if (!isNeeded()) return;
    if (pauseMs !== null) return after(Math.max(pauseMs, pace.pollMs * (0.5 + Math.random())), pollNow);
    isPolling = false;
    isReachable = false;
    unanswered();
  }

  return {
    isPolling: () => isPolling,
    isReachable: () => isReachable,
    /** Finds out now whether the server can be reached, and if not, why. */
    ask: () => void ask(),
    /** Call when the socket was lost, or an attempt to connect it has failed. */
    disconnected() {
      failures += 1;
      const wasConnected = isConnected;
      isConnected = false;
      if (isReachable) {
        // The socket connects, but does not last.
        if (wasConnected) after(isPolling ? Math.random() * pace.pollMs : 0, pollNow);
      } else if (failures >= enoughFailures) void ask();
      else if (timer === undefined) after(pace.graceMs + Math.random() * pace.graceSpreadMs, ask);
    },
    /** Call when the socket is connected. It may be cut again soon. */
    connected() {
      isConnected = true;
      clearTimeout(timer);
      timer = undefined;
    },
    /** Call when a poll has brought the board up to date. */
    polled() {
      isPolling = true;
    },
    /** Call when the socket has lasted, so that polling ends. */
    socketWorks() {
      failures = 0;
      isReachable = false;
      isPolling = false;
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
