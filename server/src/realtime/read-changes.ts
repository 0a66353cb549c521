import type { Change, ChangesBatch } from '@slate/shared/changes';
import { feedOf, headsOf } from '../db/changes.sql.ts';
import { many, maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { notFound } from '../domain/refusal.ts';
import { changeIn } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';

/** A console further behind should load a fresh board instead. */
export const farthestBehind = 5_000;

/** A place in the feed of a site. */
export type Position = { readonly epoch: string; readonly revision: number };

/** `changes` follow `after` without a gap; null if the next ones no longer exist. */
export type Feed = { epoch: string; head: number; after: number; changes: Change[] | null };

/** Changes after a revision; without one, the latest. Unmasked: mask them with `inView`. */
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
 * Changes after a position without gaps, masked for the view. `resync` if there are none: the database was restored,
 * or the position is ahead of it or too far back. `db` must not be behind what the caller has seen, so not an
 * unchecked replica.
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

/** The batch masked for the view. */
export const inView = (view: View, batch: ChangesBatch): ChangesBatch =>
  view.kind === 'all' ? batch : { ...batch, changes: batch.changes.map((item) => changeIn(view, item)) };

export type Head = { siteId: string; epoch: string; revision: number; at: string };

/** The current revision of each site, and the database's clock. */
export async function readHeads(db: Queryable, siteIds: readonly string[]): Promise<Head[]> {
  const rows = await many(db, headsOf, [siteIds]);
  return rows.map(({ site_id: siteId, epoch, revision, at }) => ({ siteId, epoch, revision, at }));
}
