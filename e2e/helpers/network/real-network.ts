/**
 * A workstation, a router and a hospital, each with a network stack of its own. The workstation knows the server by its name.
 *
 *     workstation 10.77.1.2 ── router ── 10.77.9.2 server (port 443) and name server (port 53)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNamespace } from './namespace.ts';
import type { Namespace } from './namespace.ts';

export const serverName = 'slate.hospital.test';

const serverHost = '10.77.9.2';
/** Both have the workstation at 2 and the router at 1. */
const networks = { desk: '10.77.1', vpn: '10.77.2' };

export type RealNetwork = {
  workstation: Namespace;
  /** The name server says that there is no such name, and every connection is reset. */
  forgetName(): void;
  knowName(): void;
  /** The router drops every packet and tells nobody. */
  drop(): void;
  pass(): void;
  /** The workstation loses its address and gets one in another network. */
  change(network: keyof typeof networks): void;
  unplug(): void;
  plugIn(): void;
  /** The addresses from which the workstation is connected to the server, as the server sees it. */
  connectedFrom(): Set<string | undefined>;
  /** A port of this computer that leads to one of the workstation. */
  forward(port: number): Promise<number>;
  [Symbol.asyncDispose](): Promise<void>;
};

/** Relays connections to the server’s address to `target`, a port of this computer. */
export async function openRealNetwork(target: string): Promise<RealNetwork> {
  await using parts = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'slate-network-'));
  parts.defer(() => rmSync(folder, { recursive: true }));
  const workstation = parts.use(await openNamespace());
  const router = parts.use(await openNamespace());
  const hospital = parts.use(await openNamespace());

  const wire = (name: string, { pid }: Namespace) =>
    router.run(`ip link add ${name} type veth peer name wire netns ${pid} && ip link set ${name} up`);
  wire('desk', workstation);
  wire('hospital', hospital);
  for (const network of Object.values(networks)) router.run(`ip addr add ${network}.1/24 dev desk`);
  router.run('ip addr add 10.77.9.1/24 dev hospital');
  const attach = (to: Namespace, host: string, gateway: string) =>
    to.run(
      `ip addr flush dev wire && ip addr add ${host}/24 dev wire && ip link set wire up && ip route replace default via ${gateway}`,
    );
  const change = (network: keyof typeof networks) =>
    attach(workstation, `${networks[network]}.2`, `${networks[network]}.1`);
  const setForwarding = (value: 0 | 1) => router.run(`echo ${value} > /proc/sys/net/ipv4/ip_forward`);
  attach(hospital, serverHost, '10.77.9.1');
  change('desk');
  setForwarding(1);

  const resolver = join(folder, 'resolv.conf');
  writeFileSync(resolver, `nameserver ${serverHost}\n`);
  workstation.replaceFile('/etc/resolv.conf', resolver);
  let isKnown = true;
  const names = await hospital.bindDatagrams(serverHost, 53);
  parts.defer(() => void names.close());
  names.on('message', (query, from) => names.send(answerTo(query, isKnown), from.port, from.address));

  const { hostname, port: targetPort } = new URL(target);
  const server = await hospital.listen(serverHost, 443);
  const clients = relay(server, () => Promise.resolve(connect(Number(targetPort), hostname)));
  parts.defer(() => void server.close());

  const all = parts.move();
  return {
    workstation,
    forgetName: () => {
      isKnown = false;
      for (const client of clients) client.resetAndDestroy();
    },
    knowName: () => {
      isKnown = true;
    },
    drop: () => setForwarding(0),
    pass: () => setForwarding(1),
    change,
    unplug: () => workstation.run('ip link set wire down'),
    // The route was removed with the link.
    plugIn: () => change('desk'),
    connectedFrom: () => new Set([...clients].map(({ remoteAddress }) => remoteAddress)),
    forward: async (port) => {
      const door = createServer().listen(0, '127.0.0.1');
      await once(door, 'listening');
      relay(door, () => workstation.connect('127.0.0.1', port));
      all.defer(() => void door.close());
      return (door.address() as AddressInfo).port;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Returns the open connections of the clients. */
function relay(server: Server, open: () => Promise<Socket>): ReadonlySet<Socket> {
  const clients = new Set<Socket>();
  async function pass(client: Socket) {
    clients.add(client);
    client.on('error', () => {}).on('close', () => clients.delete(client));
    const upstream = await open();
    client.on('close', () => upstream.destroy());
    upstream.on('error', () => {}).on('close', () => client.destroy());
    if (client.destroyed) upstream.destroy();
    else client.pipe(upstream).pipe(client);
  }
  server.on('connection', (client: Socket) => void pass(client).catch(() => client.destroy()));
  return clients;
}

/** An answer of DNS: the address if the question is about the server's name and `isKnown`; otherwise that there is no such name. */
function answerTo(query: Buffer, isKnown: boolean): Buffer {
  const labels = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  const question = query.subarray(12, at + 5);
  const isOurs = isKnown && labels.join('.').toLowerCase() === serverName;
  const isAddress = query.readUInt16BE(at + 1) === 1;
  const answers = isOurs && isAddress ? 1 : 0;
  const header = Buffer.from(query.subarray(0, 12));
  // A response with recursion; code 3: no such name.
  header.writeUInt16BE(isOurs ? 0x8580 : 0x8583, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers, 6);
  header.writeUInt32BE(0, 8);
  // The name as in the question, type A, class IN, valid for one second.
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...serverHost.split('.').map(Number)]);
  return Buffer.concat([header, question, ...(answers > 0 ? [answer] : [])]);
}
