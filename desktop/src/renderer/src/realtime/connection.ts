import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import type { ClientToServer, ServerToClient } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { currentToken, serverUrl } from '../api/client.ts';
import { createRetry } from './retry.ts';

/** Heartbeats come every 10 s: two missing ones mean the connection is lost. */
const silenceMs = 25_000;
/** A cut cable gives no error, so an attempt to connect is given up after this. */
const attemptMs = 8_000;
/** The pauses vary by half, so the longest wait is 6 s. */
const longestPauseMs = 4_000;
/** After a server shutdown, consoles reconnect spread over this time. */
const spreadMs = 2_000;

type Handlers = {
  /** Connected and accepted. */
  opened: () => void;
  /** A message arrived. */
  heard: () => void;
  /** Not connected; it reconnects by itself. May be called more than once. */
  lost: () => void;
  /** The server refused this console. */
  refused: (code: string, detail: string) => void;
};

/** The socket to the server. It reconnects until `end` is called. */
export function createLine({ opened, heard, lost, refused }: Handlers) {
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
  let silence: ReturnType<typeof setTimeout> | undefined;
  let isShuttingDown = false;
  const reconnect = createRetry(reach, longestPauseMs);

  function reach() {
    if (socket.connected) return;
    // Gives up an attempt that hangs.
    socket.disconnect();
    socket.connect();
    giveUpAfter(attemptMs);
  }

  function down() {
    clearTimeout(silence);
    lost();
    reconnect.later(isShuttingDown ? Math.random() * spreadMs : 0);
    isShuttingDown = false;
  }

  function listening() {
    heard();
    giveUpAfter(silenceMs);
  }

  function giveUpAfter(ms: number) {
    clearTimeout(silence);
    silence = setTimeout(drop, ms);
  }

  /** Gives up this connection and makes another. */
  function drop() {
    socket.disconnect();
    down();
  }

  socket.on('connect', () => {
    listening();
    opened();
  });
  socket.on('disconnect', down);
  socket.on('connect_error', (error) => {
    const { data } = error as { data?: { code: string; detail?: string } };
    if (data) refused(data.code, data.detail ?? '');
    down();
  });
  socket.onAny(listening);
  socket.on('goodbye', ({ reason }) => {
    isShuttingDown = reason === 'shutting_down';
  });

  return {
    socket,
    reach,
    drop,
    /** The connection works: the next pause is short again. */
    succeeded: reconnect.succeeded,
    /** Retries now instead of after the pause. */
    retry: reconnect.now,
    /** The server may be reachable again. */
    signOfLife: reconnect.soon,
    end() {
      clearTimeout(silence);
      reconnect.cancel();
      socket.offAny();
      socket.off();
      socket.disconnect();
    },
  };
}
