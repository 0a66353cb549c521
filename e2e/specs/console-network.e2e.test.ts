import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { layCable } from '../helpers/network/cable.ts';
import { date, openFeedDeployment } from '../helpers/console/feed-deployment.ts';
import type { FeedConsole, FeedDeployment } from '../helpers/console/feed-deployment.ts';
import { surviveFaults } from '../helpers/console/random-faults.ts';
import { mutant } from '../helpers/mutant.ts';

// The console's own feed code, behind networks that break as real ones do. It waits less than usual.

let deployment: FeedDeployment;
let mine: FeedConsole;

/** A socket works once it has lasted from one heartbeat to the next, which is soon here. */
const frequentHeartbeats = mutant({
  file: 'shared/src/socket-events.ts',
  from: 'heartbeatSeconds: 10',
  to: 'heartbeatSeconds: 0.5',
});

const open = async (cable?: FeedConsole['cable']) => {
  mine = await deployment.openConsole({ isHasty: true, ...(cable && { cable }) });
};

/** Replaces the console by one that starts behind this network. */
const reopen = async () => {
  mine.feed.stop();
  await open(mine.cable);
};

beforeAll(async () => {
  deployment = await openFeedDeployment(frequentHeartbeats);
});
afterAll(() => deployment.end());
afterEach(async () => {
  await mine.end();
  await deployment.releaseAll();
  vi.unstubAllGlobals();
});

test('NW1 the sign-in page of a guest network counts as out of reach, and is named', async () => {
  await open();
  await mine.until(mine.isPushed);
  mine.cable.leadToPortal();
  await mine.until(() => {
    const connection = mine.connection();
    return connection.status === 'offline' && connection.why === 'other';
  });
  expect(mine.isCutOff()).toBe(true);
  expect(mine.board()).not.toBeNull();
  const item = await deployment.hold();
  mine.cable.putBack();
  await mine.isShown(item);
  await mine.until(mine.isPushed);
  expect(await mine.isUpToDate()).toBe(true);
});

test('NW2 NW3 a silent network is noticed after an unanswered request, which then ends', async () => {
  await open();
  await mine.until(mine.isPushed);
  mine.cable.silence();
  // A renewal continues until its own time limit. It was sent first, so that limit did not end the other request.
  let isRenewalOver = false;
  const renewal = mine
    .call('refresh', { body: { refreshToken: 'r'.repeat(43) } })
    .then(() => (isRenewalOver = true));
  const input = { params: { site: deployment.siteId }, query: { date } };
  expect(await mine.call('board', input)).toEqual({ kind: 'unreachable' });
  expect(isRenewalOver).toBe(false);
  expect(mine.isOffline()).toBe(true);
  const item = await deployment.hold();
  mine.cable.putBack();
  await mine.isShown(item);
  await mine.until(mine.isPushed);
  expect(await mine.isUpToDate()).toBe(true);
  await renewal;
});

test.each(['refuse', 'cut', 'swallow'] as const)(
  'NW5 behind a proxy that breaks WebSockets (%s) the board is polled, and pushed again later',
  async (how) => {
    await open();
    await mine.until(mine.isPushed);
    mine.cable.breakSockets(how);
    await mine.until(mine.isPolled);
    expect(mine.isCutOff()).toBe(false);
    // Nobody saw an offline banner.
    expect(mine.states).not.toContain('offline');
    const items = [await deployment.hold(), await deployment.hold()] as const;
    await mine.isShown(items[1]);
    await mine.until(() => mine.people() === null);
    await deployment.release(items[0]);
    await mine.isGone(items[0]);
    expect(await mine.isUpToDate()).toBe(true);
    mine.cable.putBack();
    // Without a hint, the next attempt comes within a minute.
    mine.feed.networkChanged();
    await mine.until(mine.isPushed);
    await mine.until(() => mine.people() !== null);
    expect(await mine.isUpToDate()).toBe(true);
  },
);

test('NW5 a console that starts behind such a proxy works, and notices when the rest fails too', async () => {
  await open();
  mine.cable.breakSockets('refuse');
  await reopen();
  await mine.until(mine.isPolled);
  const item = await deployment.hold();
  await mine.isShown(item);
  const requestsBefore = mine.cable.requests;
  mine.cable.silence();
  await mine.until(mine.isOffline);
  mine.cable.breakSockets('refuse');
  await deployment.release(item);
  await mine.isGone(item);
  await mine.until(mine.isPolled);
  // Nothing hammers at the network.
  expect(mine.cable.requests - requestsBefore).toBeLessThan(40);
});

test('NW9 behind a network that fails and recovers, the states come in one order', async () => {
  await open();
  await mine.until(mine.isPushed);
  mine.states.length = 0;
  mine.cable.pull();
  await mine.until(mine.isOffline);
  mine.cable.putBack();
  await mine.until(mine.isPushed);
  expect(mine.states).toEqual(['reconnecting', 'offline', 'catching_up', 'live']);
});

const seed = Number(process.env['SEED'] ?? 20_261_130);
test(`NW9 after random faults (SEED=${seed}) the board is right and live`, async () => {
  await open();
  const { requests, seconds } = await surviveFaults(deployment, mine, {
    seed,
    steps: 25,
    longestPauseMs: 300,
  });
  // Nothing hammers at the network.
  expect(requests).toBeLessThan(50 + 20 * seconds);
});

describe('a server of another version', () => {
  const protocol = 'shared/src/protocol.ts';
  const startServer = (lowest: number, highest: number) =>
    deployment.startServer(
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

  test.each([
    ['newer', lowestProtocol, protocolVersion + 1],
    ['older, as old as this console still speaks', lowestProtocol - 1, lowestProtocol],
  ])('PV2 works within the range (%s), pushed and polled', async (_, lowest, highest) => {
    const server = await startServer(lowest, highest);
    await open(await layCable(server.url));
    await mine.until(mine.isPushed);
    await mine.isShown(await deployment.hold());
    mine.cable.breakSockets('refuse');
    await mine.until(mine.isPolled);
    await mine.isShown(await deployment.hold());
    expect(mine.states).not.toContain('outdated');
    await server.stop();
  });

  test.each([
    ['newer', protocolVersion + 1],
    ['older', lowestProtocol - 1],
  ])(
    'PV2 beyond the range (%s), the console says which of the two is older, and works after the update',
    async (_, version) => {
      const server = await startServer(version, version);
      const cable = await layCable(server.url);
      await open(cable);
      const isOutdated = () => {
        const connection = mine.connection();
        return connection.status === 'outdated' && connection.server === version;
      };
      await mine.until(isOutdated);
      expect(mine.isCutOff()).toBe(true);
      // The same behind a proxy that breaks WebSockets: HTTP answers name the versions too.
      cable.breakSockets('refuse');
      await reopen();
      await mine.until(isOutdated);
      // A console that polls learns it from an answer.
      cable.pull();
      cable.putBack(deployment.servers[0]?.url);
      cable.breakSockets('refuse');
      await reopen();
      await mine.until(mine.isPolled);
      cable.pull();
      cable.putBack(server.url);
      cable.breakSockets('refuse');
      await mine.until(isOutdated);
      cable.putBack(deployment.servers[0]?.url);
      await mine.until(mine.isPushed);
      await server.stop();
    },
  );
});
