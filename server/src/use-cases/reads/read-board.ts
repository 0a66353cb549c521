import { createHash } from 'node:crypto';
import { busyMayTake, busyTimeOf } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { BoardQuery } from '@slate/shared/contract/reads';
import type { Block, Closure, Site, WallSettings } from '@slate/shared/sites';
import { localDay, overlaps } from '@slate/shared/time';
import type { TimeRange } from '@slate/shared/time';
import { LRUCache } from 'lru-cache';
import { boardOf, siteHeadOf } from '../../db/board.sql.ts';
import type { BoardText, SiteHead } from '../../db/board.sql.ts';
import { maybeOne, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { notFound } from '../../domain/refusal.ts';
import { blockIn, caseIn, closureIn, viewKey } from '../../domain/visibility.ts';
import type { View } from '../../domain/visibility.ts';

type Snapshot = { epoch: string; revision: number; etag: string; rest: string };
type BoardAnswer = { etag: string; json(): string };
export type BoardReader = (siteId: string, query: BoardQuery, view: View) => Promise<BoardAnswer>;

const cacheBytes = 64 * 1024 * 1024;

/**
 * Reads boards, each at most once per revision and view. Asks the database for the revision every time, so that a
 * cached board is never stale. Only the clock in it is always new.
 */
export function createBoardReader(db: Queryable): BoardReader {
  const cache = new LRUCache<string, Snapshot>({
    maxSize: cacheBytes,
    sizeCalculation: ({ rest }) => rest.length,
  });
  const pendingReads = new Map<string, Promise<Snapshot>>();

  async function load(key: string, siteId: string, range: TimeRange, view: View): Promise<Snapshot> {
    const text = await one(db, boardOf, [siteId, range.start, range.end]);
    const etag = `"${text.epoch}.${text.revision}.${viewName(view)}"`;
    const snapshot = { epoch: text.epoch, revision: text.revision, etag, rest: restOf(text, range, view) };
    cache.set(key, snapshot);
    return snapshot;
  }

  return async (siteId, { date, days }, view) => {
    const head = await maybeOne(db, siteHeadOf, [siteId]);
    if (!head) throw notFound('site');
    const key = `${siteId} ${head.time_zone} ${date} ${days} ${viewKey(view)}`;
    let snapshot = cache.get(key);
    if (!snapshot || !isCurrent(snapshot, head)) {
      // Concurrent requests for one board share one query.
      const reading = `${key} ${head.revision}`;
      const pending =
        pendingReads.get(reading) ??
        load(key, siteId, localDay(date, head.time_zone, days), view).finally(() =>
          pendingReads.delete(reading),
        );
      pendingReads.set(reading, pending);
      snapshot = await pending;
    }
    const { etag, rest } = snapshot;
    return { etag, json: () => `{"at":"${head.at}",${rest}` };
  };
}

const isCurrent = (snapshot: Snapshot, head: SiteHead) =>
  snapshot.epoch === head.epoch && snapshot.revision >= head.revision;

/** The surgeons of an office can change without a new revision, so they are part of the key. */
const viewName = (view: View) => createHash('sha256').update(viewKey(view)).digest('base64url').slice(0, 16);

/** The JSON of a board after its clock: `at` is prepended to each answer. */
function restOf(text: BoardText, range: TimeRange, view: View): string {
  const { settings } = JSON.parse(text.site) as Site;
  const { cases, depot, busy } = casesIn(text, range, view, settings);
  const isWall = view.kind === 'no-patients';
  const closures = isWall
    ? JSON.stringify((JSON.parse(text.closures) as Closure[]).map((item) => closureIn(view, item)))
    : text.closures;
  const blocks = isWall
    ? JSON.stringify((JSON.parse(text.blocks) as Block[]).map((item) => blockIn(view, item, settings)))
    : text.blocks;
  return (
    `"epoch":"${text.epoch}","revision":${text.revision},"range":${JSON.stringify(range)},"site":${text.site},` +
    `"resources":${text.resources},"procedures":${text.procedures},"blocks":${blocks},` +
    `"closures":${closures},"cases":${cases},"busy":${busy},"depot":${depot}}`
  );
}

function casesIn(text: BoardText, range: TimeRange, view: View, settings: WallSettings) {
  if (view.kind === 'all') return { cases: text.cases, depot: text.depot, busy: '[]' };
  const cases = JSON.parse(text.cases) as Case[];
  const depot = JSON.parse(text.depot) as Case[];
  const visible = (items: Case[]) =>
    JSON.stringify(items.flatMap((item) => caseIn(view, item, settings) ?? []));
  const others = cases.filter((item) => caseIn(view, item, settings) === null);
  const busy = others
    .flatMap((item) => busyTimeOf(item) ?? [])
    .filter((time) => overlaps(busyMayTake(time), range));
  return { cases: visible(cases), depot: visible(depot), busy: JSON.stringify(busy) };
}
