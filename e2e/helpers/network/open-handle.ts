/** Opens a socket in the network namespace of this process, and hands it to the parent process. */
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';

/** `bind` is UDP, the others are TCP. */
export type SocketRequest = { kind: 'listen' | 'connect' | 'bind'; host: string; port: number };

const { kind, host, port } = JSON.parse(process.argv[2] ?? '') as SocketRequest;

if (kind === 'listen') {
  const server = createServer();
  // The parent accepts the connections, so this process must not.
  server.listen(port, host, () => process.send?.('open', server, {}, () => server.close()));
} else if (kind === 'bind') {
  const socket = createSocket('udp4');
  socket.bind(port, host, () => process.send?.('open', socket, {}, () => socket.close()));
} else {
  const socket = connect(port, host, () => process.send?.('open', socket, {}, () => {}));
}
