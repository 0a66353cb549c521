/**
 * Owns one PostgreSQL process for its parent. The pipe on stdin closes when the parent stops it, crashes or is killed, so
 * the server never outlives the parent.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { family, signal } from './processes.ts';

export interface GuardOrders {
  postgres: string;
  args: string[];
  /** The unprivileged user to run as; absent if the parent is unprivileged. */
  user?: { uid: number; gid: number };
  /** A folder to delete after the server has stopped. */
  remove?: string;
}

const HARD_AFTER_MS = 20_000;

const orders = JSON.parse(process.argv[2] ?? '') as GuardOrders;
const server = spawn(orders.postgres, orders.args, {
  ...orders.user,
  stdio: ['ignore', 'inherit', 'inherit'],
});

let stopping = false;

function stop(): void {
  const { pid } = server;
  if (stopping || pid === undefined) return;
  stopping = true;
  signal(family(pid), 'SIGCONT');
  server.kill('SIGINT');
  setTimeout(() => signal(family(pid), 'SIGKILL'), HARD_AFTER_MS).unref();
}

process.stdin.on('error', stop).on('close', stop).resume();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);

server.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.once('exit', (code) => {
  if (stopping && orders.remove !== undefined) rmSync(orders.remove, { recursive: true, force: true });
  process.exit(stopping ? 0 : (code ?? 1));
});
