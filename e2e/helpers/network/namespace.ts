/** Network namespaces of Linux: interfaces, addresses and routes of their own, and processes that end with them. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import type { SocketRequest } from './open-handle.ts';

export type Namespace = {
  readonly pid: number;
  /** Runs a program that changes the network, as `ip` does. Throws if it fails. */
  run(command: string): void;
  /** Starts a program that sees the network and the files of this namespace and ends with it. */
  start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  /** Puts a file in the place of another one. */
  replaceFile(place: string, by: string): void;
  /** Stops all programs, like a computer that sleeps. */
  freeze(): void;
  thaw(): void;
  listen(host: string, port: number): Promise<Server>;
  connect(host: string, port: number): Promise<Socket>;
  bindDatagrams(host: string, port: number): Promise<DatagramSocket>;
  [Symbol.asyncDispose](): Promise<void>;
};

const unshareFlags = ['--net', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child'];

/** For `describe.skipIf`: the reason why this machine has no network namespaces; null if it has them. */
export function noNamespaces(): string | null {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  const command = 'ip link set lo up && ip link add a1 type veth peer name a2';
  const { status, stderr, error } = spawnSync('unshare', [...unshareFlags, 'sh', '-c', command], {
    encoding: 'utf8',
  });
  if (status === 0) return null;
  return `this machine allows no network namespaces (${error?.message ?? stderr.trim().split('\n').at(-1)})`;
}

/**
 * The first process keeps the namespace, and ends when this process does. Then the system ends every other process in it and
 * removes its interfaces.
 */
export async function openNamespace(): Promise<Namespace> {
  const keeper = spawn('unshare', [...unshareFlags, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(keeper, 'exit');
  // `cat` repeats the line when the namespace is complete.
  keeper.stdin.write('ready\n');
  await Promise.race([once(keeper.stdout, 'data'), ended]);
  const children = readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8');
  const pid = Number(children.trim());
  if (!(pid > 1)) throw new Error('The namespace could not be made.');

  const target = ['--target', String(pid)];
  const enter = (flags: string[], command: readonly string[]) => {
    const args = [...target, ...flags, ...command];
    const { status, stderr, error } = spawnSync('nsenter', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command.join(' ')}: ${error?.message ?? stderr}`);
  };
  async function open(request: SocketRequest) {
    const program = join(import.meta.dirname, 'open-handle.ts');
    const command = [process.execPath, program, JSON.stringify(request)];
    const child = spawn('nsenter', [...target, '--net', ...command], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const failed = once(child, 'exit').then(() => {
      throw new Error(`Could not open ${JSON.stringify(request)}.`);
    });
    failed.catch(() => {});
    const [, handle] = (await Promise.race([once(child, 'message'), failed])) as [string, unknown];
    return handle;
  }
  const namespace: Namespace = {
    pid,
    run: (command) => enter(['--net'], ['sh', '-c', command]),
    // The shell starts it, because nsenter stops for good when its child is stopped, and then the namespace could not end.
    start: (program, args, options) =>
      spawn(
        'nsenter',
        [
          ...target,
          '--net',
          '--mount',
          '--pid',
          '--no-fork',
          'sh',
          '-c',
          '"$@" & wait $!',
          'sh',
          program,
          ...args,
        ],
        options,
      ),
    replaceFile: (place, by) => enter(['--mount'], ['mount', '--bind', by, place]),
    // -1: every process in this namespace except the first one and the shell.
    freeze: () => enter(['--pid', '--mount'], ['sh', '-c', 'kill -STOP -1']),
    thaw: () => enter(['--pid', '--mount'], ['sh', '-c', 'kill -CONT -1']),
    listen: async (host, port) => (await open({ kind: 'listen', host, port })) as Server,
    connect: async (host, port) => (await open({ kind: 'connect', host, port })) as Socket,
    bindDatagrams: async (host, port) => (await open({ kind: 'bind', host, port })) as DatagramSocket,
    [Symbol.asyncDispose]: async () => {
      keeper.stdin.end();
      await ended;
    },
  };
  namespace.run('ip link set lo up');
  return namespace;
}
