import { Socket } from 'node:net';

/**
 * Sends what is written within one turn of the event loop in one system call. A command pipelines its
 * statements in two or three groups; without this each statement is a system call of its own, and those cost
 * more than all else that a command does in this process.
 */
export function batchingSocket(): Socket {
  const socket = new Socket();
  // Not before: `connect` puts the ordinary `write` in its place.
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
