import type { Actor } from '@slate/shared/fields';
import type { Role } from '@slate/shared/permissions';
import { LRUCache } from 'lru-cache';
import { accessBySession, accessOf } from '../db/identity.sql.ts';
import type { AccessRow } from '../db/identity.sql.ts';
import { many, maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

export type Access = {
  readonly user: Actor;
  /** By site; no entry: not a member. */
  readonly roles: ReadonlyMap<string, { readonly role: Role; readonly surgeonIds: readonly string[] }>;
};

/**
 * Looks up the access of callers, for reads and sockets; a command reads it again in its own transaction. A result is
 * at most `ttlMs` old, and never older than the last `forget` of its user.
 */
export function createAuthority(db: Queryable, { ttlMs = 1000, maxEntries = 20_000 } = {}) {
  // Caches promises, so that concurrent callers share one query, and the age counts from before the query.
  // `ttlResolution: 0` reads the clock when needed; otherwise the cache sets a timer at every request.
  const cache = new LRUCache<string, Promise<Access | null>>({
    max: maxEntries,
    ttl: ttlMs,
    ttlResolution: 0,
  });

  return {
    /** Returns `null` if the account is not active or the session has ended. */
    accessOf(userId: string, sessionId: string): Promise<Access | null> {
      const key = `${userId} ${sessionId}`;
      const fresh = cache.get(key);
      if (fresh) return fresh;
      const loading = load(db, userId, sessionId);
      cache.set(key, loading);
      // Don't cache failures.
      loading.catch(() => cache.peek(key) === loading && cache.delete(key));
      return loading;
    },

    forget(userId: string) {
      for (const key of cache.keys()) if (key.startsWith(`${userId} `)) cache.delete(key);
    },

    forgetAll: () => cache.clear(),
  };
}

export type Authority = ReturnType<typeof createAuthority>;

async function load(db: Queryable, userId: string, sessionId: string): Promise<Access | null> {
  const found = await maybeOne(db, accessOf, [userId, sessionId]);
  return found ? toAccess(found) : null;
}

/** Returns the current access by session. No entry: the session has ended, or the account is not active. */
export async function readAccess(db: Queryable, sessionIds: readonly string[]): Promise<Map<string, Access>> {
  const rows = await many(db, accessBySession, [sessionIds]);
  return new Map(rows.map((row) => [row.session_id, toAccess(row)]));
}

const toAccess = ({ user_id, name, roles }: AccessRow): Access => ({
  user: { id: user_id, name },
  roles: new Map(roles.map(({ siteId, role, surgeonIds }) => [siteId, { role, surgeonIds }])),
});
