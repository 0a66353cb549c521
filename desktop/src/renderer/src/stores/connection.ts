import { createStore } from 'zustand/vanilla';
import { serverUrl } from '../api/client.ts';
import { shell } from '../shell/shell.ts';
import type { connectionWords } from '../words/connection.ts';

/** Why the server is out of reach, as far as it can be known. `other`: something answers, but it isn't Slate. */
export type Obstacle = keyof typeof connectionWords.why;

/** The connection to the server. Written by the feed. */
export type Connection =
  | { status: 'connecting' }
  /** The board is up to date as of `lagMs` ago. `isSlower`: its changes are polled, because the socket does not connect. */
  | { status: 'live'; lagMs: number; isSlower?: boolean }
  | { status: 'catching_up' }
  /** Nothing was received since then, so the board is as of then. The loss may be short. */
  | { status: 'reconnecting'; since: number }
  /** The loss has lasted longer, so commands would not reach the server. `why` is null while it is not known. */
  | { status: 'offline'; since: number; why?: Obstacle | null }
  /** The server speaks another protocol: only an update helps. `server`: its highest version, if known. */
  | { status: 'outdated'; server?: number };

type State = { connection: Connection; lastContactAt: number | null };

export const connectionStore = createStore<State>(() => ({
  connection: { status: 'connecting' },
  lastContactAt: null,
}));
/** Whether a request to the server cannot succeed. */
export const isCutOff = () => ['offline', 'outdated'].includes(connectionStore.getState().connection.status);
/** Whether the changes are polled instead of pushed. */
export const isSlower = ({ connection }: State) =>
  connection.status === 'live' && connection.isSlower === true;
export const setConnection = (connection: Connection) => connectionStore.setState({ connection });
export const setLastContact = (now: number) => connectionStore.setState({ lastContactAt: now });
export const forgetConnection = () =>
  connectionStore.setState({ connection: { status: 'connecting' }, lastContactAt: null });

export type Trial =
  | { result: 'ok' }
  | { result: 'other_version'; server: number }
  | { result: 'obstacle'; why: Obstacle };

/** Asks over HTTP whether Slate answers, and if not, why. Returns null if the reason is unknown. */
export async function tryServer(): Promise<Trial | null> {
  const trial = await shell.tryServer(serverUrl()).catch(() => null);
  if (trial?.result !== 'failed') return trial;
  const { why } = trial;
  // Impossible for a saved address: it was tried before it was saved.
  if (why === 'not_an_address' || why === 'insecure' || why === 'declined') return null;
  return { result: 'obstacle', why };
}
