import { changeOfWaiting } from './queue.ts';
import type { QueueRecord } from './queue.ts';

// The rules of desks in the desktop program's files and in a browser's database. No I/O here.

export const deskLimits = {
  /** Beyond this many waiting requests or bytes, new requests are refused. */
  waiting: 10_000,
  bytes: 32 * 1024 * 1024,
  /** More bytes, in which the requests of a full log can still be sent, answered and closed. */
  reserveBytes: 32 * 1024 * 1024,
  /** One append. A command has at most 64 kB. */
  frameBytes: 8 * 1024 * 1024,
  /** Records of one append. */
  recordsPerFrame: 100,
};
/** A log smaller than this is not rewritten while it is in use. */
const smallBytes = 64 * 1024;

/** The size at which a log that now has `bytes` is rewritten again. */
export const rewriteAt = (bytes: number): number => Math.min(2 * bytes + smallBytes, deskLimits.bytes);
/** The same after a rewriting that could leave nothing out. */
export const rewriteLaterAt = (bytes: number): number =>
  bytes < deskLimits.bytes ? rewriteAt(bytes) : bytes + smallBytes;

export const waitingChange = (records: readonly QueueRecord[]): number =>
  records.reduce((sum, record) => sum + changeOfWaiting(record), 0);

/**
 * The sentence with which a log refuses these records; undefined: it accepts them. `bytes`: the size of this append. `total` and
 * `waiting`: the size of the log and its waiting requests after it.
 */
export function appendRefusal(
  records: readonly QueueRecord[],
  { bytes, total, waiting }: { bytes: number; total: number; waiting: number },
): string | undefined {
  const hasRequest = records.some(({ type }) => type === 'asked');
  if (bytes > deskLimits.frameBytes) return tooLarge;
  if (hasRequest && waiting > deskLimits.waiting) return tooMany();
  if (total > deskLimits.bytes + (hasRequest ? 0 : deskLimits.reserveBytes)) return full;
  return undefined;
}

export const deskLocked = 'Nothing was saved: the desk is locked. Unlock it, then try again.';
export const deskLockedMeanwhile =
  'Nothing was saved: the desk was locked meanwhile. Unlock it, then try again.';
const tooLarge = 'Nothing was saved: this is too large to be kept at this desk.';
/** A function, because the first formatted number takes 8 ms, which every start of the program would wait for. */
const tooMany = () =>
  `Nothing was saved: ${deskLimits.waiting.toLocaleString('en-US')} requests wait at this desk already. Send or discard some first.`;
const full = 'Nothing was saved: the log of this desk is full. Send or discard some requests first.';
export const registeredAgain = 'This workstation is registered again. Sign in once more.';
export const deskIsReadable = 'This desk can be read, so it stays where it is.';

/** The part of the keys that limits how long the password opens a desk. */
type UnlockLimits = { offline: { signedInAt: number } | null; offlineHours: number };

/** Until when the password opens the desk; null: it does not open it. */
export const unlockUntil = ({ offline, offlineHours }: UnlockLimits): number | null =>
  offline && offlineHours > 0 ? offline.signedInAt + offlineHours * 3_600_000 : null;

/** Whether the password opens the desk at this time. Setting the clock back does not extend it. */
export function canUnlock(limits: UnlockLimits, now: number): boolean {
  const until = unlockUntil(limits);
  return (
    until !== null &&
    limits.offline !== null &&
    Math.abs(now - limits.offline.signedInAt) < until - limits.offline.signedInAt
  );
}

/** Authenticated with the key, so that time and hours cannot be changed without it. */
export const textOfLimits = ({ offline, offlineHours }: UnlockLimits): string =>
  `${offlineHours} hours since ${offline?.signedInAt}`;

const longestWaitMs = 15 * 60_000;

/** How long after a wrong password the next attempt is refused: 1 s, doubled with each, at most 15 minutes. */
const waitAfter = (count: number): number =>
  count === 0 ? 0 : Math.min(1000 * 2 ** (count - 1), longestWaitMs);

/** The wrong passwords since the last right one. */
type Failures = { count: number; at: number };
export type Attempt<Key> = { key: Key } | { key: null; result: 'wrong' | 'wait'; waitMs: number };

/** Tries a password. The attempt is stored first, so that ending the program does not undo a wrong one. */
export async function attemptPassword<Key>(
  { count, at }: Failures,
  store: (failures: Failures) => Promise<unknown>,
  open: () => Promise<Key | null>,
): Promise<Attempt<Key>> {
  const now = Date.now();
  const sinceMs = now - at;
  const waitMs = waitAfter(count) - Math.max(0, sinceMs);
  if (waitMs > 0) {
    // The clock was set back: waiting begins now.
    if (sinceMs < 0) await store({ count, at: now });
    return { key: null, result: 'wait', waitMs };
  }
  await store({ count: count + 1, at: now });
  const key = await open();
  if (key === null) return { key: null, result: 'wrong', waitMs: waitAfter(count + 1) };
  // If that cannot be stored, the next attempt may have to wait.
  await store({ count: 0, at: 0 }).catch(() => {});
  return { key };
}
