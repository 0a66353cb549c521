import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { layCable } from '../helpers/network/cable.ts';
import { date, openFeedDeployment } from '../helpers/console/feed-deployment.ts';
import type { FeedConsole, FeedDeployment } from '../helpers/console/feed-deployment.ts';
import { surviveFaults } from '../helpers/console/random-faults.ts';
import { mutant } from '../helpers/mutant.ts';

// The console's own feed code, behind networks that break as real ones do. It waits less than usual.

let deployment: FeedDeployment;
let console: FeedConsole;

/** A socket counts as working once it has lasted from one heartbeat to the next. Here that takes half a second. */
const frequentHeartbeats = mutant({
  file: 'shared/src/socket-events.ts',
  from: 'heartbeatSeconds: 10',
  to: 'heartbeatSeconds: 0.5',
});

const open = async (cable?: FeedConsole['cable']) => {
  console = await deployment.openConsole({ isHasty: true, ...(cable && { cable }) });
};

/** Replaces the console by one that starts behind this network. */
const reopen = async () => {
  console.feed.stop();
  await open(console.cable);
};

beforeAll(async () => {
  deployment = await openFeedDeployment(frequentHeartbeats);
});
afterAll(() => deployment.end());
afterEach(async () => {
  await console.end();
  await deployment.releaseAll();
  vi.unstubAllGlobals();
});

test('NW1 the sign-in page of a guest network counts as out of reach, and is named', async () => {
  await open();
  await console.until(console.isPushed);
  console.cable.leadToPortal();
  await console.until(() => {
    const connection = console.connection();
    return connection.status === 'offline' && connection.why === 'other';
  });
  expect(console.isCutOff()).toBe(true);
  expect(console.board()).not.toBeNull();
  const item = await deployment.hold();
  console.cable.putBack();
  await console.untilShown(item);
  await console.until(console.isPushed);
  expect(await console.isUpToDate()).toBe(true);
});

test('NW2 NW3 a silent network is noticed after an unanswered request, which then ends', async () => {
  await open();
  await console.until(console.isPushed);
  console.cable.silence();
  // A renewal continues until its own time limit. It was sent first, so that limit did not end the other request.
  let isRenewalOver = false;
  const renewal = console
    .call('refresh', { body: { refreshToken: 'r'.repeat(43) } })
    .then(() => (isRenewalOver = true));
  const input = { params: { site: deployment.siteId }, query: { date } };
  expect(await console.call('board', input)).toEqual({ kind: 'unreachable' });
  expect(isRenewalOver).toBe(false);
  expect(console.isOffline()).toBe(true);
  const item = await deployment.hold();
  console.cable.putBack();
  await console.untilShown(item);
  await console.until(console.isPushed);
  expect(await console.isUpToDate()).toBe(true);
  await renewal;
});

test.each(['refuse', 'cut', 'swallow'] as const)(
  'NW5 behind a proxy that breaks WebSockets (%s) the board is polled, and pushed again later',
  async (how) => {
    await open();
    await console.until(console.isPushed);
    console.cable.breakSockets(how);
    await console.until(console.isPolled);
    expect(console.isCutOff()).toBe(false);
    // The console never counted as offline.
    expect(console.states).not.toContain('offline');
    const items = [await deployment.hold(), await deployment.hold()] as const;
    await console.untilShown(items[1]);
    await console.until(() => console.people() === null);
    await deployment.release(items[0]);
    await console.untilGone(items[0]);
    expect(await console.isUpToDate()).toBe(true);
    console.cable.putBack();
    // Without a hint, the next attempt comes within a minute.
    console.feed.networkChanged();
    await console.until(console.isPushed);
    await console.until(() => console.people() !== null);
    expect(await console.isUpToDate()).toBe(true);
  },
);

test('NW5 a console that starts behind such a proxy works, and notices when the rest fails too', async () => {
  await open();
  console.cable.breakSockets('refuse');
  await reopen();
  await console.until(console.isPolled);
  const item = await deployment.hold();
  await console.untilShown(item);
  const requestsBefore = console.cable.requests;
  console.cable.silence();
  await console.until(console.isOffline);
  console.cable.breakSockets('refuse');
  await deployment.release(item);
  await console.untilGone(item);
  await console.until(console.isPolled);
  // The console does not flood the network.
  expect(console.cable.requests - requestsBefore).toBeLessThan(40);
});

test('NW9 behind a network that fails and recovers, the states come in one order', async () => {
  await open();
  await console.until(console.isPushed);
  console.states.length = 0;
  console.cable.pull();
  await console.until(console.isOffline);
  console.cable.putBack();
  await console.until(console.isPushed);
  expect(console.states).toEqual(['reconnecting', 'offline', 'catching_up', 'live']);
});

const seed = Number(process.env['SEED'] ?? 20_261_130);
test(`NW9 after random faults (SEED=${seed}) the board is right and live`, async () => {
  await open();
  const { requests, seconds } = await surviveFaults(deployment, console, {
    seed,
    steps: 25,
    longestPauseMs: 300,
  });
  // The console does not flood the network.
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
    await console.until(console.isPushed);
    await console.untilShown(await deployment.hold());
    console.cable.breakSockets('refuse');
    await console.until(console.isPolled);
    await console.untilShown(await deployment.hold());
    expect(console.states).not.toContain('outdated');
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
        const connection = console.connection();
        return connection.status === 'outdated' && connection.server === version;
      };
      await console.until(isOutdated);
      expect(console.isCutOff()).toBe(true);
      // The same behind a proxy that breaks WebSockets: HTTP answers name the versions too.
      cable.breakSockets('refuse');
      await reopen();
      await console.until(isOutdated);
      // A console that polls learns it from an answer.
      cable.pull();
      cable.putBack(deployment.servers[0]?.url);
      cable.breakSockets('refuse');
      await reopen();
      await console.until(console.isPolled);
      cable.pull();
      cable.putBack(server.url);
      cable.breakSockets('refuse');
      await console.until(isOutdated);
      cable.putBack(deployment.servers[0]?.url);
      await console.until(console.isPushed);
      await server.stop();
    },
  );
});
