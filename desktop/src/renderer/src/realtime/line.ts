import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import type { ClientToServer, ServerToClient } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { currentToken, serverUrl } from '../api/client.ts';
import { createRetry } from './retry.ts';

/** Heartbeats come every 10 s: after two that did not come, nothing can be said about now. */
const silenceMs = 25_000;
/** How long an attempt to connect may take: a cut cable says nothing. */
const attemptMs = 8_000;
/** Nobody waits longer for the next attempt than half as long again. */
const longestPauseMs = 4_000;
/** Over how long those come back who were all sent away by a server that shuts down. */
const spreadMs = 2_000;

type Told = {
  /** Connected, and let in. */
  opened: () => void;
  /** Something came. */
  heard: () => void;
  /** Connected no more, or not yet; coming back goes on by itself. May be told more than once. */
  lost: () => void;
  /** The server answered that it does not let this console in. */
  refused: (code: string, detail: string) => void;
};

/** The connection to the server, which comes back by itself until it is ended. */
export function createLine({ opened, heard, lost, refused }: Told) {
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
  let isSentAway = false;
  const comeback = createRetry(reach, longestPauseMs);

  function reach() {
    if (socket.connected) return;
    // An attempt that hangs is given up for the new one.
    socket.disconnect();
    socket.connect();
    giveUpAfter(attemptMs);
  }

  function down() {
    clearTimeout(silence);
    lost();
    comeback.later(isSentAway ? Math.random() * spreadMs : 0);
    isSentAway = false;
  }

  function listening() {
    heard();
    giveUpAfter(silenceMs);
  }

  function giveUpAfter(ms: number) {
    clearTimeout(silence);
    silence = setTimeout(drop, ms);
  }

  /** Gives up this connection, as it is of no use; another one is made. */
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
    isSentAway = reason === 'shutting_down';
  });

  return {
    socket,
    reach,
    drop,
    /** It is of use: the next pause is a short one again. */
    succeeded: comeback.succeeded,
    /** Now, instead of when the pause is over. */
    retry: comeback.now,
    /** Something speaks for it that the server can be reached. */
    signOfLife: comeback.soon,
    end() {
      clearTimeout(silence);
      comeback.cancel();
      socket.offAny();
      socket.off();
      socket.disconnect();
    },
  };
}
