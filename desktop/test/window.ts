import { vi } from 'vitest';
import type { Bridge, StoredSession } from '../src/bridge.ts';

/** As much of a window as stores touch: where the shell is, and where preferences are kept. */
export function standInForWindow(stored: StoredSession | null = null) {
  const kept = new Map<string, string>();
  const session = { stored };
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  const bridge = {
    readSession: () => Promise.resolve(session.stored),
    keepSession: (given: StoredSession) => {
      session.stored = given;
      return Promise.resolve(true);
    },
    dropSession: () => {
      session.stored = null;
      return Promise.resolve();
    },
  } as unknown as Bridge;
  vi.stubGlobal('window', { slate: bridge, addEventListener: () => {} });
  return { kept, session };
}
