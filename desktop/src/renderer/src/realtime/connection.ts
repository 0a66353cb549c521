import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import type { ClientToServer, ServerToClient } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { currentToken, serverUrl } from '../api/client.ts';
import { createRetry } from './retry.ts';

/** Heartbeats arrive every 10 s: after two missing ones the connection counts as lost. */
const silenceMs = 25_000;
/** A cut cable causes no error, so an attempt to connect is given up after this time. */
const attemptMs = 8_000;
/** The pauses vary by half, so the longest wait is 6 s. */
const longestPauseMs = 4_000;
/** After a server shutdown, consoles reconnect spread over this time. */
const spreadMs = 2_000;

type Handlers = {
  /** Called when connected and accepted. */
  opened: () => void;
  /** Called when a message arrives. */
  received: () => void;
  /** Called when the connection is lost; it reconnects by itself. May be called more than once. */
  lost: () => void;
  /** Called when the server refuses this console. */
  refused: (code: string, detail: string) => void;
};

/** Creates the socket to the server. It reconnects until `end` is called. */
export function createConnection({ opened, received, lost, refused }: Handlers) {
  const socket: Socket<ServerToClient, ClientToServer> = io(serverUrl(), {
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    auth: (give) =>
      void currentToken().then((token) =>
        give({ token: token ?? '', protocol: protocolVersion, lowestProtocol }),
      ),
  });
  let dropTimer: ReturnType<typeof setTimeout> | undefined;
  let isShuttingDown = false;
  const reconnect = createRetry(connect, longestPauseMs);

  function connect() {
    if (socket.connected) return;
    // Gives up an attempt that hangs.
    socket.disconnect();
    socket.connect();
    dropAfter(attemptMs);
  }

  function onDown() {
    clearTimeout(dropTimer);
    lost();
    reconnect.later(isShuttingDown ? Math.random() * spreadMs : 0);
    isShuttingDown = false;
  }

  function onMessage() {
    received();
    dropAfter(silenceMs);
  }

  function dropAfter(ms: number) {
    clearTimeout(dropTimer);
    dropTimer = setTimeout(drop, ms);
  }

  /** Closes this connection and makes another. */
  function drop() {
    socket.disconnect();
    onDown();
  }

  socket.on('connect', () => {
    onMessage();
    opened();
  });
  socket.on('disconnect', onDown);
  socket.on('connect_error', (error) => {
    const { data } = error as { data?: { code: string; detail?: string } };
    if (data) refused(data.code, data.detail ?? '');
    onDown();
  });
  socket.onAny(onMessage);
  socket.on('goodbye', ({ reason }) => {
    isShuttingDown = reason === 'shutting_down';
  });

  return {
    socket,
    reach: connect,
    drop,
    /** Makes the next pause short again, because the connection works. */
    succeeded: reconnect.succeeded,
    /** Retries now instead of after the pause. */
    retry: reconnect.now,
    /** Shortens the pause, because the server may be reachable again. */
    signOfLife: reconnect.soon,
    end() {
      clearTimeout(dropTimer);
      reconnect.cancel();
      socket.offAny();
      socket.off();
      socket.disconnect();
    },
  };
}
