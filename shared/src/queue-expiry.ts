import type { QueueResult, Requested } from './queue.ts';

/** Why a request is not sent any more. */
export type Expiry = Extract<QueueResult, { kind: 'expired' }>['why'];

/** `position`: the last position of the device that the server has used; null while it is not known. */
type Limits = { queueHours: number; position: number | null };

/** The server forgets a key after this time. */
const keyHours = 72;
const hourMs = 3_600_000;

/** The times from which a request is not sent any more. Its time counts before its age: it cannot be sent again then. */
function limitsOf(
  { request, n, sentAt }: Requested,
  { queueHours, position }: Limits,
): { at: number; why: Expiry }[] {
  const madeAt = Date.parse(request.madeAt);
  // A request that was sent at a later position than the last used one has certainly not been done.
  if (n !== null && (position === null || n <= position)) {
    // The key is as old as the first attempt, also if that was before it was queued.
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
