import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Queryable } from '../db/query.ts';
import { createAuthority } from './authority.ts';

const [user, other, session] = [randomUUID(), randomUUID(), randomUUID()];

/** A database that answers on demand. */
function slowDatabase() {
  const queries: PromiseWithResolvers<unknown>[] = [];
  const query = () => {
    const answer = Promise.withResolvers<unknown>();
    queries.push(answer);
    return answer.promise;
  };
  const answer = (index: number, name: string) =>
    queries[index]?.resolve({ rows: [{ session_id: session, user_id: user, name, roles: [] }] });
  return { db: { query } as unknown as Queryable, queries, answer };
}

test('ID17 concurrent callers share one query', async () => {
  const { db, queries, answer } = slowDatabase();
  const authority = createAuthority(db);
  const all = Array.from({ length: 50 }, () => authority.accessOf(user, session));
  expect(queries).toHaveLength(1);
  answer(0, 'Kraus');
  for (const each of await Promise.all(all)) expect(each?.user).toEqual({ id: user, name: 'Kraus' });
  await authority.accessOf(user, session);
  expect(queries).toHaveLength(1);
});

test('ID17 an answer expires after its time', async () => {
  const { db, queries, answer } = slowDatabase();
  const authority = createAuthority(db, { ttlMs: 5 });
  const first = authority.accessOf(user, session);
  await pause(10); // counted from the start of the query
  const second = authority.accessOf(user, session);
  expect(queries).toHaveLength(2);
  answer(0, 'Old');
  answer(1, 'New');
  expect([(await first)?.user.name, (await second)?.user.name]).toEqual(['Old', 'New']);
});

test('ID17 a query that started before forget is not used after it', async () => {
  const { db, queries, answer } = slowDatabase();
  const authority = createAuthority(db);
  const before = authority.accessOf(user, session);
  void authority.accessOf(other, session);
  authority.forget(user);
  const after = authority.accessOf(user, session);
  expect(queries).toHaveLength(3);
  answer(2, 'After');
  answer(0, 'Before');
  expect([(await before)?.user.name, (await after)?.user.name]).toEqual(['Before', 'After']);
  expect((await authority.accessOf(user, session))?.user.name).toBe('After');
  void authority.accessOf(other, session);
  expect(queries).toHaveLength(3);
  authority.forgetAll();
  void authority.accessOf(other, session);
  expect(queries).toHaveLength(4);
});

test('ID17 a failed query is not cached', async () => {
  const { db, queries, answer } = slowDatabase();
  const authority = createAuthority(db);
  const failed = authority.accessOf(user, session);
  queries[0]?.reject(new Error('gone'));
  await expect(failed).rejects.toThrow('gone');
  const again = authority.accessOf(user, session);
  answer(1, 'Back');
  expect((await again)?.user.name).toBe('Back');
});
