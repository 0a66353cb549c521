import { createStore } from 'zustand/vanilla';

/** The connection to the server. Written by the feed. */
export type Connection =
  | { status: 'connecting' }
  /** The board is up to date as of `lagMs` ago. */
  | { status: 'live'; lagMs: number }
  | { status: 'catching_up' }
  /** Nothing received since then, so the board is as of then. It may end in a moment. */
  | { status: 'reconnecting'; since: number }
  /** It lasted longer: commands would not reach the server. */
  | { status: 'offline'; since: number }
  /** The server speaks another protocol: only an update helps. `detail`: the server's explanation. */
  | { status: 'outdated'; detail?: string };

type State = { connection: Connection; lastContactAt: number | null };

export const connectionStore = createStore<State>(() => ({
  connection: { status: 'connecting' },
  lastContactAt: null,
}));
/** Whether a request to the server cannot succeed. */
export const isCutOff = () => ['offline', 'outdated'].includes(connectionStore.getState().connection.status);
export const setConnection = (connection: Connection) => connectionStore.setState({ connection });
export const setLastContact = (now: number) => connectionStore.setState({ lastContactAt: now });
export const forgetConnection = () =>
  connectionStore.setState({ connection: { status: 'connecting' }, lastContactAt: null });
