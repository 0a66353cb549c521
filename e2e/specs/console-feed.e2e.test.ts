import { randomUUID } from 'node:crypto';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Api } from '../../scripts/api.ts';
import { contents } from '../../server/test/board-contents.ts';
import { at } from '../../server/test/hospital.ts';
import { layCable } from '../helpers/cable.ts';
import type { Cable } from '../helpers/cable.ts';
import { openStores } from '../helpers/console/stores.ts';
import type { Stores } from '../helpers/console/stores.ts';
import { openHouse } from '../helpers/house.ts';
import type { House } from '../helpers/house.ts';

// The console's own feed code, between real servers.

const date = at('00:00', 20).slice(0, 10);
const otherDate = at('00:00', 21).slice(0, 10);

let house: House;
let desk: Api;
let cable: Cable;

let mine: Stores;

const freshBoard = async (of = date) =>
  (await desk.get(`/sites/${house.siteId}/board?date=${of}`)).body as unknown as Board;

/** Returns a fresh board, and the board of the console once it has reached that revision. */
async function bothBoards() {
  const fresh = await freshBoard();
  await mine.until(() => (mine.board()?.revision ?? -1) >= fresh.revision);
  const shown = mine.board() ?? fresh;
  return { shown: contents(shown), fresh: contents({ ...fresh, revision: shown.revision }) };
}

let slot = 0;
async function hold(): Promise<Case> {
  const { status, body } = await desk.post(`/sites/${house.siteId}/holds`, {
    roomId: house.rooms[slot % 3],
    start: addMinutes(at('00:00', 20), Math.floor(slot / 3) * 10),
    minutes: 10,
    setupMinutes: 0,
    cleanupMinutes: 0,
    title: `Case ${slot++}`,
    overrideReason: 'Feed',
  });
  expect(status).toBe(201);
  return body.case as Case;
}
const release = (item: Case) => desk.post(`/sites/${house.siteId}/cases/${item.id}/release`, {});

describe('the feed of the console', () => {
  beforeAll(async () => {
    house = await openHouse({ servers: 2 });
    desk = await house.as(house.users.coordinator, house.servers[1]?.url);
  });
  afterAll(async () => {
    await house.end();
  });
  beforeEach(async () => {
    slot = 0;
    cable = await layCable(house.servers[0]?.url ?? '');
    mine = await openStores(house, cable.url);
    mine.feed.show(date, 1);
    await mine.until(() => mine.connection().status === 'live' && mine.board() !== null);
  });
  afterEach(async () => {
    mine.feed.stop();
    await cable.end();
    const { rows } = await house.owner.query<{ id: string }>(
      `SELECT id FROM cases WHERE site_id = $1 AND state = 'held'`,
      [house.siteId],
    );
    await Promise.all(rows.map(({ id }) => desk.post(`/sites/${house.siteId}/cases/${id}/release`, {})));
    vi.unstubAllGlobals();
  });

  test('shows a hold of another desk, and its release', async () => {
    const item = await hold();
    await mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);
    await release(item);
    await mine.until(() => mine.board()?.cases.every(({ id }) => id !== item.id) === true);
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('is offline while the cable is unplugged, shows since when, and catches up afterwards', async () => {
    cable.pull();
    await mine.until(() => mine.connection().status === 'offline');
    const connection = mine.connection();
    expect(connection.status === 'offline' && connection.since).toBeLessThanOrEqual(mine.serverNow());
    // The board stays as it was.
    expect(mine.board()).not.toBeNull();
    for (let count = 0; count < 30; count++) await hold();
    expect(mine.board()?.cases).toEqual([]);
    cable.putBack();
    mine.feed.retry();
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
    expect(mine.board()?.cases.length).toBe(30);
    await mine.until(() => mine.connection().status === 'live');
  });

  test('FE7 compares each change with the state just before it, also for several at once', async () => {
    const changes: (string | undefined)[][] = [];
    mine.subscribeToChanges(({ body }, before) => {
      if (body.type === 'case') changes.push([body.cause, before?.state, before?.start ?? undefined]);
    });
    cable.pull();
    await mine.until(() => mine.connection().status === 'offline');
    const item = await hold();
    const path = `/sites/${house.siteId}/cases/${item.id}`;
    const start = addMinutes(item.start ?? '', 600);
    const to = { version: item.version, roomId: item.roomId, start, overrideReason: 'Feed' };
    await desk.post(`${path}/move`, to);
    const { body } = await desk.post(`${path}/release`, {});
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
    cable.putBack(house.servers[1]?.url);
    await hold();
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
    await mine.until(() => mine.connection().status === 'live');
    // That was too short to count as offline.
    expect(mine.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
  });

  test('loses nothing when the cable is unplugged again and again', async () => {
    const pulls = (async () => {
      for (let count = 0; count < 8; count++) {
        await mine.until(() => mine.connection().status === 'live');
        cable.pull();
        await mine.until(() => mine.connection().status !== 'live');
        cable.putBack();
        mine.feed.retry();
      }
    })();
    const items: Case[] = [];
    for (let count = 0; count < 60; count++) {
      items.push(await hold());
      if (count % 3 === 2) await release(items.shift() as Case);
    }
    await pulls;
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('fetches the board again after a restored database', async () => {
    const item = await hold();
    await mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);
    const epoch = randomUUID();
    await house.owner.query('UPDATE sites SET epoch = $2, revision = revision + 5 WHERE id = $1', [
      house.siteId,
      epoch,
    ]);
    // The next change belongs to another epoch.
    await hold();
    await mine.until(() => mine.board()?.epoch === epoch);
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('shows other days at once in their last known state, then updates them', async () => {
    const item = await hold();
    await mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);
    mine.feed.show(otherDate, 1);
    expect(mine.boardStore.getState().view).toBeNull();
    await mine.until(() => mine.board()?.range.start === at('00:00', 21));
    await release(item);
    mine.feed.show(date, 1);
    const { view, isStale } = mine.boardStore.getState();
    expect([isStale, view?.board.cases.map(({ id }) => id)]).toEqual([true, [item.id]]);
    await mine.until(() => mine.board()?.cases.length === 0);
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('shows the days that were requested last', async () => {
    for (let days = 0; days < 10; days++) mine.feed.show(at('00:00', 21 + days).slice(0, 10), 1);
    mine.feed.show(date, 1);
    await mine.until(() => mine.board() !== null);
    expect(mine.board()?.range.start).toBe(at('00:00', 20));
    await hold();
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('reconnects at once after the computer slept, although no connection was reported dead', async () => {
    cable.freeze();
    const item = await hold();
    mine.feed.awake();
    await mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);
    await mine.until(() => mine.connection().status === 'live');
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('gets a new token when its own is refused on connecting', async () => {
    mine.useToken('expired');
    cable.pull();
    await hold();
    cable.putBack();
    mine.feed.retry();
    await mine.until(() => mine.connection().status === 'live');
    expect(mine.hasToken()).not.toBe('expired');
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('moves to another server when its own shuts down, and misses nothing', async () => {
    const leaving = await house.startServer();
    cable.putBack(leaving.url);
    cable.pull();
    await mine.until(() => mine.connection().status !== 'live');
    cable.putBack(leaving.url);
    mine.feed.retry();
    await mine.until(() => mine.connection().status === 'live');
    const gone = leaving.stop();
    cable.putBack(house.servers[0]?.url);
    const item = await hold();
    await mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);
    await mine.until(() => mine.connection().status === 'live');
    expect(mine.states.slice(-4)).toEqual(['live', 'reconnecting', 'catching_up', 'live']);
    expect(await gone).toBe(0);
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });

  test('shows days requested while the cable was unplugged when it is back', async () => {
    const item = await hold();
    cable.pull();
    await mine.until(() => mine.connection().status !== 'live');
    mine.feed.show(otherDate, 1);
    await mine.until(() => mine.boardStore.getState().failure === 'unreachable');
    mine.feed.show(date, 1);
    const { view, isStale } = mine.boardStore.getState();
    expect([isStale, view?.date]).toEqual([true, date]);
    await release(item);
    cable.putBack();
    mine.feed.retry();
    await mine.until(() => mine.board()?.cases.length === 0);
    expect(mine.boardStore.getState().failure).toBeNull();
    await mine.until(() => mine.connection().status === 'live');
  });

  test('after reconnecting, it sends again which case it looks at', async () => {
    const item = await hold();
    const second = await layCable(house.servers[1]?.url ?? '');
    const other = await openStores(house, second.url);
    other.feed.show(date, 1);
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
      other.feed.stop();
      await second.end();
    }
  });

  test('loses no change that happens while other days load', async () => {
    for (let count = 0; count < 15; count++) {
      mine.feed.show(otherDate, 1);
      const items = [hold(), hold(), hold()];
      mine.feed.show(date, 1);
      await Promise.all(items);
      await mine.until(() => mine.board() !== null);
      const { shown, fresh } = await bothBoards();
      expect(shown).toEqual(fresh);
    }
  });

  test('fetches the change of a reply when the push does not deliver it', async () => {
    cable.pull();
    await mine.until(() => mine.connection().status !== 'live');
    await hold();
    const { revision } = await freshBoard();
    cable.putBack();
    mine.feed.expectRevision(revision);
    await mine.feed.whenReached(revision);
    const { shown, fresh } = await bothBoards();
    expect(shown).toEqual(fresh);
  });
});
