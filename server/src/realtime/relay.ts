import type { Change, ChangesBatch } from '@slate/shared/changes';
import { liveLimits } from '@slate/shared/socket-events';
import type { Heartbeat } from '@slate/shared/socket-events';
import type { Queryable } from '../db/query.ts';
import { viewKey } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import { farthestBehind, inView, readFeed, readHeads } from './read-changes.ts';
import type { Feed, Position } from './read-changes.ts';

/** How many changes one batch has at most, and how many are kept for consoles that come back. */
export const atOnce = liveLimits.changesAtOnce;

/** A site that somebody here follows. */
type Followed = {
  readonly siteId: string;
  /** Null until the first read has told where the site is. */
  epoch: string | null;
  /** The revision up to which everything has been sent to every view. */
  head: number;
  /** The last changes up to the head, without a gap. */
  recent: Change[];
  readonly views: Map<string, { view: View; followers: number }>;
  /** Those who are about to follow. */
  arriving: number;
  isReading: boolean;
  read: Promise<void>;
  /** Something happened after the read that is under way had begun. */
  isWoken: boolean;
  wokenAt: number;
};

export type RelayDeps = {
  /** The primary: a replica may be behind what a console has already seen. */
  db: Queryable;
  /** Sends to everyone at the site who has this view. */
  emit: (siteId: string, view: View, batch: ChangesBatch) => void;
  /** Called for what has been sent: how many changes, and how long after they were heard of. */
  pushed: (changes: number, seconds: number) => void;
  log: { error(details: object, message: string): void };
};

/**
 * Reads each followed site's feed once per process and sends it on, masked once per view. For every view,
 * each batch begins where the one before it ended. After a restore, and where the feed is no longer whole,
 * an empty batch at the new head is sent: it fits on nothing that anyone has, so everyone takes a fresh board.
 */
export function createRelay({ db, emit, pushed, log }: RelayDeps) {
  const sites = new Map<string, Followed>();

  function open(siteId: string): Followed {
    const known = sites.get(siteId);
    if (known) return known;
    const site: Followed = {
      siteId,
      epoch: null,
      head: 0,
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

  function closeIfLeft(site: Followed) {
    if (site.arriving === 0 && site.views.size === 0) sites.delete(site.siteId);
  }

  /** Done when everything has been sent that was committed before the call. */
  function catchUp(site: Followed): Promise<void> {
    if (!site.isWoken) site.wokenAt = performance.now();
    site.isWoken = true;
    if (!site.isReading) site.read = read(site);
    return site.read;
  }

  async function read(site: Followed) {
    site.isReading = true;
    try {
      while (site.isWoken && sites.get(site.siteId) === site) {
        site.isWoken = false;
        const feed = await readFeed(db, site.siteId, site.epoch === null ? null : site.head, atOnce);
        take(site, feed);
        if (feed.head > site.head) site.isWoken = true;
      }
    } finally {
      // Together with the last look at `isWoken`: whoever wakes the site from now on begins a new read.
      site.isReading = false;
    }
  }

  function take(site: Followed, feed: Feed) {
    if (site.epoch === null) start(site, feed);
    else if (feed.epoch !== site.epoch) restart(site, feed);
    else if (feed.head < site.head) {
      // Only a restore without a new epoch, or a failover that lost commits, can do this.
      const { siteId } = site;
      log.error({ siteId }, 'the database is behind what consoles have seen: give the site a new epoch');
    } else if (!feed.changes || feed.head - site.head > farthestBehind) restart(site, feed);
    else publish(site, feed.changes);
  }

  function start(site: Followed, { epoch, head, changes }: Feed) {
    site.epoch = epoch;
    site.head = head;
    site.recent = changes ?? [];
  }

  function restart(site: Followed, { epoch, head }: Feed) {
    start(site, { epoch, head, after: head, changes: [] });
    send(site, { epoch, from: head, to: head, changes: [] });
  }

  function publish(site: Followed, changes: Change[]) {
    if (site.epoch === null || changes.length === 0) return;
    const from = site.head;
    site.head += changes.length;
    site.recent = [...site.recent, ...changes].slice(-atOnce);
    send(site, { epoch: site.epoch, from, to: site.head, changes });
    pushed(changes.length, (performance.now() - site.wokenAt) / 1000);
  }

  function send(site: Followed, batch: ChangesBatch) {
    for (const { view } of site.views.values()) emit(site.siteId, view, inView(view, batch));
  }

  /** The changes after a position, up to where the site is now; undefined where they are not kept. */
  function missedSince(site: Followed, { epoch, revision }: Position) {
    const count = site.head - revision;
    if (epoch !== site.epoch || count < 0 || count > site.recent.length) return undefined;
    return site.recent.slice(site.recent.length - count);
  }

  return {
    /**
     * Makes somebody a follower and answers what they missed. `join` is called at one moment with which both
     * sides agree: what was committed up to it is in the answer, what comes later is sent to the view. It
     * answers whether they are still there. Whoever has joined leaves with `leave`, whatever the answer was.
     * Before that, `pay` charges for the changes missed so far; those that come while it waits are free, like
     * every live change.
     */
    async follow(
      siteId: string,
      view: View,
      since: Position,
      pay: (missed: number) => Promise<void>,
      join: () => boolean,
    ): Promise<ChangesBatch | 'resync'> {
      const site = open(siteId);
      site.arriving += 1;
      try {
        // The caller may have seen what was committed just now and has not been read here yet.
        if (since.epoch !== site.epoch || since.revision > site.head) await catchUp(site);
        const charged = missedSince(site, since);
        if (!charged) return 'resync';
        await pay(charged.length);
        const missed = missedSince(site, since);
        if (!missed || !join()) return 'resync';
        const key = viewKey(view);
        const { followers = 0 } = site.views.get(key) ?? {};
        site.views.set(key, { view, followers: followers + 1 });
        return inView(view, { epoch: since.epoch, from: since.revision, to: site.head, changes: missed });
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

    /** Up to where each followed site has been sent on. */
    heads: () => [...sites.values()].map(({ siteId, head }) => [siteId, head] as const),

    /** Something was committed at the site; without a site, perhaps at any. */
    wake(siteId?: string) {
      for (const site of siteId === undefined ? sites.values() : [sites.get(siteId)]) {
        // Whatever could not be read now is read when the poll finds it missing.
        if (site) catchUp(site).catch((error: unknown) => log.error({ err: error }, 'the feed was not read'));
      }
    },

    /**
     * Looks where all followed sites are and catches up with those that moved on: what a wake-up is for, if
     * none came. Answers where they are once everything up to there has been sent.
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
