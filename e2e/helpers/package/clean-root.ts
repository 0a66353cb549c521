/**
 * A copy of this machine to install packages on: its own mounts and processes over the real files, which stay as they are.
 * Everything disappears with it. Needs root on Linux.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type CleanRoot = {
  /** The place of a path of the copy in the real file system. */
  path(inside: string): string;
  /** Runs a program to its end; an error has its output. Returns its output. */
  run(command: readonly string[], options?: RunOptions): string;
  /** The same for a program that may fail. */
  attempt(command: readonly string[], options?: RunOptions): Attempt;
  /** Starts a program. It ends with the copy. */
  start(command: readonly string[], options?: RunOptions): ReturnType<typeof spawn>;
  [Symbol.asyncDispose](): Promise<void>;
};

type RunOptions = {
  /** Default: root. */
  as?: string;
  env?: Record<string, string>;
  input?: Buffer;
};
type Attempt = { status: number | null; stdout: string; stderr: string };

/** `$1` is an empty folder. The lines end with the word that says that the copy is complete. */
const prepare = `
set -e
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs tmp
mount -t tmpfs tmpfs run
exec chroot . sh -c 'echo ready; exec cat'
`;

export async function openCleanRoot(): Promise<CleanRoot> {
  const place = mkdtempSync(join(tmpdir(), 'slate-root-'));
  const unshare = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const holder = spawn('unshare', [...unshare, 'sh', '-c', prepare, 'sh', place]);
  const killOnExit = () => holder.kill('SIGKILL');
  process.once('exit', killOnExit);
  const ended = once(holder, 'exit');
  let complaint = '';
  holder.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  const ready = await Promise.race([once(holder.stdout, 'data'), ended.then(() => undefined)]);
  const close = async () => {
    process.off('exit', killOnExit);
    holder.kill('SIGKILL');
    await ended;
    rmSync(place, { recursive: true, force: true });
  };
  if (!ready) {
    await close();
    throw new Error(`There can be no clean root: ${complaint.trim()}`);
  }
  const holderId = holder.pid ?? 0;
  const first = readFileSync(`/proc/${holderId}/task/${holderId}/children`, 'utf8').trim();

  const commandOf = (command: readonly string[], { as, env = {} }: RunOptions) => {
    const home = as === undefined ? '/root' : `/home/${as}`;
    const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: home, ...env };
    return [
      '--target',
      first,
      '--mount',
      '--pid',
      '--root',
      '--',
      ...(as === undefined ? [] : ['runuser', '-u', as, '--']),
      'env',
      '-i',
      '--chdir=/',
      ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      ...command,
    ];
  };
  const attempt: CleanRoot['attempt'] = (command, options = {}) =>
    spawnSync('nsenter', commandOf(command, options), { encoding: 'utf8', input: options.input });
  return {
    path: (inside) => join('/proc', first, 'root', inside),
    attempt,
    run: (command, options) => {
      const { status, stdout, stderr } = attempt(command, options);
      if (status !== 0) throw new Error(`${command.join(' ')} (${status}): ${stderr}${stdout}`);
      return stdout;
    },
    start: (command, options = {}) => spawn('nsenter', commandOf(command, options)),
    [Symbol.asyncDispose]: close,
  };
}
