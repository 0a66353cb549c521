import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../../../scripts/api.ts';

/** The phase in which a connection is cut: on connect, within a request, while the server works, or within a reply. */
export type Cut = 'before' | 'request' | 'working' | 'reply';

export type CuttingProxy = {
  readonly url: string;
  /** How many connections were cut, and in which phase. */
  readonly cuts: Readonly<Record<Cut, number>>;
  end(): Promise<void>;
};

/** An unreliable network: each connection goes to a random server and may be cut at a random moment. */
export async function startCuttingProxy(servers: string[], random: () => number): Promise<CuttingProxy> {
  const cuts = { before: 0, request: 0, working: 0, reply: 0 };
  const open = new Set<Socket>();
  const below = (limit: number) => Math.floor(random() * limit);

  const proxy = createServer((client) => {
    const cutPhase = (['before', 'request', 'working', 'working', 'reply', 'reply'] as const)[below(6)];
    // Most connections carry a few requests first.
    let bytesLeft = below(cutPhase === 'request' ? 5_000 : 10_000);
    const { port, hostname } = new URL(servers[below(servers.length)] ?? '');
    const server = connect(Number(port), hostname);
    const ends = [client, server];
    const close = () => ends.forEach((end) => end.destroy());
    const cut = (when: Cut) => {
      if (client.destroyed || server.destroyed) return;
      cuts[when]++;
      // Sometimes with a reset, like a process that dies.
      if (below(2) === 0) client.resetAndDestroy();
      close();
    };
    for (const end of ends) {
      open.add(end);
      end.setNoDelay(true);
      end.on('error', close).on('close', () => {
        open.delete(end);
        close();
      });
    }
    if (cutPhase === 'before') return cut('before');

    /** Passes on the bytes before the cut. */
    const pass = (from: Socket, to: Socket, when: 'request' | 'reply') =>
      from.on('data', (bytes: Buffer) => {
        if (cutPhase !== when) return to.write(bytes);
        to.write(bytes.subarray(0, bytesLeft));
        bytesLeft -= bytes.length;
        if (bytesLeft < 0) to.write('', () => cut(when));
        return true;
      });
    pass(client, server, 'request');
    pass(server, client, 'reply');
    if (cutPhase === 'working') {
      let requests = below(6);
      client.on('data', () => {
        if (requests-- === 0) void pause(below(12)).then(() => cut('working'));
      });
    }
    return undefined;
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    cuts,
    end: async () => {
      for (const socket of open) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** Repeats a request through the proxy until there is a final answer, like a console. */
export async function sendUntilAnswered(send: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await send().catch(() => undefined);
    if (answer && answer.status !== 503 && answer.body.code !== 'in_progress') return answer;
  }
}
