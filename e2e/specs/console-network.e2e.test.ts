import { setTimeout as pause } from 'node:timers/promises';
import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { protocolVersion, lowestProtocol } from '@slate/shared/protocol';
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
import { mutant } from '../helpers/mutant.ts';

// The console's own feed code, behind networks that break as real ones do.

const date = at('00:00', 20).slice(0, 10);

let house: House;
let desk: Api;
let cable: Cable;
let mine: Stores;

const freshBoard = async () =>
  (await desk.get(`/sites/${house.siteId}/board?date=${date}`)).body as unknown as Board;

/** The console shows what a fresh board shows. */
async function isUpToDate() {
  const fresh = await freshBoard();
  await mine.until(() => (mine.board()?.revision ?? -1) >= fresh.revision);
  const shown = mine.board() ?? fresh;
  expect(contents(shown)).toEqual(contents({ ...fresh, revision: shown.revision }));
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
const isShown = (item: Case) =>
  mine.until(() => mine.board()?.cases.some(({ id }) => id === item.id) === true);

const isLive = () => mine.connection().status === 'live';
const isPushed = () => {
  const connection = mine.connection();
  return connection.status === 'live' && !connection.isSlower;
};
const isPolled = () => isLive() && !isPushed();

async function openBehind(url: string) {
  cable = await layCable(url);
  mine = await openStores(house, cable.url);
  mine.feed.show(date, 1);
}

/** Heartbeats come often, so that a socket soon counts as working. */
const lively = mutant({
  file: 'shared/src/socket-events.ts',
  from: 'heartbeatSeconds: 10',
  to: 'heartbeatSeconds: 1',
});

describe('a console behind a bad network', () => {
  beforeAll(async () => {
    house = await openHouse({ servers: 2, environment: lively });
    desk = await house.as(house.users.coordinator, house.servers[1]?.url);
  });
  afterAll(async () => {
    await house.end();
  });
  beforeEach(() => openBehind(house.servers[0]?.url ?? ''));
  afterEach(async () => {
    mine.feed.stop();
    await cable.end();
    vi.unstubAllGlobals();
  });

  test('NW1 the sign-in page of a guest network counts as out of reach, and is named', async () => {
    await mine.until(isPushed);
    cable.leadToPortal();
    await mine.until(() => {
      const connection = mine.connection();
      return connection.status === 'offline' && connection.why === 'other';
    });
    expect(mine.isCutOff()).toBe(true);
    expect(mine.board()).not.toBeNull();
    const item = await hold();
    cable.putBack();
    await isShown(item);
    await mine.until(isPushed);
    await isUpToDate();
  });

  test('NW2 NW3 a silent network is noticed after an unanswered request, which then ends', async () => {
    await mine.until(isPushed);
    cable.silence();
    // A renewal continues until its own time limit. It was sent first, so that limit did not end the other request.
    let isRenewalOver = false;
    const renewal = mine
      .call('refresh', { body: { refreshToken: 'r'.repeat(43) } })
      .then(() => (isRenewalOver = true));
    const input = { params: { site: house.siteId }, query: { date } };
    expect(await mine.call('board', input)).toEqual({ kind: 'unreachable' });
    expect(isRenewalOver).toBe(false);
    expect(mine.connection().status).toBe('offline');
    const item = await hold();
    cable.putBack();
    await isShown(item);
    await mine.until(isPushed);
    await isUpToDate();
    await renewal;
  });

  test.each(['refuse', 'cut', 'swallow'] as const)(
    'NW5 behind a proxy that breaks WebSockets (%s) the board is polled, and pushed again later',
    async (how) => {
      await mine.until(isPushed);
      cable.breakSockets(how);
      await mine.until(isPolled);
      expect(mine.isCutOff()).toBe(false);
      // Nobody saw an offline banner.
      expect(mine.states).not.toContain('offline');
      const items = [await hold(), await hold()];
      await isShown(items[1] as Case);
      await mine.until(() => mine.people() === null);
      await release(items[0] as Case);
      await mine.until(() => mine.board()?.cases.every(({ id }) => id !== items[0]?.id) === true);
      await isUpToDate();
      cable.putBack();
      // Without a hint, the next attempt comes within a minute.
      mine.feed.networkChanged();
      await mine.until(isPushed);
      await mine.until(() => mine.people() !== null);
      await isUpToDate();
    },
  );

  test('NW5 a console that is started behind such a proxy works, and notices when the rest fails too', async () => {
    mine.feed.stop();
    cable.breakSockets('refuse');
    mine = await openStores(house, cable.url);
    mine.feed.show(date, 1);
    await mine.until(isPolled);
    const item = await hold();
    await isShown(item);
    const before = cable.requests;
    cable.silence();
    await mine.until(() => mine.connection().status === 'offline');
    cable.breakSockets('refuse');
    await release(item);
    await mine.until(() => mine.board()?.cases.every(({ id }) => id !== item.id) === true);
    await mine.until(isPolled);
    // A few each second at most: nothing hammers at the network.
    expect(cable.requests - before).toBeLessThan(40);
  });

  test('NW9 behind a network that fails and recovers the states come in one order', async () => {
    await mine.until(isPushed);
    mine.states.length = 0;
    cable.pull();
    await mine.until(() => mine.connection().status === 'offline');
    cable.putBack();
    await mine.until(isPushed);
    expect(mine.states).toEqual(['reconnecting', 'offline', 'catching_up', 'live']);
  });

  const seed = Number(process.env['SEED'] ?? 20_261_130);
  test(`NW9 faults at random (seed ${seed}): at the end the board is right and live`, async () => {
    const random = seededRandom(seed);
    await mine.until(isPushed);
    const faults: (() => void)[] = [
      () => cable.pull(),
      () => cable.freeze(),
      () => cable.silence(),
      () => cable.leadToPortal(),
      () => cable.breakSockets('refuse'),
      () => cable.breakSockets('cut'),
      () => cable.breakSockets('swallow'),
      () => cable.putBack(house.servers[0]?.url),
      () => cable.putBack(house.servers[1]?.url),
      () => mine.feed.networkChanged(),
      () => mine.feed.awake(),
      () => mine.feed.check(),
      () => mine.feed.retry(),
    ];
    const began = performance.now();
    const before = cable.requests;
    const items: Case[] = [];
    for (let step = 0; step < 25; step++) {
      faults[Math.floor(random() * faults.length)]?.();
      items.push(await hold());
      if (random() < 0.4) await release(items.splice(Math.floor(random() * items.length), 1)[0] as Case);
      // The schedule itself: some faults are over before anybody notices.
      await pause(random() * 1_500);
    }
    cable.putBack(house.servers[0]?.url);
    mine.feed.networkChanged();
    await mine.until(isPushed);
    await isUpToDate();
    const seconds = (performance.now() - began) / 1000;
    expect(cable.requests - before).toBeLessThan(50 + 4 * seconds);
    await Promise.all(items.map(release));
  });
});

describe('a server of another version', () => {
  const protocol = 'shared/src/protocol.ts';
  const speaks = (lowest: number, highest: number) =>
    house.startServer(
      mutant(
        {
          file: protocol,
          from: `export const protocolVersion = ${protocolVersion};`,
          to: `export const protocolVersion = ${highest};`,
        },
        {
          file: protocol,
          from: `export const lowestProtocol = ${lowestProtocol};`,
          to: `export const lowestProtocol = ${lowest};`,
        },
      ),
    );

  beforeAll(async () => {
    house = await openHouse({ servers: 1 });
    desk = await house.as(house.users.coordinator);
  });
  afterAll(async () => {
    await house.end();
  });
  afterEach(async () => {
    mine.feed.stop();
    await cable.end();
    vi.unstubAllGlobals();
  });

  test.each([
    ['newer', lowestProtocol, protocolVersion + 1],
    ['older, as old as this console still speaks', lowestProtocol - 1, lowestProtocol],
  ])('PV2 within the range (%s) works, pushed and polled', async (_, lowest, highest) => {
    const server = await speaks(lowest, highest);
    await openBehind(server.url);
    await mine.until(isPushed);
    await isShown(await hold());
    cable.breakSockets('refuse');
    await mine.until(isPolled);
    await isShown(await hold());
    expect(mine.states).not.toContain('outdated');
    await server.stop();
  });

  test.each([
    ['newer', protocolVersion + 1],
    ['older', lowestProtocol - 1],
  ])(
    'PV2 beyond it (%s) the console says which of the two is older, and works after the update',
    async (_, version) => {
      const server = await speaks(version, version);
      await openBehind(server.url);
      const isOutdated = () => {
        const connection = mine.connection();
        return connection.status === 'outdated' && connection.server === version;
      };
      await mine.until(isOutdated);
      expect(mine.isCutOff()).toBe(true);
      // The same behind a proxy that breaks WebSockets: HTTP answers name the versions too.
      mine.feed.stop();
      cable.breakSockets('refuse');
      mine = await openStores(house, cable.url);
      mine.feed.show(date, 1);
      await mine.until(isOutdated);
      // A console that polls learns it from an answer.
      mine.feed.stop();
      cable.putBack(house.servers[0]?.url);
      cable.breakSockets('refuse');
      mine = await openStores(house, cable.url);
      mine.feed.show(date, 1);
      await mine.until(isPolled);
      cable.pull();
      cable.putBack(server.url);
      cable.breakSockets('refuse');
      await mine.until(isOutdated);
      cable.putBack(house.servers[0]?.url);
      await mine.until(isPushed);
      await server.stop();
    },
  );
});

/** The same numbers for the same seed (mulberry32). */
function seededRandom(seed: number) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return random;
}
