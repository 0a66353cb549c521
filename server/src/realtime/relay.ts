import type { Change, ChangesBatch } from '@slate/shared/changes';
import type { WallSettings } from '@slate/shared/sites';
import { liveLimits } from '@slate/shared/socket-events';
import type { Heartbeat } from '@slate/shared/socket-events';
import type { Queryable } from '../db/query.ts';
import { viewKey, wallHidesAll } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import { maxBehind, inView, readFeed, readHeads } from './read-changes.ts';
import type { Feed, Position } from './read-changes.ts';

/** The maximum of changes in a batch, and the number kept for returning consoles. */
export const atOnce = liveLimits.changesAtOnce;

/** A site with followers on this process. */
type FollowedSite = {
  readonly siteId: string;
  /** Null until the first read. */
  epoch: string | null;
  /** Everything up to this revision has been sent to every view. */
  head: number;
  /** As of the last read, so never older than the changes. */
  settings: WallSettings;
  /** The last changes up to the head, without a gap. */
  recent: Change[];
  readonly views: Map<string, { view: View; followers: number }>;
  /** The number of connections that are about to follow. */
  arriving: number;
  isReading: boolean;
  read: Promise<void>;
  /** A wake-up arrived after the current read had started. */
  isWoken: boolean;
  wokenAt: number;
};

export type RelayDeps = {
  /** The primary: a replica may be behind what a console has seen. */
  db: Queryable;
  /** Sends to everyone at the site with this view. */
  emit: (siteId: string, view: View, batch: ChangesBatch) => void;
  /** Called after sending, with the number of changes and the time since the wake-up. */
  pushed: (changes: number, seconds: number) => void;
  log: { error(details: object, message: string): void };
};

const emptyAt = (epoch: string, head: number): ChangesBatch => ({ epoch, from: head, to: head, changes: [] });

/**
 * Reads the feed of each followed site once per process, masks it once per view, and sends it. For each view, every
 * batch starts where the previous one ended. After a restore, or if the feed has a gap, it sends an empty batch at
 * the new head: that fits no console, so all load a fresh board. Wall boards also get one when the site changes.
 */
export function createRelay({ db, emit, pushed, log }: RelayDeps) {
  const sites = new Map<string, FollowedSite>();

  function open(siteId: string): FollowedSite {
    const existing = sites.get(siteId);
    if (existing) return existing;
    const site: FollowedSite = {
      siteId,
      epoch: null,
      head: 0,
      settings: wallHidesAll,
      recent: [],
      views: new Map(),
      arriving: 0,
      isReading: false,
      read: Promise.resolve(),
      isWoken: false,
      wokenAt: 0,
    };
    sites.set(siteId, site);
    return site;
  }

  function closeIfLeft(site: FollowedSite) {
    if (site.arriving === 0 && site.views.size === 0) sites.delete(site.siteId);
  }

  /** Resolves when everything committed before the call has been sent. */
  function catchUp(site: FollowedSite): Promise<void> {
    if (!site.isWoken) site.wokenAt = performance.now();
    site.isWoken = true;
    if (!site.isReading) site.read = read(site);
    return site.read;
  }

  async function read(site: FollowedSite) {
    site.isReading = true;
    try {
      while (site.isWoken && sites.get(site.siteId) === site) {
        site.isWoken = false;
        const feed = await readFeed(db, site.siteId, site.epoch === null ? null : site.head, atOnce);
        take(site, feed);
        if (feed.head > site.head) site.isWoken = true;
      }
    } finally {
      // In the same tick as the last check of `isWoken`, so that no wake-up is lost.
      site.isReading = false;
    }
  }

  function take(site: FollowedSite, feed: Feed) {
    site.settings = feed.settings;
    if (site.epoch === null) start(site, feed);
    else if (feed.epoch !== site.epoch) restart(site, feed);
    else if (feed.head < site.head) {
      // Happens only after a restore without a new epoch, or a failover that lost commits.
      const { siteId } = site;
      log.error({ siteId }, 'the database is behind what consoles have seen: give the site a new epoch');
    } else if (!feed.changes || feed.head - site.head > maxBehind) restart(site, feed);
    else publish(site, feed.changes);
  }

  function start(site: FollowedSite, { epoch, head, changes }: Pick<Feed, 'epoch' | 'head' | 'changes'>) {
    site.epoch = epoch;
    site.head = head;
    site.recent = changes ?? [];
  }

  function restart(site: FollowedSite, { epoch, head }: Feed) {
    start(site, { epoch, head, changes: [] });
    send(site, emptyAt(epoch, head));
  }

  function publish(site: FollowedSite, changes: Change[]) {
    if (site.epoch === null || changes.length === 0) return;
    const from = site.head;
    site.head += changes.length;
    site.recent = [...site.recent, ...changes].slice(-atOnce);
    send(site, { epoch: site.epoch, from, to: site.head, changes });
    pushed(changes.length, (performance.now() - site.wokenAt) / 1000);
  }

  function send(site: FollowedSite, batch: ChangesBatch) {
    for (const { view } of site.views.values()) {
      const masked = inView(view, batch, site.settings);
      emit(site.siteId, view, masked === 'resync' ? emptyAt(batch.epoch, batch.to) : masked);
    }
  }

  /** The changes after a position up to the head; undefined if they are not all in memory. */
  function missedSince(site: FollowedSite, { epoch, revision }: Position) {
    const count = site.head - revision;
    if (epoch !== site.epoch || count < 0 || count > site.recent.length) return undefined;
    return site.recent.slice(site.recent.length - count);
  }

  return {
    /**
     * Adds a follower and returns the changes they missed. `join` is called at one exact point: changes up to it are
     * in the answer, later ones are sent to the view. It returns whether the connection is still open. After a join,
     * call `leave` in any case. Before it, `charge` is called with the number of changes missed so far; those that arrive
     * during the charge are free, like all live changes.
     */
    async follow(
      siteId: string,
      view: View,
      since: Position,
      charge: (missed: number) => Promise<void>,
      join: () => boolean,
    ): Promise<ChangesBatch | 'resync'> {
      const site = open(siteId);
      site.arriving += 1;
      try {
        // The caller may have seen a commit that this process has not read yet.
        if (since.epoch !== site.epoch || since.revision > site.head) await catchUp(site);
        const toCharge = missedSince(site, since);
        if (!toCharge) return 'resync';
        await charge(toCharge.length);
        const missed = missedSince(site, since);
        if (!missed) return 'resync';
        const batch = { epoch: since.epoch, from: since.revision, to: site.head, changes: missed };
        const masked = inView(view, batch, site.settings);
        if (masked === 'resync' || !join()) return 'resync';
        const key = viewKey(view);
        const { followers = 0 } = site.views.get(key) ?? {};
        site.views.set(key, { view, followers: followers + 1 });
        return masked;
      } finally {
        site.arriving -= 1;
        closeIfLeft(site);
      }
    },

    leave(siteId: string, view: View) {
      const site = sites.get(siteId);
      const key = viewKey(view);
      const entry = site?.views.get(key);
      if (!site || !entry) return;
      entry.followers -= 1;
      if (entry.followers === 0) site.views.delete(key);
      closeIfLeft(site);
    },

    /** The revision up to which each followed site has been sent. */
    heads: () => [...sites.values()].map(({ siteId, head }) => [siteId, head] as const),

    /** Handles a wake-up of a site; without a site, of all sites. */
    wake(siteId?: string) {
      for (const site of siteId === undefined ? sites.values() : [sites.get(siteId)]) {
        // The next poll reads the changes that cannot be read now.
        if (site)
          catchUp(site).catch((error: unknown) =>
            log.error({ err: error }, 'the feed could not be read; the next poll tries again'),
          );
      }
    },

    /**
     * Checks the revision of every followed site and reads those that are behind, in case a wake-up was lost. Returns
     * their positions after everything up to there was sent.
     */
    async poll(): Promise<(Heartbeat & { siteId: string })[]> {
      if (sites.size === 0) return [];
      const heads = await readHeads(db, [...sites.keys()]);
      const beats = heads.map(async ({ siteId, epoch, revision, at }) => {
        const site = sites.get(siteId);
        if (site && (epoch !== site.epoch || revision > site.head)) await catchUp(site);
        return site?.epoch ? [{ siteId, epoch: site.epoch, revision: site.head, at }] : [];
      });
      const settled = await Promise.allSettled(beats);
      return settled.flatMap((beat) => (beat.status === 'fulfilled' ? beat.value : []));
    },
  };
}

export type Relay = ReturnType<typeof createRelay>;
