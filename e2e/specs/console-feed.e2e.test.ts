import { randomUUID } from 'node:crypto';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { at } from '../../server/test/hospital.ts';
import { layCable } from '../helpers/network/cable.ts';
import type { Cable } from '../helpers/network/cable.ts';
import { date, openFeedDeployment, otherDate } from '../helpers/console/feed-deployment.ts';
import type { FeedConsole, FeedDeployment } from '../helpers/console/feed-deployment.ts';

// The console's own feed code, between real servers.

let deployment: FeedDeployment;
let cable: Cable;
let mine: FeedConsole;

describe('the feed of the console', () => {
  beforeAll(async () => {
    deployment = await openFeedDeployment();
  });
  afterAll(() => deployment.end());
  beforeEach(async () => {
    mine = await deployment.openConsole();
    cable = mine.cable;
    await mine.until(() => mine.isLive() && mine.board() !== null);
  });
  afterEach(async () => {
    await mine.end();
    await deployment.releaseAll();
    vi.unstubAllGlobals();
  });

  test('shows a hold of another desk, and its release', async () => {
    const item = await deployment.hold();
    await mine.isShown(item);
    await deployment.release(item);
    await mine.isGone(item);
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('is offline while the cable is unplugged, shows since when, and catches up afterwards', async () => {
    cable.pull();
    await mine.until(mine.isOffline);
    const connection = mine.connection();
    expect(connection.status === 'offline' && connection.since).toBeLessThanOrEqual(mine.serverNow());
    // The board stays as it was.
    expect(mine.board()).not.toBeNull();
    for (let count = 0; count < 30; count++) await deployment.hold();
    expect(mine.board()?.cases).toEqual([]);
    cable.putBack();
    mine.feed.retry();
    expect(await mine.isUpToDate()).toBe(true);
    expect(mine.board()?.cases.length).toBe(30);
    await mine.until(mine.isLive);
  });

  test('FE7 compares each change with the state just before it, also for several at once', async () => {
    const changes: (string | undefined)[][] = [];
    mine.subscribeToChanges(({ body }, before) => {
      if (body.type === 'case') changes.push([body.cause, before?.state, before?.start ?? undefined]);
    });
    cable.pull();
    await mine.until(mine.isOffline);
    const item = await deployment.hold();
    const path = `${deployment.site}/cases/${item.id}`;
    const start = addMinutes(item.start ?? '', 600);
    const to = { version: item.version, roomId: item.roomId, start, overrideReason: 'Feed' };
    await deployment.desk.post(`${path}/move`, to);
    const { body } = await deployment.desk.post(`${path}/release`, {});
    cable.putBack();
    mine.feed.retry();
    await mine.until(() => (mine.board()?.revision ?? -1) >= Number(body.revision));
    expect(changes).toEqual([
      ['held', undefined, undefined],
      ['moved', 'held', item.start],
      ['released', 'held', start],
    ]);
  });

  test('reconnects to another server when its own was killed', async () => {
    cable.pull();
    cable.putBack(deployment.servers[1]?.url);
    await deployment.hold();
    expect(await mine.isUpToDate()).toBe(true);
    await mine.until(mine.isLive);
    // That was too short to count as offline.
    expect(mine.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
  });

  test('loses nothing when the cable is unplugged again and again', async () => {
    const pulls = (async () => {
      for (let count = 0; count < 8; count++) {
        await mine.until(mine.isLive);
        cable.pull();
        await mine.until(() => !mine.isLive());
        cable.putBack();
        mine.feed.retry();
      }
    })();
    const items: Case[] = [];
    for (let count = 0; count < 60; count++) {
      items.push(await deployment.hold());
      if (count % 3 === 2) await deployment.release(items.shift() as Case);
    }
    await pulls;
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('loads the board again after the database was restored', async () => {
    const item = await deployment.hold();
    await mine.isShown(item);
    const epoch = randomUUID();
    await deployment.owner.query('UPDATE sites SET epoch = $2, revision = revision + 5 WHERE id = $1', [
      deployment.siteId,
      epoch,
    ]);
    // The next change belongs to another epoch.
    await deployment.hold();
    await mine.until(() => mine.board()?.epoch === epoch);
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('shows other days at once in their last known state, then updates them', async () => {
    const item = await deployment.hold();
    await mine.isShown(item);
    mine.feed.show(otherDate, 1);
    expect(mine.boardStore.getState().view).toBeNull();
    await mine.until(() => mine.board()?.range.start === at('00:00', 21));
    await deployment.release(item);
    mine.feed.show(date, 1);
    const { view, isStale } = mine.boardStore.getState();
    expect([isStale, view?.board.cases.map(({ id }) => id)]).toEqual([true, [item.id]]);
    await mine.until(() => mine.board()?.cases.length === 0);
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('shows the days that were requested last', async () => {
    for (let days = 0; days < 10; days++) mine.feed.show(at('00:00', 21 + days).slice(0, 10), 1);
    mine.feed.show(date, 1);
    await mine.until(() => mine.board() !== null);
    expect(mine.board()?.range.start).toBe(at('00:00', 20));
    await deployment.hold();
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('reconnects at once after the computer slept, although no connection was reported dead', async () => {
    cable.freeze();
    const item = await deployment.hold();
    mine.feed.awake();
    await mine.isShown(item);
    await mine.until(mine.isLive);
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('gets a new token when its own is refused on connecting', async () => {
    mine.useToken('expired');
    cable.pull();
    await deployment.hold();
    cable.putBack();
    mine.feed.retry();
    await mine.until(mine.isLive);
    expect(mine.hasToken()).not.toBe('expired');
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('moves to another server when its own shuts down, and misses nothing', async () => {
    const leaving = await deployment.startServer();
    cable.putBack(leaving.url);
    cable.pull();
    await mine.until(() => !mine.isLive());
    cable.putBack(leaving.url);
    mine.feed.retry();
    await mine.until(mine.isLive);
    const gone = leaving.stop();
    cable.putBack(deployment.servers[0]?.url);
    const item = await deployment.hold();
    await mine.isShown(item);
    await mine.until(mine.isLive);
    expect(mine.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
    expect(await gone).toBe(0);
    expect(await mine.isUpToDate()).toBe(true);
  });

  test('shows days requested while the cable was unplugged when it is back', async () => {
    const item = await deployment.hold();
    cable.pull();
    await mine.until(() => !mine.isLive());
    mine.feed.show(otherDate, 1);
    await mine.until(() => mine.boardStore.getState().failure === 'unreachable');
    mine.feed.show(date, 1);
    const { view, isStale } = mine.boardStore.getState();
    expect([isStale, view?.date]).toEqual([true, date]);
    await deployment.release(item);
    cable.putBack();
    mine.feed.retry();
    await mine.until(() => mine.board()?.cases.length === 0);
    expect(mine.boardStore.getState().failure).toBeNull();
    await mine.until(mine.isLive);
  });

  test('after reconnecting, sends again which case it looks at', async () => {
    const item = await deployment.hold();
    const second = await layCable(deployment.servers[1]?.url ?? '');
    const other = await deployment.openConsole({ cable: second });
    const isSeen = () => mine.people()?.some(({ caseId }) => caseId === item.id) === true;
    try {
      other.feed.setSelected(item.id);
      await mine.until(isSeen);
      second.pull();
      await mine.until(() => !isSeen());
      expect(mine.people()).toHaveLength(1);
      second.putBack();
      other.feed.retry();
      await mine.until(isSeen);
    } finally {
      await other.end();
    }
  });

  test('loses no change that happens while other days load', async () => {
    for (let count = 0; count < 15; count++) {
      mine.feed.show(otherDate, 1);
      const items = [deployment.hold(), deployment.hold(), deployment.hold()];
      mine.feed.show(date, 1);
      await Promise.all(items);
      await mine.until(() => mine.board() !== null);
      expect(await mine.isUpToDate()).toBe(true);
    }
  });

  test('fetches the change of a reply when the push does not deliver it', async () => {
    cable.pull();
    await mine.until(() => !mine.isLive());
    await deployment.hold();
    const { revision } = await deployment.board();
    cable.putBack();
    mine.feed.expectRevision(revision);
    await mine.feed.whenReached(revision);
    expect(await mine.isUpToDate()).toBe(true);
  });
});
