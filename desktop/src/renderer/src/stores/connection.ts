import { createStore } from 'zustand/vanilla';

/** How things stand between this console and the server. Written by the feed. */
export type Connection =
  | { status: 'connecting' }
  /** What is shown is what is so, `lagMs` ago. */
  | { status: 'live'; lagMs: number }
  | { status: 'catching_up' }
  /** Nothing heard since; what is shown is as of then. It may be over in a moment. */
  | { status: 'reconnecting'; since: number }
  /** It was not: nothing that is done now would reach the server. */
  | { status: 'offline'; since: number }
  /** The server speaks another protocol: waiting does not help, a new version does. `told`: how it said so. */
  | { status: 'outdated'; told?: string };

type State = { connection: Connection; heardAt: number | null };

export const connectionStore = createStore<State>(() => ({
  connection: { status: 'connecting' },
  heardAt: null,
}));
/** Whether to ask the server anything is in vain. */
export const isCutOff = () => ['offline', 'outdated'].includes(connectionStore.getState().connection.status);
export const setConnection = (connection: Connection) => connectionStore.setState({ connection });
export const heard = (now: number) => connectionStore.setState({ heardAt: now });
export const forgetConnection = () =>
  connectionStore.setState({ connection: { status: 'connecting' }, heardAt: null });
