import { vi } from 'vitest';
import { stubWindow } from '../../../desktop/test/window.ts';
import type { House } from '../house.ts';
import { untilOf } from './until.ts';

/** A console without its screens. Every test has its own. */
export async function openStores(house: House, server: string) {
  vi.resetModules();
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
  const good = await house.tokenOf(house.users.coordinator);
  let token = good;
  client.connectClient({
    server,
    token: () => Promise.resolve(token),
    tokenRefused: () => (token = good),
  });
  const feed = feeds.createFeed(house.siteId);
  // As `current-feed.ts` does.
  client.onAnswered(feed.answered);
  client.onUnanswered(feed.check);
  const board = () => {
    const { view, isStale } = boards.boardStore.getState();
    return view && !isStale ? view.board : null;
  };
  const connection = () => connections.connectionStore.getState().connection;
  const states: string[] = [];
  connections.connectionStore.subscribe((state) => {
    if (states.at(-1) !== state.connection.status) states.push(state.connection.status);
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
    people: () => presence.presenceStore.getState().people,
    useToken: (other: string) => (token = other),
    hasToken: () => token,
    until: untilOf([boards.boardStore, connections.connectionStore, presence.presenceStore]),
  };
}

export type Stores = Awaited<ReturnType<typeof openStores>>;
