import type { Queue, QueueRecord } from '@slate/shared/queue';
import { expiresAt, expiryOf } from '@slate/shared/queue-expiry';
import { boardStore } from '../stores/board.ts';
import { serverInstant, serverNow, setAlarm } from '../stores/clock.ts';
import { appendToQueue, isWaiting, queueHoursNow, queueNow, queueStore } from '../stores/queue.ts';

/** If expired requests cannot be saved, saving is tried again after this time. */
const retryMs = 60_000;

/** Expires requests by the server's clock, also while the server is out of reach. One timer waits for the next expiry. */
export function expireRequests(): () => void {
  /** The queue and the limit that the timer was set for. */
  let scheduled: { queue: Queue; hours: number; recordCount: number } | null = null;
  let nextExpiry = Infinity;
  let cancel = () => {};

  function ringAt(at: number) {
    if (at === nextExpiry) return;
    nextExpiry = at;
    cancel();
    cancel = at === Infinity ? () => {} : setAlarm(at, () => void expire());
  }

  function schedule() {
    const [queue, hours] = [queueNow(), queueHoursNow()];
    const before = scheduled;
    scheduled = { queue, hours, recordCount: queue.records.length };
    const newRecords = queue.records.slice(before?.queue === queue ? before.recordCount : 0);
    // A replacement may unblock other requests.
    const isAll = before?.queue !== queue || before.hours !== hours || newRecords.some(isReplacement);
    const changed = isAll
      ? [...queue.unanswered.values()]
      : newRecords.flatMap((each) => requestedIn(queue, each));
    const times = changed.filter(isWaiting).map((each) => expiresAt(each, hours));
    ringAt(times.reduce((earliest, at) => Math.min(earliest, at), isAll ? Infinity : nextExpiry));
  }

  async function expire() {
    scheduled = null;
    nextExpiry = Infinity;
    try {
      await appendToQueue(() => {
        const limits = { now: serverInstant(), queueHours: queueHoursNow(), position: null };
        return [...queueNow().unanswered.values()].filter(isWaiting).flatMap((each): QueueRecord[] => {
          const why = expiryOf(each, limits);
          const { id } = each.request;
          return why === null
            ? []
            : [{ type: 'answered', id, at: limits.now, result: { kind: 'expired', why } }];
        });
      });
      schedule();
    } catch {
      ringAt(serverNow() + retryMs);
    }
  }

  const stops = [
    queueStore.subscribe(schedule),
    boardStore.subscribe(() => {
      if (scheduled && scheduled.hours !== queueHoursNow()) schedule();
    }),
    () => cancel(),
  ];
  schedule();
  return () => stops.forEach((stop) => stop());
}

const isReplacement = (record: QueueRecord) => record.type === 'asked' && record.request.replaces !== null;

const requestedIn = ({ requests }: Queue, record: QueueRecord) =>
  record.type === 'asked' ? (requests.get(record.request.id) ?? []) : [];
