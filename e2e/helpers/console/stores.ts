import { vi } from 'vitest';
import { pace } from '../../../desktop/src/renderer/src/api/pace.ts';
import { stubWindow } from '../../../desktop/test/window.ts';
import type { Deployment } from '../deployment.ts';
import { untilOf } from './until.ts';

const paceFile = '../../../desktop/src/renderer/src/api/pace.ts';

/** Pauses are a fifth as long. Limits leave a slow machine time to answer. */
const hastyPace: typeof pace = {
  ...pace,
  requestMs: 5_000,
  doubtMs: 600,
  checkMs: 1_000,
  recentMs: 1_000,
  attemptMs: 3_000,
  longestPauseMs: 800,
  longestPollingPauseMs: 8_000,
  spreadMs: 400,
  offlineAfterMs: 2_000,
  graceMs: 450,
  graceSpreadMs: 100,
  chanceMs: 300,
  pollMs: 800,
  pollTimeoutMs: 2_000,
  shortestPauseMs: 60,
};

/** A console without its screens. Every test has its own. `isHasty`: it waits less for the network than usual. */
export async function openStores(deployment: Deployment, server: string, { isHasty = false } = {}) {
  vi.resetModules();
  if (isHasty) vi.doMock(paceFile, () => ({ pace: hastyPace }));
  else vi.doUnmock(paceFile);
  stubWindow();
  const [client, feeds, boards, connections, clock, presence, changes] = await Promise.all([
    import('../../../desktop/src/renderer/src/api/client.ts'),
    import('../../../desktop/src/renderer/src/realtime/feed.ts'),
    import('../../../desktop/src/renderer/src/stores/board.ts'),
    import('../../../desktop/src/renderer/src/stores/connection.ts'),
    import('../../../desktop/src/renderer/src/stores/clock.ts'),
    import('../../../desktop/src/renderer/src/stores/presence.ts'),
    import('../../../desktop/src/renderer/src/stores/changes.ts'),
  ]);
  const good = await deployment.tokenOf(deployment.users.coordinator);
  let token = good;
  client.connectClient({
    server,
    token: () => Promise.resolve(token),
    tokenRefused: () => (token = good),
  });
  const feed = feeds.createFeed(deployment.siteId);
  // As `current-feed.ts` does.
  client.onAnswered(feed.answered);
  client.onUnanswered(feed.check);
  const board = () => {
    const { view, isStale } = boards.boardStore.getState();
    return view && !isStale ? view.board : null;
  };
  const connection = () => connections.connectionStore.getState().connection;
  const people = () => presence.presenceStore.getState().people;
  const states: string[] = [];
  /** The latest states, each with the second in which it began. */
  const timeline: string[] = [];
  connections.connectionStore.subscribe(({ connection: { status, ...more } }) => {
    if (states.at(-1) !== status) states.push(status);
    const state = `${status}${'isSlower' in more ? ' (slower)' : ''}`;
    if (timeline.at(-1)?.endsWith(` ${state}`) !== true)
      timeline.push(`${(performance.now() / 1000).toFixed(1)} s: ${state}`);
    if (timeline.length > 40) timeline.shift();
  });
  const describe = () => ({
    now: (performance.now() / 1000).toFixed(1),
    connection: connection(),
    timeline,
    revision: board()?.revision,
    people: people()?.length,
  });
  return {
    feed,
    call: client.call,
    isCutOff: connections.isCutOff,
    subscribeToChanges: changes.subscribeToChanges,
    board,
    connection,
    states,
    boardStore: boards.boardStore,
    serverNow: clock.serverNow,
    people,
    useToken: (other: string) => (token = other),
    hasToken: () => token,
    until: untilOf([boards.boardStore, connections.connectionStore, presence.presenceStore], describe),
  };
}

export type Stores = Awaited<ReturnType<typeof openStores>>;
