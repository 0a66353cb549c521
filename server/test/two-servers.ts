import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { SocketServerDeps } from '../src/realtime/socket-server.ts';
import { anotherHospital, queryDirectly } from './administer.ts';
import { openConsole, startSocketServer, TestConsole } from './consoles.ts';
import type { SocketServerProcess } from './consoles.ts';
import { testHospital } from './hospital.ts';
import type { Setting } from './hospital.ts';

export type TwoServers = { hospital: Setting; a: SocketServerProcess; b: SocketServerProcess };

/** Options of a server that neither polls nor sends heartbeats. */
export const never = { pollMs: 60_000, heartbeatMs: 60_000 };

const consoles: TestConsole[] = [];

/** Before each test, a hospital and two servers in front of it. They are closed after the test, and its consoles too. */
export function withTwoServers(
  use: (servers: TwoServers) => void,
  ofFirst: Partial<SocketServerDeps> = {},
): void {
  let shared: Setting;
  let a: SocketServerProcess;
  let b: SocketServerProcess;
  beforeAll(async () => {
    shared = await testHospital();
  });
  afterAll(() => shared.end());
  beforeEach(async () => {
    const hospital = await anotherHospital(shared);
    [a, b] = await Promise.all([startSocketServer(hospital, ofFirst), startSocketServer(hospital)]);
    use({ hospital, a, b });
  });
  afterEach(async () => {
    for (const { socket } of consoles.splice(0)) socket.close();
    await Promise.all([a.close(), b.close()]);
  });
}

/** A console that follows its site. */
export async function open(...args: Parameters<typeof openConsole>): Promise<TestConsole> {
  const opened = await openConsole(...args);
  consoles.push(opened);
  return opened;
}

/** A console that has only connected. */
export function connect(...args: ConstructorParameters<typeof TestConsole>): TestConsole {
  const opened = new TestConsole(...args);
  consoles.push(opened);
  return opened;
}

/** Cuts the listening connections of all servers at the hospital's database. */
export const cutListeners = ({ database }: Setting) =>
  queryDirectly(
    database.superUrl,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'slate wake-ups' AND datname = current_database()`,
  );
