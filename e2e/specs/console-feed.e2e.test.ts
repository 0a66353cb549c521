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
let console: FeedConsole;

describe('the feed of the console', () => {
  beforeAll(async () => {
    deployment = await openFeedDeployment();
  });
  afterAll(() => deployment.end());
  beforeEach(async () => {
    console = await deployment.openConsole();
    cable = console.cable;
    await console.until(() => console.isLive() && console.board() !== null);
  });
  afterEach(async () => {
    await console.end();
    await deployment.releaseAll();
    vi.unstubAllGlobals();
  });

  test('shows a hold of another desk, and its release', async () => {
    const item = await deployment.hold();
    await console.untilShown(item);
    await deployment.release(item);
    await console.untilGone(item);
    expect(await console.isUpToDate()).toBe(true);
  });

  test('is offline while the cable is unplugged, shows since when, and catches up afterwards', async () => {
    cable.pull();
    await console.until(console.isOffline);
    const connection = console.connection();
    expect(connection.status === 'offline' && connection.since).toBeLessThanOrEqual(console.serverNow());
    // The board stays as it was.
    expect(console.board()).not.toBeNull();
    for (let count = 0; count < 30; count++) await deployment.hold();
    expect(console.board()?.cases).toEqual([]);
    cable.putBack();
    console.feed.retry();
    expect(await console.isUpToDate()).toBe(true);
    expect(console.board()?.cases.length).toBe(30);
    await console.until(console.isLive);
  });

  test('FE7 compares each change with the state just before it, also for several at once', async () => {
    const changes: (string | undefined)[][] = [];
    console.subscribeToChanges(({ body }, before) => {
      if (body.type === 'case') changes.push([body.cause, before?.state, before?.start ?? undefined]);
    });
    cable.pull();
    await console.until(console.isOffline);
    const item = await deployment.hold();
    const path = `${deployment.site}/cases/${item.id}`;
    const start = addMinutes(item.start ?? '', 600);
    const to = { version: item.version, roomId: item.roomId, start, overrideReason: 'Feed' };
    await deployment.desk.post(`${path}/move`, to);
    const { body } = await deployment.desk.post(`${path}/release`, {});
    cable.putBack();
    console.feed.retry();
    await console.until(() => (console.board()?.revision ?? -1) >= Number(body.revision));
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
    expect(await console.isUpToDate()).toBe(true);
    await console.until(console.isLive);
    // That was too short to count as offline.
    expect(console.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
  });

  test('loses nothing when the cable is unplugged again and again', async () => {
    const pulls = (async () => {
      for (let count = 0; count < 8; count++) {
        await console.until(console.isLive);
        cable.pull();
        await console.until(() => !console.isLive());
        cable.putBack();
        console.feed.retry();
      }
    })();
    const items: Case[] = [];
    for (let count = 0; count < 60; count++) {
      items.push(await deployment.hold());
      if (count % 3 === 2) await deployment.release(items.shift() as Case);
    }
    await pulls;
    expect(await console.isUpToDate()).toBe(true);
  });

  test('loads the board again after the database was restored', async () => {
    const item = await deployment.hold();
    await console.untilShown(item);
    const epoch = randomUUID();
    await deployment.owner.query('UPDATE sites SET epoch = $2, revision = revision + 5 WHERE id = $1', [
      deployment.siteId,
      epoch,
    ]);
    // The next change belongs to another epoch.
    await deployment.hold();
    await console.until(() => console.board()?.epoch === epoch);
    expect(await console.isUpToDate()).toBe(true);
  });

  test('shows other days at once in their last known state, then updates them', async () => {
    const item = await deployment.hold();
    await console.untilShown(item);
    console.feed.show(otherDate, 1);
    expect(console.boardStore.getState().view).toBeNull();
    await console.until(() => console.board()?.range.start === at('00:00', 21));
    await deployment.release(item);
    console.feed.show(date, 1);
    const { view, isStale } = console.boardStore.getState();
    expect([isStale, view?.board.cases.map(({ id }) => id)]).toEqual([true, [item.id]]);
    await console.until(() => console.board()?.cases.length === 0);
    expect(await console.isUpToDate()).toBe(true);
  });

  test('shows the days that were requested last', async () => {
    for (let days = 0; days < 10; days++) console.feed.show(at('00:00', 21 + days).slice(0, 10), 1);
    console.feed.show(date, 1);
    await console.until(() => console.board() !== null);
    expect(console.board()?.range.start).toBe(at('00:00', 20));
    await deployment.hold();
    expect(await console.isUpToDate()).toBe(true);
  });

  test('reconnects at once after the computer slept, although no connection was reported dead', async () => {
    cable.freeze();
    const item = await deployment.hold();
    console.feed.awake();
    await console.untilShown(item);
    await console.until(console.isLive);
    expect(await console.isUpToDate()).toBe(true);
  });

  test('gets a new token when its own is refused on connecting', async () => {
    console.useToken('expired');
    cable.pull();
    await deployment.hold();
    cable.putBack();
    console.feed.retry();
    await console.until(console.isLive);
    expect(console.hasToken()).not.toBe('expired');
    expect(await console.isUpToDate()).toBe(true);
  });

  test('moves to another server when its own shuts down, and misses nothing', async () => {
    const leaving = await deployment.startServer();
    cable.putBack(leaving.url);
    cable.pull();
    await console.until(() => !console.isLive());
    cable.putBack(leaving.url);
    console.feed.retry();
    await console.until(console.isLive);
    const exitCode = leaving.stop();
    cable.putBack(deployment.servers[0]?.url);
    const item = await deployment.hold();
    await console.untilShown(item);
    await console.until(console.isLive);
    expect(console.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
    expect(await exitCode).toBe(0);
    expect(await console.isUpToDate()).toBe(true);
  });

  test('shows days requested while the cable was unplugged when it is back', async () => {
    const item = await deployment.hold();
    cable.pull();
    await console.until(() => !console.isLive());
    console.feed.show(otherDate, 1);
    await console.until(() => console.boardStore.getState().failure === 'unreachable');
    console.feed.show(date, 1);
    const { view, isStale } = console.boardStore.getState();
    expect([isStale, view?.date]).toEqual([true, date]);
    await deployment.release(item);
    cable.putBack();
    console.feed.retry();
    await console.until(() => console.board()?.cases.length === 0);
    expect(console.boardStore.getState().failure).toBeNull();
    await console.until(console.isLive);
  });

  test('after reconnecting, sends again which case it looks at', async () => {
    const item = await deployment.hold();
    const second = await layCable(deployment.servers[1]?.url ?? '');
    const other = await deployment.openConsole({ cable: second });
    const isSeen = () => console.people()?.some(({ caseId }) => caseId === item.id) === true;
    try {
      other.feed.setSelected(item.id);
      await console.until(isSeen);
      second.pull();
      await console.until(() => !isSeen());
      expect(console.people()).toHaveLength(1);
      second.putBack();
      other.feed.retry();
      await console.until(isSeen);
    } finally {
      await other.end();
    }
  });

  test('loses no change that happens while other days load', async () => {
    for (let count = 0; count < 15; count++) {
      console.feed.show(otherDate, 1);
      const items = [deployment.hold(), deployment.hold(), deployment.hold()];
      console.feed.show(date, 1);
      await Promise.all(items);
      await console.until(() => console.board() !== null);
      expect(await console.isUpToDate()).toBe(true);
    }
  });

  test('fetches the change of a reply when the push does not deliver it', async () => {
    cable.pull();
    await console.until(() => !console.isLive());
    await deployment.hold();
    const { revision } = await deployment.board();
    cable.putBack();
    console.feed.expectRevision(revision);
    await console.feed.whenReached(revision);
    expect(await console.isUpToDate()).toBe(true);
  });
});
