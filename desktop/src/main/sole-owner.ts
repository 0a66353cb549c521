import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes this program the only owner of a folder until it ends or crashes: the operating system gives the name of a local
 * socket to one program at a time. False: another program is the owner.
 */
export async function ownAlone(folder: string, platform = process.platform): Promise<boolean> {
  const name = `slate-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}`;
  if (platform === 'linux') return listen(`\0${name}`);
  if (platform === 'win32') return listen(`\\\\.\\pipe\\${name}`);
  // On other systems the name is a file, which stays after a crash.
  const path = join(tmpdir(), name);
  if (await listen(path)) return true;
  if (await isAnswering(path)) return false;
  rmSync(path, { force: true });
  return listen(path);
}

const listen = (name: string) =>
  new Promise<boolean>((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(false));
    server.listen(name, () => {
      server.unref();
      resolve(true);
    });
  });

const isAnswering = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
