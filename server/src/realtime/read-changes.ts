import type { Change, ChangesBatch } from '@slate/shared/changes';
import { feedOf, headsOf } from '../db/changes.sql.ts';
import { many, maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { notFound } from '../domain/refusal.ts';
import { changeIn } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';

/** Whoever is further behind is better served by a fresh board. */
export const farthestBehind = 5_000;

/** Where somebody is: what they have seen of a site. */
export type Position = { readonly epoch: string; readonly revision: number };

/** `changes` lead from `after` without a gap towards the head; null where what comes next is not there any more. */
export type Feed = { epoch: string; head: number; after: number; changes: Change[] | null };

/** What happened after a revision; without one, the latest. For everybody's eyes: mask it with `inView`. */
export async function readFeed(
  db: Queryable,
  siteId: string,
  after: number | null,
  limit: number,
): Promise<Feed> {
  const row = await maybeOne(db, feedOf, [siteId, after, limit]);
  if (!row) throw notFound('site');
  const expected = Math.min(row.head, row.after + limit) - row.after;
  return { ...row, changes: row.changes.length === expected ? row.changes : null };
}

/**
 * A gapless run of changes after a position, as someone with this view may see them. `resync` when there is
 * none: the database was restored, the position lies ahead of it, or too far back. `db` must be no further
 * behind than what the caller has seen, so a replica only where that has been checked.
 */
export async function readChanges(
  db: Queryable,
  siteId: string,
  view: View,
  { epoch, after, limit }: { epoch: string; after: number; limit: number },
): Promise<ChangesBatch | 'resync'> {
  const feed = await readFeed(db, siteId, after, limit);
  if (feed.epoch !== epoch || !feed.changes || feed.head - after > farthestBehind) return 'resync';
  return inView(view, { epoch, from: after, to: after + feed.changes.length, changes: feed.changes });
}

/** The same batch as someone with this view may see it. */
export const inView = (view: View, batch: ChangesBatch): ChangesBatch =>
  view.kind === 'all' ? batch : { ...batch, changes: batch.changes.map((item) => changeIn(view, item)) };

export type Head = { siteId: string; epoch: string; revision: number; at: string };

/** Where these sites are, and the database's clock. */
export async function readHeads(db: Queryable, siteIds: readonly string[]): Promise<Head[]> {
  const rows = await many(db, headsOf, [siteIds]);
  return rows.map(({ site_id: siteId, epoch, revision, at }) => ({ siteId, epoch, revision, at }));
}
