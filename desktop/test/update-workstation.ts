import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { updateProduct } from '@slate/shared/updates';
import type { UpdateManifest, UpdateStatus } from '@slate/shared/updates';
import { afterEach, beforeEach, vi } from 'vitest';
import { publicKeyOf, signManifest } from '../../scripts/update-manifest.ts';
import { runProgram } from '../src/main/updates/installation.ts';
import { openMemory } from '../src/main/updates/memory.ts';
import { createUpdates } from '../src/main/updates/updates.ts';
import type { UpdateDeps } from '../src/main/updates/updates.ts';
import { ownFolder } from './on-disk.ts';

export const site = '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a56';
export const packageName = 'slate-0.2.0-linux-x64.tar.gz';
export const dayMs = 86_400_000;
export const inDays = (days: number) => new Date(Date.now() + days * dayMs).toISOString();

const key = generateKeyPairSync('ed25519').privateKey;
const log = { file: '', info: () => {}, warn: () => {}, error: () => {} };
let folder = { path: '' };

/** The files of a workstation with version 0.1.0. */
export const paths = {
  /** The installed program. */
  get program() {
    return join(folder.path, 'slate');
  },
  get profile() {
    return join(folder.path, 'profile');
  },
  get downloads() {
    return join(folder.path, 'profile', 'download');
  },
  /** Every program of a test writes its arguments to this file when it runs. */
  get runs() {
    return join(folder.path, 'runs');
  },
  /** The downloaded package, complete or not. */
  download: (name = packageName) => join(paths.downloads, `${sha512Of(server.package).slice(0, 16)}-${name}`),
};
export const versionIn = (program: string) => readFileSync(join(program, 'version'), 'utf8');

/** The update server: version 0.2.0, until a test changes it. */
export const server = {
  http: undefined as unknown as Server,
  /** The paths of all requests, with their ranges. */
  requests: [] as string[],
  package: Buffer.alloc(0) as Buffer,
  /** The answer to the question for an update. */
  offer: (): unknown => signedOffer(),
  /** Answers every request of the program for a package. */
  sendPackage,
  /** Answers all requests in the same way. */
  answerAll(answer: (response: ServerResponse) => void) {
    server.http.removeAllListeners('request').on('request', (_request, response) => answer(response));
  },
  downloads: () => server.requests.filter((request) => request.startsWith('/updates/')),
};

export const firstByteOf = (request: IncomingMessage) =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);

function sendPackage(request: IncomingMessage, response: ServerResponse) {
  startPackage(request, response).end(server.package.subarray(firstByteOf(request)));
}

/** Sends the headers of the requested part. */
export function startPackage(request: IncomingMessage, response: ServerResponse) {
  const from = firstByteOf(request);
  const { length } = server.package;
  if (from > 0) response.setHeader('Content-Range', `bytes ${from}-${length - 1}/${length}`);
  return response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': length - from });
}

/** Before each test: the workstation, the server, and a clock that stands still. */
export function setUpUpdates() {
  folder = ownFolder();
  beforeEach(async () => {
    vi.useFakeTimers({
      toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'],
    });
    writeProgram(paths.program, '0.1.0');
    server.requests = [];
    server.package = packageOf('0.2.0');
    server.offer = () => signedOffer();
    server.sendPackage = sendPackage;
    server.http = createServer((request, response) => {
      server.requests.push([request.url?.split('?')[0], request.headers.range].filter(Boolean).join(' '));
      if (request.url?.startsWith('/updates/')) server.sendPackage(request, response);
      else response.end(JSON.stringify(server.offer()));
    }).listen(0, '127.0.0.1');
    await once(server.http, 'listening');
  });
  afterEach(() => {
    vi.useRealTimers();
    server.http.close().closeAllConnections();
  });
}

/** A program that only records that it ran. */
function writeProgram(program: string, version: string, exitCode = 0) {
  mkdirSync(join(program, 'resources'), { recursive: true });
  writeFileSync(join(program, 'version'), version);
  writeFileSync(join(program, 'resources', 'app.asar'), version);
  writeFileSync(join(program, 'slate'), `#!/bin/sh\necho "$@" >> ${paths.runs}\nexit ${exitCode}\n`);
  chmodSync(join(program, 'slate'), 0o755);
}

export function packageOf(version: string, exitCode = 0): Buffer {
  const draft = join(folder.path, 'draft');
  writeProgram(join(draft, `slate-${version}`), version, exitCode);
  const file = join(folder.path, 'draft.tar.gz');
  spawnSync('tar', ['--create', '--gzip', `--file=${file}`, `--directory=${draft}`, `slate-${version}`]);
  rmSync(draft, { recursive: true });
  return readFileSync(file);
}

const sha512Of = (bytes: Buffer) => createHash('sha512').update(bytes).digest('hex');

export const manifestOf = (change: Partial<UpdateManifest> = {}): UpdateManifest => ({
  product: updateProduct,
  channel: 'stable',
  version: '0.2.0',
  minimumVersion: '0.1.0',
  signedAt: inDays(-1),
  notBefore: inDays(-1),
  expires: inDays(30),
  notes: 'Faster openings.',
  files: [
    {
      platform: 'linux',
      arch: 'x64',
      kind: 'tar.gz',
      name: packageName,
      size: server.package.length,
      sha512: sha512Of(server.package),
    },
  ],
  ...change,
});
export const signedOffer = (change: Partial<UpdateManifest> = {}, signingKey = key) => ({
  offer: 'update',
  channel: 'stable',
  signed: signManifest(manifestOf(change), signingKey),
});

/** Starts the program on the workstation, signed in at a site and in use. */
export function start(more: Partial<UpdateDeps> = {}) {
  const statuses: UpdateStatus[] = [];
  const memory = openMemory(join(paths.profile, 'memory.json'), log);
  const { promise: restarted, resolve: onRestart } = Promise.withResolvers<void>();
  const deps = {
    fetch,
    server: () => `http://127.0.0.1:${(server.http.address() as AddressInfo).port}`,
    keys: [publicKeyOf(generateKeyPairSync('ed25519').privateKey), publicKeyOf(key)],
    version: '0.1.0',
    platform: 'linux',
    arch: 'x64',
    installation: { by: 'swap', kind: 'tar.gz', folder: paths.program, executable: 'slate' } as const,
    memory,
    folder: paths.downloads,
    mode: 'automatic' as const,
    channel: null,
    site: null,
    args: ['--no-sandbox'],
    run: runProgram,
    restart: vi.fn<() => void>(onRestart),
    quit: vi.fn<() => void>(),
    log,
    onChange: (status: UpdateStatus) => statuses.push(status),
    ...more,
  };
  const updates = createUpdates(deps);
  updates.reportUse({ site, mayRestart: false });
  return { ...deps, updates, memory, statuses, restarted, lastStatus: () => statuses.at(-1) };
}

/** Nobody touches the workstation for a while. */
export const rest = () => vi.advanceTimersByTime(25_000);
