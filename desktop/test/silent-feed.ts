import { vi } from 'vitest';

/** A feed without changes, for `vi.mock('…/realtime/feed.ts', () => import('…/test/silent-feed.ts'))`. */
export const feed = {
  show: vi.fn<() => void>(),
  setSelected: vi.fn<() => void>(),
  stop: vi.fn<() => void>(),
  retry: vi.fn<() => void>(),
  signOfLife: vi.fn<() => void>(),
  answered: vi.fn<(protocols: object) => void>(),
  check: vi.fn<() => void>(),
  networkChanged: vi.fn<() => void>(),
  awake: vi.fn<() => void>(),
};
export const createFeed = () => feed;
