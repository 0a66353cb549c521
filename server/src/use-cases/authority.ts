import type { Actor } from '@slate/shared/ids';
import type { Role } from '@slate/shared/permissions';
import { LRUCache } from 'lru-cache';
import { standingOf } from '../db/identity.sql.ts';
import { maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';

export type Standing = {
  readonly user: Actor;
  /** By site. Where it is missing, the user has no business at that site. */
  readonly roles: ReadonlyMap<string, { readonly role: Role; readonly surgeonIds: readonly string[] }>;
};

/**
 * Who a caller is right now, for reads and sockets; a command reads it again in its own transaction. What is
 * answered was true at most `ttlMs` ago, and after `forget` not before the forgetting.
 */
export function createAuthority(db: Queryable, { ttlMs = 1000, remembered = 20_000 } = {}) {
  // Promises, so that of many who ask at once one asks the database; and timed from before it is asked.
  // A clock read as needed: one that is read once in a millisecond sets a timer for it, at every request.
  const known = new LRUCache<string, Promise<Standing | null>>({
    max: remembered,
    ttl: ttlMs,
    ttlResolution: 0,
  });

  return {
    /** `null` when the account is not active or the session has ended. */
    standing(userId: string, sessionId: string): Promise<Standing | null> {
      const key = `${userId} ${sessionId}`;
      const fresh = known.get(key);
      if (fresh) return fresh;
      const loading = load(db, userId, sessionId);
      known.set(key, loading);
      // Only what was answered is kept, not that nothing was.
      loading.catch(() => known.peek(key) === loading && known.delete(key));
      return loading;
    },

    forget(userId: string) {
      for (const key of known.keys()) if (key.startsWith(`${userId} `)) known.delete(key);
    },

    forgetAll: () => known.clear(),
  };
}

export type Authority = ReturnType<typeof createAuthority>;

async function load(db: Queryable, userId: string, sessionId: string): Promise<Standing | null> {
  const found = await maybeOne(db, standingOf, [userId, sessionId]);
  if (!found) return null;
  const roles = new Map(found.roles.map(({ siteId, role, surgeonIds }) => [siteId, { role, surgeonIds }]));
  return { user: { id: userId, name: found.name }, roles };
}
