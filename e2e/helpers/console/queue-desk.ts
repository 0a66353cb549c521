import { vi } from 'vitest';
import type { QueueRecord } from '@slate/shared/queue';
import type { Bridge } from '../../../desktop/src/bridge.ts';
import { stubWindow } from '../../../desktop/test/window.ts';
import type { Hospital } from '../../../server/test/hospital.ts';
import { untilOf } from './until.ts';

/** The part of a desk that survives its program. */
export type DeskOnDisk = { readonly device: string; log: QueueRecord[] };

/** A console without its screens, with an open desk and no connection. Each has modules of its own. */
export async function openQueueDesk(
  { siteId, users }: Hospital,
  disk: DeskOnDisk,
  { server, token, userId = users.coordinator }: { server: string; token: string; userId?: string },
) {
  vi.resetModules();
  stubWindow();
  const shell: Pick<Bridge, 'appendToLog'> = {
    appendToLog: (records) => {
      disk.log = [...disk.log, ...records];
      return Promise.resolve();
    },
  };
  Object.assign((window as unknown as { slate: object }).slate, shell);
  const [client, session, connection, desk, queue, replaying, decisions] = await Promise.all([
    import('../../../desktop/src/renderer/src/api/client.ts'),
    import('../../../desktop/src/renderer/src/stores/session.ts'),
    import('../../../desktop/src/renderer/src/stores/connection.ts'),
    import('../../../desktop/src/renderer/src/stores/desk.ts'),
    import('../../../desktop/src/renderer/src/stores/queue.ts'),
    import('../../../desktop/src/renderer/src/commands/queue.ts'),
    import('../../../desktop/src/renderer/src/commands/decide.ts'),
  ]);
  client.connectClient({ server, token: () => Promise.resolve(token), tokenRefused: () => {} });
  const site = { id: siteId, name: 'Test', timeZone: 'UTC', role: 'coordinator' as const, surgeonIds: [] };
  const me = { id: userId, email: 'desk@example.test', name: 'Tester', sites: [site] };
  session.sessionStore.setState({ status: 'signed_in', me, site }, true);
  const goOffline = () => connection.setConnection({ status: 'offline', since: Date.now() });
  goOffline();
  const stop = replaying.replayQueue();
  desk.setDesk({ device: disk.device, personId: userId, siteId, records: disk.log, damage: null });
  const requests = () => [...queue.queueNow().requests.values()];
  return {
    enqueue: replaying.enqueue,
    choicesFor: decisions.choicesFor,
    requests,
    goOffline,
    comeBack: () => connection.setConnection({ status: 'live', lagMs: 0 }),
    isSettled: () => !queue.isQueueBusy(),
    until: untilOf([queue.queueStore], () => requests().map(({ state }) => state), 150_000),
    /** Ends the program in the middle of its work. */
    end: () => {
      stop();
      desk.dropDesk();
    },
  };
}
export type QueueDesk = Awaited<ReturnType<typeof openQueueDesk>>;
