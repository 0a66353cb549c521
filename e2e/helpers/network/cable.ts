import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * How a proxy breaks WebSockets: it refuses them, cuts each one before its second heartbeat arrives, or answers none
 * (`swallow`).
 */
export type SocketFault = 'refuse' | 'cut' | 'swallow';

/** The network between a console and a server, which a test can break and repair. */
export type Cable = {
  readonly url: string;
  /** The count of HTTP requests, WebSocket handshakes and failed connections. */
  readonly requests: number;
  /** Ends every connection. New ones fail until `putBack`. */
  pull(): void;
  /** Existing connections stay open but pass nothing. New ones work. */
  freeze(): void;
  /** Existing and new connections stay open but pass nothing. */
  silence(): void;
  /** Every connection ends at the sign-in page of a guest network. */
  leadToPortal(): void;
  /** WebSockets fail in this way, everything else works. */
  breakSockets(how: SocketFault): void;
  putBack(server?: string): void;
  end(): Promise<void>;
};

const portalPage = '<!doctype html><title>Guest Wi-Fi</title><form>Accept the terms</form>';
const portalAnswer = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${portalPage.length}\r\nConnection: close\r\n\r\n${portalPage}`;
const refusal = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';
export async function layCable(server: string): Promise<Cable> {
  let target = new URL(server);
  let fault: 'none' | 'pulled' | 'silent' | 'portal' | SocketFault = 'none';
  let requests = 0;
  const open = new Set<Socket>();
  const sockets = new Set<Socket>();
  /** Sockets that pass nothing. Closing one of them does not close its other end. */
  const frozen = new Set<Socket>();

  const track = (end: Socket) => {
    open.add(end);
    end.setNoDelay(true);
    return end.on('error', () => {}).on('close', () => open.delete(end));
  };

  const proxy = createServer((client) => {
    if (fault === 'pulled' || fault === 'silent') requests += 1;
    if (fault === 'pulled') return client.destroy();
    track(client);
    if (fault === 'silent') return client.pause();
    client.on('data', (bytes: Buffer) => {
      if (/^[A-Z]{3,7} \//.test(bytes.toString('latin1', 0, 9))) requests += 1;
    });
    // The first bytes say whether it becomes a WebSocket.
    client.once('data', (first: Buffer) => {
      const isSocket = first.includes('Upgrade: websocket');
      if (fault === 'portal') return client.end(portalAnswer);
      if (isSocket && fault === 'refuse') return client.end(refusal);
      if (isSocket && fault === 'swallow') return client.pause();
      if (isSocket) sockets.add(client);
      const upstream = track(connect(Number(target.port), target.hostname));
      if (isSocket && fault === 'cut') endAtSecondHeartbeat(client, upstream);
      client.on('close', () => frozen.has(upstream) || upstream.destroy());
      upstream.on('close', () => {
        sockets.delete(client);
        if (!frozen.has(client)) client.destroy();
      });
      upstream.write(first);
      return client.pipe(upstream).pipe(client);
    });
    return undefined;
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  const cut = (which: ReadonlySet<Socket>) => {
    for (const socket of which) socket.destroy();
  };
  const freeze = () => {
    for (const socket of open) {
      socket.unpipe().pause();
      frozen.add(socket);
    }
  };
  const endAtSecondHeartbeat = (client: Socket, upstream: Socket) => {
    let heartbeats = 0;
    upstream.on('data', (bytes: Buffer) => {
      if (bytes.includes('["heartbeat"')) heartbeats += 1;
      if (heartbeats === 2) client.destroy();
    });
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    pull: () => {
      fault = 'pulled';
      cut(open);
    },
    freeze,
    silence: () => {
      fault = 'silent';
      freeze();
    },
    leadToPortal: () => {
      fault = 'portal';
      cut(open);
    },
    breakSockets: (how) => {
      fault = how;
      cut(sockets);
    },
    putBack: (newServer) => {
      fault = 'none';
      if (newServer !== undefined) target = new URL(newServer);
    },
    end: async () => {
      fault = 'pulled';
      cut(open);
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
