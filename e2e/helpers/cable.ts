import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** The network cable between a console and a server. A test can unplug it, plug it in, and move it to another server. */
export type Cable = {
  readonly url: string;
  /** Ends every connection. New ones fail until it is plugged in. */
  pull(): void;
  /** Existing connections stay open but pass nothing. New ones work. */
  freeze(): void;
  putBack(server?: string): void;
  end(): Promise<void>;
};

export async function layCable(server: string): Promise<Cable> {
  let to = new URL(server);
  let isPulled = false;
  const open = new Set<Socket>();
  const proxy = createServer((client) => {
    if (isPulled) return client.destroy();
    const upstream = connect(Number(to.port), to.hostname);
    const both = [client, upstream];
    for (const end of both) {
      open.add(end);
      end.setNoDelay(true);
      end
        .on('error', () => {})
        .on('close', () => {
          open.delete(end);
          for (const each of both) each.destroy();
        });
    }
    return client.pipe(upstream).pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    pull: () => {
      isPulled = true;
      cut();
    },
    freeze: () => {
      for (const socket of open) socket.unpipe().pause();
    },
    putBack: (elsewhere) => {
      isPulled = false;
      if (elsewhere !== undefined) to = new URL(elsewhere);
    },
    end: async () => {
      isPulled = true;
      cut();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
