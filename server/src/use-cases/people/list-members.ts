import type { Member } from '@slate/shared/contract/people';
import type { RouteInput } from '@slate/shared/contract';
import { id } from '@slate/shared/fields';
import { membersPage } from '../../db/members.sql.ts';
import { many } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { invalid } from '../../domain/refusal.ts';

/** A page of people by name. The cursor is the last one's id; it keeps its place when others come and go. */
export async function listMembers(
  db: Queryable,
  siteId: string,
  { status, limit, cursor }: RouteInput<'users'>['query'],
): Promise<{ users: Member[]; next: string | null }> {
  const after = id.optional().safeParse(cursor);
  if (!after.success) throw invalid('cursor', 'Isn’t a valid cursor. Start again without it.');
  // One more than asked for tells whether there is a next page.
  const found = await many(db, membersPage, [siteId, status ?? null, after.data ?? null, limit + 1]);
  const users = found.slice(0, limit);
  return { users, next: found.length > limit ? (users.at(-1)?.id ?? null) : null };
}
