import { vi } from 'vitest';

/** A feed that brings nothing. `vi.mock('…/realtime/feed.ts', () => import('…/test/silent-feed.ts'))` puts it in. */
export const feed = {
  show: vi.fn<() => void>(),
  look: vi.fn<() => void>(),
  stop: vi.fn<() => void>(),
  retry: vi.fn<() => void>(),
  signOfLife: vi.fn<() => void>(),
  awake: vi.fn<() => void>(),
};
export const createFeed = () => feed;
