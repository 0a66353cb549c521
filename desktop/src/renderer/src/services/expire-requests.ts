import type { Queue, QueueRecord } from '@slate/shared/queue';
import { expiresAt, expiryOf } from '@slate/shared/queue-expiry';
import { boardStore } from '../stores/board.ts';
import { serverInstant, serverNow, setAlarm } from '../stores/clock.ts';
import { appendToQueue, isWaiting, queueHoursNow, queueNow, queueStore } from '../stores/queue.ts';

/** After this time, expired requests that could not be saved are saved again. */
const retryMs = 60_000;

/** Expires requests by the server's clock, also while the server is out of reach. One timer waits for the next one. */
export function expireRequests(): () => void {
  let known: { queue: Queue; hours: number; records: number } | null = null;
  let next = Infinity;
  let cancel = () => {};

  function ringAt(at: number) {
    if (at === next) return;
    next = at;
    cancel();
    cancel = next === Infinity ? () => {} : setAlarm(next, () => void expire());
  }

  function look() {
    const [queue, hours] = [queueNow(), queueHoursNow()];
    const before = known;
    known = { queue, hours, records: queue.records.length };
    const fresh = queue.records.slice(before?.queue === queue ? before.records : 0);
    // What takes the place of another request may unblock others.
    const isAll = before?.queue !== queue || before.hours !== hours || fresh.some(replaces);
    const changed = isAll
      ? [...queue.unanswered.values()]
      : fresh.flatMap((each) => requestedIn(queue, each));
    const times = changed.filter(isWaiting).map((each) => expiresAt(each, hours));
    ringAt(times.reduce((earliest, at) => Math.min(earliest, at), isAll ? Infinity : next));
  }

  async function expire() {
    known = null;
    next = Infinity;
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
      look();
    } catch {
      ringAt(serverNow() + retryMs);
    }
  }

  const stops = [
    queueStore.subscribe(look),
    boardStore.subscribe(() => {
      if (known && known.hours !== queueHoursNow()) look();
    }),
    () => cancel(),
  ];
  look();
  return () => stops.forEach((stop) => stop());
}

const replaces = (record: QueueRecord) => record.type === 'asked' && record.request.replaces !== null;

const requestedIn = ({ requests }: Queue, record: QueueRecord) =>
  record.type === 'asked' ? (requests.get(record.request.id) ?? []) : [];
