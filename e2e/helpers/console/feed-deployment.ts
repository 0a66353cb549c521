import type { Board } from '@slate/shared/contract/reads';
import type { Case } from '@slate/shared/cases';
import { addMinutes } from '@slate/shared/time';
import { expect } from 'vitest';
import { contents } from '../../../server/test/board-contents.ts';
import { at } from '../../../server/test/hospital.ts';
import { layCable } from '../network/cable.ts';
import type { Cable } from '../network/cable.ts';
import { openDeployment } from '../deployment.ts';
import type { Deployment } from '../deployment.ts';
import { openStores } from './stores.ts';
import type { Stores } from './stores.ts';

/** The shown day, and another one. */
export const date = at('00:00', 20).slice(0, 10);
export const otherDate = at('00:00', 21).slice(0, 10);

/** Two servers, a console without its screens on the first, and another desk on the second that uses the API. */
export type FeedDeployment = Awaited<ReturnType<typeof openFeedDeployment>>;
export type FeedConsole = Stores & {
  cable: Cable;
  untilShown: (item: Case) => Promise<void>;
  untilGone: (item: Case) => Promise<void>;
  /** Whether the console shows what a fresh board shows. If not, fails with the difference. */
  isUpToDate: () => Promise<true>;
  isLive: () => boolean;
  /** Live, and the socket brings the changes. */
  isPushed: () => boolean;
  /** Live, and the changes are polled. */
  isPolled: () => boolean;
  isOffline: () => boolean;
  end: () => Promise<void>;
};

export async function openFeedDeployment(environment: Record<string, string> = {}) {
  const deployment: Deployment = await openDeployment({ servers: 2, environment });
  const site = `/sites/${deployment.siteId}`;
  const desk = await deployment.as(deployment.users.coordinator, deployment.servers[1]?.url);
  const board = async () => (await desk.get(`${site}/board?date=${date}`)).body as unknown as Board;
  const release = (item: Case) => desk.post(`${site}/cases/${item.id}/release`, {});
  let held = 0;

  async function hold(): Promise<Case> {
    const { status, body } = await desk.post(`${site}/holds`, {
      roomId: deployment.rooms[held % 3],
      start: addMinutes(at('00:00', 20), Math.floor(held / 3) * 10),
      minutes: 10,
      setupMinutes: 0,
      cleanupMinutes: 0,
      title: `Case ${held++}`,
      overrideReason: 'Feed',
    });
    expect(status).toBe(201);
    return body.case as Case;
  }

  /** Opens a console behind a cable, by default a new one to the first server. */
  async function openConsole({
    cable: laid,
    isHasty = false,
  }: { cable?: Cable; isHasty?: boolean } = {}): Promise<FeedConsole> {
    const cable = laid ?? (await layCable(deployment.servers[0]?.url ?? ''));
    const stores = await openStores(deployment, cable.url, { isHasty });
    const { feed, until, board: shown, connection } = stores;
    feed.show(date, 1);
    const has = (item: Case) => shown()?.cases.some(({ id }) => id === item.id);
    const isLive = () => connection().status === 'live';
    const isPolled = () => {
      const now = connection();
      return now.status === 'live' && now.isSlower === true;
    };
    return {
      ...stores,
      cable,
      untilShown: (item) => until(() => has(item) === true),
      untilGone: (item) => until(() => has(item) === false),
      async isUpToDate() {
        const fresh = await board();
        await until(() => (shown()?.revision ?? -1) >= fresh.revision);
        const now = shown() ?? fresh;
        expect(contents(now)).toEqual(contents({ ...fresh, revision: now.revision }));
        return true;
      },
      isLive,
      isPolled,
      isPushed: () => isLive() && !isPolled(),
      isOffline: () => connection().status === 'offline',
      end: async () => {
        feed.stop();
        await cable.end();
      },
    };
  }

  return {
    ...deployment,
    desk,
    site,
    board,
    hold,
    release,
    /** Call this after each test. */
    async releaseAll() {
      held = 0;
      const { rows } = await deployment.owner.query<Case>(
        `SELECT id FROM cases WHERE site_id = $1 AND state = 'held'`,
        [deployment.siteId],
      );
      const replies = await Promise.all(rows.map(release));
      expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    },
    openConsole,
  };
}
