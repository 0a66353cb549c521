import { Socket } from 'node:net';

/**
 * Sends everything written within one turn of the event loop in one system call. A command pipelines its
 * statements in two or three groups; one system call per statement would cost more than all the rest of a
 * command in this process.
 */
export function batchingSocket(): Socket {
  const socket = new Socket();
  // Only after connecting: `connect` restores the ordinary `write`.
  socket.once('connect', () => batch(socket));
  return socket;
}

function batch(socket: Socket) {
  const write = socket.write.bind(socket) as (...written: unknown[]) => boolean;
  let collecting = false;
  socket.write = (...written: unknown[]) => {
    if (!collecting) {
      collecting = true;
      socket.cork();
      process.nextTick(() => {
        collecting = false;
        socket.uncork();
      });
    }
    return write(...written);
  };
}
