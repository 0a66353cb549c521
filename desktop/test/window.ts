import { vi } from 'vitest';
import type { Bridge, StoredSession } from '../src/bridge.ts';
import { tryOwnServer } from '../src/renderer/src/shell/browser-shell.ts';
import { createFakeDesks } from './fake-desks.ts';

/** The parts of a window that stores use: the shell and the storage of preferences. */
export function stubWindow(stored: StoredSession | null = null, desks = createFakeDesks()) {
  const storage = new Map<string, string>();
  const session = { stored };
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => void storage.set(key, value),
  });
  const bridge = {
    ...desks.bridge,
    start: () => Promise.resolve({ workstation: 'OR desk 1' }),
    tryServer: tryOwnServer,
    readSession: () => Promise.resolve(session.stored),
    saveSession: (newSession: StoredSession) => {
      session.stored = newSession;
      return Promise.resolve(true);
    },
    deleteSession: () => {
      session.stored = null;
      return Promise.resolve();
    },
  } as unknown as Bridge;
  vi.stubGlobal('window', { slate: bridge, addEventListener: () => {} });
  return { storage, session, desks };
}
