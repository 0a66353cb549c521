// A console with an open desk and no connection. Import this before anything that sends requests.
import './bridge.ts';
import { openFakeHospital } from './fake-hospital.ts';
import type { Case } from '@slate/shared/cases';
import type { QueueRecord } from '@slate/shared/queue';
import { act } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import * as client from '../src/renderer/src/api/client.ts';
import { replayQueue } from '../src/renderer/src/commands/queue.ts';
import { followRequestedHolds } from '../src/renderer/src/commands/requested-hold.ts';
import { shell } from '../src/renderer/src/shell/shell.ts';
import { setConnection } from '../src/renderer/src/stores/connection.ts';
import { dropDesk, setDesk } from '../src/renderer/src/stores/desk.ts';
import { queueNow } from '../src/renderer/src/stores/queue.ts';
import { toastStore } from '../src/renderer/src/stores/toasts.ts';
import { undo } from '../src/renderer/src/stores/undo.ts';
import { me, signInAs } from './signed-in.ts';
import { aCase, aResource, at, uuid } from './small-board.ts';

const quick = { attributes: { setupMinutes: 0, cleanupMinutes: 0 } };
export const room1 = aResource('room', 'OR 1', quick);
export const room2 = aResource('room', 'OR 2', quick);
export const surgeon = aResource('surgeon', 'Dr Haddad');
export const knee = aCase(room1, '10:00', 60, { title: 'Knee', note: 'Left' });
export const hip = aCase(room1, '12:00', 60, { title: 'Hip' });
export const hernia = aCase(room2, '08:00', 60, { title: 'Hernia' });
export const shoulder = aCase(room2, '11:00', 45, {
  title: 'Shoulder',
  state: 'held',
  holder: me,
  expiresAt: at('06:04'),
});
export const wrist: Case = {
  ...aCase(room1, '08:00', 60, { title: 'Wrist' }),
  state: 'depot',
  roomId: null,
  start: null,
  end: null,
};
/** A free time in OR 2. */
export const freePlace = { roomId: room2.id, start: at('14:00'), end: at('15:00') };

export let hospital: ReturnType<typeof openFakeHospital>;
/** The log on the disk. */
export let log: QueueRecord[];

/** Before each test: a coordinator at a desk with an empty log, while the server is out of reach. */
export function setUpQueue(): void {
  let stops: (() => void)[] = [];
  beforeEach(() => {
    signInAs('coordinator');
    hospital = openFakeHospital({
      resources: [room1, room2, surgeon],
      cases: [knee, hip, hernia, shoulder],
      depot: [wrist],
    });
    stops = [replayQueue(), followRequestedHolds()];
    openDesk();
    goOffline();
  });
  afterEach(() => {
    for (const stop of stops) stop();
    act(dropDesk);
    vi.restoreAllMocks();
  });
}

export function openDesk(records: readonly QueueRecord[] = []): void {
  log = [...records];
  vi.spyOn(shell, 'appendToLog').mockImplementation((more) => {
    log = [...log, ...more];
    return Promise.resolve();
  });
  act(() => setDesk({ personId: me.id, siteId: uuid(2), device: uuid(8), records: [...log], damage: null }));
}
export const goOffline = () =>
  act(() => setConnection({ status: 'offline', since: Date.parse(at('05:58')) }));
export const reconnect = () => act(() => setConnection({ status: 'live', lagMs: 0 }));
export const undoLast = () => act(async () => void (await undo()));

/** Delays the first answer to a command until `release` is called. `received` resolves when the server has answered. */
export function delayAnswer(command: string) {
  const { call } = client;
  const received = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  let isFirst = true;
  vi.spyOn(client, 'call').mockImplementation(async (...request) => {
    const outcome = await call(...request);
    if (request[0] !== command || !isFirst) return outcome;
    isFirst = false;
    received.resolve();
    await released.promise;
    return outcome;
  });
  return { received: received.promise, release: () => released.resolve() };
}

export const openRequests = () => queueNow().open();
export const states = () => openRequests().map(({ state }) => state);
/** The types of the saved records. */
export const recordTypes = () => log.map(({ type }) => type);
export const toasts = () => toastStore.getState().toasts.map(({ text }) => text);
