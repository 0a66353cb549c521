import { lowestProtocol, protocolVersion } from '@slate/shared/protocol';
import type { ClientToServer, ServerToClient } from '@slate/shared/socket-events';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { currentToken, serverUrl } from '../api/client.ts';
import { pace } from '../api/pace.ts';
import { createRetry } from './retry.ts';

type Handlers = {
  /** Called when connected and accepted. */
  opened: () => void;
  /** Called for every message. */
  received: () => void;
  /** Called when the connection has lasted from one heartbeat to the next. Until then something may be cutting it. */
  lasted: () => void;
  /** Called when the connection is lost; it reconnects by itself. May be called more than once. */
  lost: () => void;
  /** Called when the server refuses this console. */
  refused: (code: string) => void;
  /** Whether the changes are polled, so that there is no hurry to reconnect. */
  isPolling: () => boolean;
};

/** Creates the socket to the server. It reconnects until `end` is called. */
export function createConnection({ opened, received, lasted, lost, refused, isPolling }: Handlers) {
  const socket: Socket<ServerToClient, ClientToServer> = io(serverUrl(), {
    transports: ['websocket'],
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    auth: (send) =>
      void currentToken().then((token) =>
        send({ token: token ?? '', protocol: protocolVersion, lowestProtocol }),
      ),
  });
  let dropTimer: ReturnType<typeof setTimeout> | undefined;
  let quietTimer: ReturnType<typeof setTimeout> | undefined;
  let checkTimer: ReturnType<typeof setTimeout> | undefined;
  let lastProofAt = 0;
  let heartbeats = 0;
  let isShuttingDown = false;
  const reconnect = createRetry(connect, () =>
    isPolling() ? pace.longestPollingPauseMs : pace.longestPauseMs,
  );

  function connect() {
    if (socket.connected) return;
    // Gives up an attempt that hangs.
    socket.disconnect();
    socket.connect();
    dropAfter(pace.attemptMs);
  }

  function clearTimers() {
    for (const timer of [dropTimer, quietTimer, checkTimer]) clearTimeout(timer);
    checkTimer = undefined;
  }

  function onDown() {
    clearTimers();
    lost();
    reconnect.later(isShuttingDown ? Math.random() * pace.spreadMs : 0);
    isShuttingDown = false;
  }

  function onMessage() {
    received();
    lastProofAt = performance.now();
    clearTimers();
    dropAfter(pace.silenceMs);
    quietTimer = setTimeout(check, pace.quietMs);
  }

  function dropAfter(ms: number) {
    clearTimeout(dropTimer);
    dropTimer = setTimeout(drop, ms);
  }

  /** Closes this connection and makes another. */
  function drop() {
    const wasConnected = socket.connected;
    socket.disconnect();
    // A connected socket has emitted `disconnect`, which calls `onDown`.
    if (!wasConnected) onDown();
  }

  /** Finds out whether the connection still works. If it does, nothing happens. */
  function check() {
    if (!socket.connected || checkTimer !== undefined) return;
    const timer = (checkTimer = setTimeout(drop, pace.checkMs));
    socket.emit('check', {}, () => {
      clearTimeout(timer);
      lastProofAt = performance.now();
      if (checkTimer === timer) checkTimer = undefined;
    });
  }

  socket.on('connect', () => {
    heartbeats = 0;
    onMessage();
    opened();
  });
  socket.on('disconnect', onDown);
  socket.on('connect_error', (error) => {
    const { data } = error as { data?: { code: string } };
    if (data) refused(data.code);
    onDown();
  });
  socket.onAny(onMessage);
  socket.on('heartbeat', () => {
    heartbeats += 1;
    // The server sends them to everyone at once, so the first one may come just after the connection was made.
    if (heartbeats < 2) return;
    reconnect.succeeded();
    lasted();
  });
  socket.on('goodbye', ({ reason }) => {
    isShuttingDown = reason === 'shutting_down';
  });

  return {
    socket,
    connect,
    drop,
    check,
    /** Retries now instead of after the pause. */
    retry: reconnect.now,
    /** Call when the server may be reachable again, or may have become unreachable unnoticed. */
    signOfLife: () => {
      if (socket.connected && performance.now() - lastProofAt > pace.recentMs) check();
      else if (!socket.connected && !isPolling()) reconnect.soon();
    },
    /** Call when this computer's network has changed. The server may be reachable or not. */
    networkChanged: () => {
      if (socket.connected) check();
      // Also while connected: if this connection is cut, the next attempt comes soon.
      reconnect.soon(pace.spreadMs);
    },
    end() {
      clearTimers();
      reconnect.cancel();
      socket.offAny();
      socket.off();
      socket.disconnect();
    },
  };
}
