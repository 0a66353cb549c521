import type { Change, ChangesBatch } from '@slate/shared/changes';
import type { WallSettings } from '@slate/shared/sites';
import { feedOf, headsOf } from '../db/changes.sql.ts';
import { many, maybeOne } from '../db/query.ts';
import type { Queryable } from '../db/query.ts';
import { notFound } from '../domain/refusal.ts';
import { changeIn } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';

/** A console further behind should load a fresh board instead. */
export const maxBehind = 5_000;

/** A place in the feed of a site. */
export type Position = { readonly epoch: string; readonly revision: number };

/** `changes` follow `after` without a gap; null if the next ones no longer exist. */
export type Feed = {
  epoch: string;
  head: number;
  after: number;
  settings: WallSettings;
  changes: Change[] | null;
};

/** Reads the changes after a revision; without one, the latest. Not masked: mask them with `inView`. */
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
 * Reads the changes after a position without gaps, masked for the view. Returns `resync` if there are none: the database
 * was restored, the position is ahead of it or too far back, or a wall board has to load its board again. `db` must not
 * be an unchecked replica, which may be behind the caller.
 */
export async function readChanges(
  db: Queryable,
  siteId: string,
  view: View,
  { epoch, after, limit }: { epoch: string; after: number; limit: number },
): Promise<ChangesBatch | 'resync'> {
  const feed = await readFeed(db, siteId, after, limit);
  if (feed.epoch !== epoch || !feed.changes || feed.head - after > maxBehind) return 'resync';
  const batch = { epoch, from: after, to: after + feed.changes.length, changes: feed.changes };
  return inView(view, batch, feed.settings);
}

/**
 * Masks the batch for the view. Returns `resync` for a wall board if the site has changed: other settings show or hide
 * parts of cases that it already has.
 */
export function inView(view: View, batch: ChangesBatch, settings: WallSettings): ChangesBatch | 'resync' {
  if (view.kind === 'all') return batch;
  if (view.kind === 'no-patients' && batch.changes.some(({ body }) => body.type === 'site')) return 'resync';
  return { ...batch, changes: batch.changes.map((item) => changeIn(view, item, settings)) };
}

export type Head = { siteId: string; epoch: string; revision: number; at: string };

/** Reads the current revision of each site, and the database's clock. */
export async function readHeads(db: Queryable, siteIds: readonly string[]): Promise<Head[]> {
  const rows = await many(db, headsOf, [siteIds]);
  return rows.map(({ site_id: siteId, epoch, revision, at }) => ({ siteId, epoch, revision, at }));
}
