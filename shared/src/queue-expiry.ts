import type { QueueResult, Requested } from './queue.ts';

/** Why a request is not sent any more. */
export type Expiry = Extract<QueueResult, { kind: 'expired' }>['why'];

/** `position`: the last position of the device that the server has used; null: unknown. */
type Limits = { queueHours: number; position: number | null };

/** The server forgets an idempotency key after this time. */
const keyHours = 72;
const hourMs = 3_600_000;

/** When a request expires, and why. The end of its time comes before its age: after that it cannot be sent again. */
function limitsOf(
  { request, n, sentAt }: Requested,
  { queueHours, position }: Limits,
): { at: number; why: Expiry }[] {
  const madeAt = Date.parse(request.madeAt);
  // If the server has not used its position, it was certainly not done.
  if (n !== null && (position === null || n <= position)) {
    // The key is as old as the first attempt, which may have been before the request was queued.
    const firstSentAt = request.wasSent ? madeAt : Date.parse(sentAt ?? request.madeAt);
    return [{ at: firstSentAt + keyHours * hourMs, why: 'unknown' }];
  }
  const tooOld = madeAt + queueHours * hourMs;
  if (request.wasSent) return [{ at: tooOld, why: 'unknown' }];
  const ends = request.kind === 'claim' ? request.cases.flatMap(({ place }) => place?.end ?? []) : [];
  return [...ends.map((end) => ({ at: Date.parse(end), why: 'past' as const })), { at: tooOld, why: 'age' }];
}

/** Returns why a request is not sent any more, or null. */
export const expiryOf = (requested: Requested, { now, ...limits }: Limits & { now: string }): Expiry | null =>
  limitsOf(requested, limits).find(({ at }) => at <= Date.parse(now))?.why ?? null;

/** Returns when a request expires, in milliseconds, if the server is not heard from until then. */
export const expiresAt = (requested: Requested, queueHours: number): number =>
  Math.min(...limitsOf(requested, { queueHours, position: null }).map(({ at }) => at));
