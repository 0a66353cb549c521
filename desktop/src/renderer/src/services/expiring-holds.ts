import type { Case } from '@slate/shared/cases';
import { boardStore } from '../stores/board.ts';
import { serverNow } from '../stores/clock.ts';
import { isHeldByMe } from '../stores/permissions.ts';

const warningMs = 30_000;
const checkMs = 1_000;

/**
 * Calls `warn` 30 s before a hold of mine expires, once for each expiry: an extended hold expires again. If `warn` returns
 * false, it is called again a second later.
 */
export function warnOfExpiry(warn: (item: Case) => boolean): () => void {
  const warned = new Set<string>();
  const timer = setInterval(() => {
    for (const item of boardStore.getState().view?.board.cases ?? []) {
      if (item.state !== 'held' || item.expiresAt === null || !isHeldByMe(item)) continue;
      const leftMs = Date.parse(item.expiresAt) - serverNow();
      const key = `${item.id} ${item.expiresAt}`;
      if (leftMs > 0 && leftMs <= warningMs && !warned.has(key) && warn(item)) warned.add(key);
    }
  }, checkMs);
  return () => clearInterval(timer);
}
