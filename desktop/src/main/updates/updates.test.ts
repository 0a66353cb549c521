import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { updateProduct } from '@slate/shared/updates';
import type { UpdateManifest, UpdateStatus } from '@slate/shared/updates';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { publicKeyOf, signManifest } from '../../../../scripts/update-manifest.ts';
import { runProgram } from './installation.ts';
import type { Run } from './installation.ts';
import { openMemory } from './memory.ts';
import { createUpdates } from './updates.ts';
import type { UpdateDeps } from './updates.ts';

const site = '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a56';
const key = generateKeyPairSync('ed25519').privateKey;
const log = { file: '', info: () => {}, warn: () => {}, error: () => {} };
const packageName = 'slate-0.2.0-linux-x64.tar.gz';
const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();

let place: string;
/** The installed program. */
let program: string;
/** Written by a program of a package when it runs. */
let ran: string;
let server: Server;
let requests: string[];
/** Answers a request for the file. */
let sendFile: (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;
let offer: () => unknown;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
  place = mkdtempSync(join(tmpdir(), 'slate-update-'));
  ran = join(place, 'ran');
  program = join(place, 'slate');
  writeProgram(program, '0.1.0');
  requests = [];
  sendFile = (request, response, bytes) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0) response.setHeader('Content-Range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.writeHead(from > 0 ? 206 : 200).end(bytes.subarray(from));
  };
  server = createServer((request, response) => {
    requests.push([request.url?.split('?')[0], request.headers.range].filter(Boolean).join(' '));
    if (request.url?.startsWith('/updates/')) sendFile(request, response, packed);
    else response.end(JSON.stringify(offer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  packed = packageOf('0.2.0');
  offer = () => signedOffer();
});
afterEach(() => {
  vi.useRealTimers();
  server.close().closeAllConnections();
  rmSync(place, { recursive: true });
});

/** A program that only shows that it ran. */
function writeProgram(folder: string, version: string, exitCode = 0) {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'resources', 'app.asar'), version);
  writeFileSync(join(folder, 'slate'), `#!/bin/sh\necho "$@" >> ${ran}\nexit ${exitCode}\n`);
  chmodSync(join(folder, 'slate'), 0o755);
}

let packed: Buffer;
function packageOf(version: string, exitCode = 0): Buffer {
  const draft = join(place, 'draft');
  writeProgram(join(draft, `slate-${version}`), version, exitCode);
  const file = join(place, 'draft.tar.gz');
  spawnSync('tar', ['--create', '--gzip', `--file=${file}`, `--directory=${draft}`, `slate-${version}`]);
  rmSync(draft, { recursive: true });
  return readFileSync(file);
}

const manifestOf = (change: Partial<UpdateManifest> = {}): UpdateManifest => ({
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
      size: packed.length,
      sha512: createHash('sha512').update(packed).digest('hex'),
    },
  ],
  ...change,
});
const signedOffer = (change: Partial<UpdateManifest> = {}) => ({
  offer: 'update',
  channel: 'stable',
  signed: signManifest(manifestOf(change), key),
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
/** The download, while it is incomplete and later. */
const localFile = (name = packageName) =>
  join(
    place,
    'profile',
    'download',
    `${createHash('sha512').update(packed).digest('hex').slice(0, 16)}-${name}`,
  );
const versionIn = (folder: string) => readFileSync(join(folder, 'version'), 'utf8');
const memoryFile = () => join(place, 'profile', 'memory.json');

function start(more: Partial<UpdateDeps> = {}) {
  const statuses: UpdateStatus[] = [];
  const memory = openMemory(memoryFile(), log);
  let restart = () => {};
  const restarted = new Promise<void>((resolve) => (restart = resolve));
  const deps = {
    fetch,
    server: url,
    keys: [publicKeyOf(generateKeyPairSync('ed25519').privateKey), publicKeyOf(key)],
    version: '0.1.0',
    platform: 'linux',
    arch: 'x64',
    installation: { by: 'swap', kind: 'tar.gz', folder: program, executable: 'slate' } as const,
    memory,
    folder: join(place, 'profile', 'download'),
    mode: 'automatic' as const,
    channel: null,
    site: null,
    args: ['--no-sandbox'],
    run: runProgram,
    restart: vi.fn<() => void>(() => restart()),
    quit: vi.fn<() => void>(),
    log,
    onChange: (status: UpdateStatus) => statuses.push(status),
    ...more,
  };
  const updates = createUpdates(deps);
  updates.reportUse({ site, mayRestart: false });
  return { ...deps, updates, memory, statuses, restarted, last: () => statuses.at(-1) };
}
/** Nobody touches the workstation for a while. */
const rest = () => vi.advanceTimersByTime(25_000);

describe('an update', () => {
  test('UP7: is downloaded, tried and ready, and replaces the program when nobody works', async () => {
    const { updates, statuses, memory, restart, restarted, last } = start();
    expect(await updates.begin()).toBe(true);
    updates.pageStarted();
    await updates.check();
    expect(statuses.map(({ is }) => is)).toEqual([
      'unknown',
      'checking',
      'downloading',
      'downloading',
      'ready',
    ]);
    expect(last()).toEqual({ is: 'ready', version: '0.2.0', notes: 'Faster openings.', needsPerson: false });
    expect(readFileSync(ran, 'utf8')).toMatch(/^--no-sandbox --try-start --user-data-dir=\S+\n$/);
    rest();
    await updates.check();
    expect(restart).not.toHaveBeenCalled();
    expect(versionIn(program)).toBe('0.1.0');

    updates.reportUse({ site, mayRestart: true });
    vi.advanceTimersByTime(5_000);
    await restarted;
    expect([versionIn(program), versionIn(`${program}.old`)]).toEqual(['0.2.0', '0.1.0']);
    expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 0 });
    expect(requests.filter((each) => each.startsWith('/updates/'))).toEqual([
      `/updates/stable/${packageName}`,
    ]);
  });

  test('UP7: waits while somebody touches the workstation', async () => {
    const { updates, restart } = start();
    updates.pageStarted();
    updates.reportUse({ site, mayRestart: true });
    await updates.check();
    for (let second = 0; second < 60; second += 9) {
      vi.advanceTimersByTime(9_000);
      updates.touch();
    }
    await updates.check();
    expect(restart).not.toHaveBeenCalled();
  });

  test('UP7: waits when the page has not said for a while that it may be restarted', async () => {
    const { updates, restart } = start();
    updates.pageStarted();
    updates.reportUse({ site, mayRestart: true });
    await updates.check();
    for (let second = 0; second < 90; second += 9) {
      vi.advanceTimersByTime(9_000);
      updates.touch();
    }
    rest();
    await updates.check();
    expect(restart).not.toHaveBeenCalled();
  });

  test('UP7: is installed at once when the person asks for it', async () => {
    const { updates, restart } = start();
    await expect(updates.install()).rejects.toThrow('There is no update to install');
    await updates.check();
    await updates.install();
    expect(restart).toHaveBeenCalledOnce();
    expect(versionIn(program)).toBe('0.2.0');
  });

  test.each([{ offer: 'paused' }, { offer: 'none' }, { offer: 'later' }])(
    'UP6: that is not offered any more (%o) is not installed',
    async (answer) => {
      const { updates, restart, last } = start();
      await updates.check();
      offer = () => answer;
      await updates.install();
      expect(restart).not.toHaveBeenCalled();
      expect(last()).toEqual({ is: answer.offer === 'paused' ? 'paused' : 'none' });
      expect(versionIn(program)).toBe('0.1.0');
      expect(existsSync(`${program}.new`)).toBe(false);
    },
  );

  test('UP6: is not installed while the server does not confirm it, and stays ready', async () => {
    const { updates, restart, last } = start();
    await updates.check();
    offer = () => {
      throw new Error();
    };
    server.removeAllListeners('request').on('request', (_request, response: ServerResponse) => {
      response.writeHead(503).end();
    });
    await updates.install();
    expect(restart).not.toHaveBeenCalled();
    expect(last()?.is).toBe('ready');
  });

  test('UP6: a better one takes the place of the one that was ready', async () => {
    const { updates, last } = start();
    await updates.check();
    packed = packageOf('0.3.0');
    offer = () => signedOffer({ version: '0.3.0', signedAt: inDays(-0.5) });
    await updates.install();
    expect(versionIn(program)).toBe('0.1.0');
    expect(last()).toMatchObject({ is: 'ready', version: '0.3.0' });
    await updates.install();
    expect(versionIn(program)).toBe('0.3.0');
  });
});

describe('UP2 UP3 UP4: refused, with nothing executed and nothing replaced:', () => {
  const cases: [name: string, why: string, arrange: () => void][] = [
    [
      'a tampered manifest',
      'signature',
      () => {
        offer = () => {
          const { signed, ...others } = signedOffer();
          return { ...others, signed: { ...signed, manifest: signed.manifest.replace('0.2.0', '0.2.1') } };
        };
      },
    ],
    [
      'a manifest of another key',
      'signature',
      () => {
        const foreign = generateKeyPairSync('ed25519').privateKey;
        offer = () => ({ ...signedOffer(), signed: signManifest(manifestOf(), foreign) });
      },
    ],
    [
      'an answer that is no offer',
      'malformed',
      () => {
        offer = () => ({ offer: 'update' });
      },
    ],
    [
      'an endless answer',
      'malformed',
      () => {
        offer = () => ({ offer: 'none', more: 'x'.repeat(1_000_000) });
      },
    ],
    [
      'another product',
      'product',
      () => {
        offer = () => signedOffer({ product: 'slate-server' });
      },
    ],
    [
      'another channel',
      'channel',
      () => {
        offer = () => signedOffer({ channel: 'early' });
      },
    ],
    [
      'an expired manifest',
      'expired',
      () => {
        offer = () => signedOffer({ expires: inDays(-0.1) });
      },
    ],
    [
      'a manifest of tomorrow',
      'not_yet',
      () => {
        offer = () => signedOffer({ notBefore: inDays(1) });
      },
    ],
    [
      'a downgrade',
      'downgrade',
      () => {
        offer = () => signedOffer({ version: '0.0.9' });
      },
    ],
    [
      'a version that needs a newer program',
      'too_old',
      () => {
        offer = () => signedOffer({ minimumVersion: '0.1.1' });
      },
    ],
    [
      'a tampered file',
      'hash',
      () => {
        sendFile = (_request, response, bytes) => {
          const tampered = Buffer.from(bytes);
          tampered[100] = (tampered[100] ?? 0) ^ 1;
          response.end(tampered);
        };
      },
    ],
    [
      'a file that is longer than signed',
      'oversized',
      () => {
        sendFile = (_request, response, bytes) => void response.end(Buffer.concat([bytes, Buffer.from('#')]));
      },
    ],
    [
      'a package that cannot be unpacked',
      'unusable',
      () => {
        packed = Buffer.from('not an archive');
      },
    ],
  ];
  test.each(cases)('%s', async (_name, why, arrange) => {
    arrange();
    const { updates, last } = start();
    await updates.check();
    expect(last()).toMatchObject({ is: 'refused', why });
    await expect(updates.install()).rejects.toThrow('There is no update');
    expect(existsSync(ran)).toBe(false);
    expect(versionIn(program)).toBe('0.1.0');
    expect(readdirSync(place).filter((name) => name.startsWith('slate'))).toEqual(['slate']);
  });

  test('an older manifest than a known one', async () => {
    const { updates, last } = start();
    offer = () => signedOffer({ version: '0.1.0', signedAt: inDays(-1) });
    await updates.check();
    expect(last()).toEqual({ is: 'none' });
    // The same workstation after a restart.
    const later = start();
    offer = () => signedOffer({ signedAt: inDays(-2) });
    await later.updates.check();
    expect(later.last()).toEqual({ is: 'refused', version: '0.2.0', why: 'replayed' });
  });

  test.each(['offer', 'file'])('a server that sends elsewhere for the %s', async (what) => {
    const elsewhere = createServer((_request, response) => void response.end(packed)).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const reached = vi.fn<() => void>();
    elsewhere.on('request', reached);
    const { port } = elsewhere.address() as AddressInfo;
    const redirect = (response: ServerResponse) =>
      response.writeHead(302, { Location: `http://127.0.0.1:${port}/${packageName}` }).end();
    if (what === 'file') sendFile = (_request, response) => void redirect(response);
    else server.removeAllListeners('request').on('request', (_request, response) => void redirect(response));
    const { updates, last } = start();
    await updates.check();
    expect(last()).toMatchObject({ is: 'refused', why: 'redirected' });
    expect(reached).not.toHaveBeenCalled();
    elsewhere.close();
  });

  test('a version that does not start here is not put in the place of one that does', async () => {
    packed = packageOf('0.2.0', 1);
    const { updates, last } = start();
    await updates.check();
    expect(last()).toEqual({ is: 'refused', version: '0.2.0', why: 'unusable' });
    expect(versionIn(program)).toBe('0.1.0');
    expect(existsSync(`${program}.new`)).toBe(false);
  });
});

describe('a half download', () => {
  test('UP4: is resumed where it was cut, and verified whole', async () => {
    let cuts = 2;
    const whole = sendFile;
    sendFile = (request, response, bytes) => {
      if (cuts === 0) return whole(request, response, bytes);
      cuts -= 1;
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from > 0) response.setHeader('Content-Range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
      response.writeHead(from > 0 ? 206 : 200, { 'Content-Length': bytes.length - from });
      response.write(bytes.subarray(from, from + 100));
      const cut = () =>
        existsSync(localFile()) && statSync(localFile()).size >= from + 100
          ? response.destroy()
          : setImmediate(cut);
      return void cut();
    };
    const { updates, last } = start();
    await updates.check();
    expect(last()).toEqual({ is: 'unreachable' });
    await updates.check();
    await updates.check();
    expect(last()?.is).toBe('ready');
    expect(requests.filter((each) => each.startsWith('/updates/'))).toEqual([
      `/updates/stable/${packageName}`,
      `/updates/stable/${packageName} bytes=100-`,
      `/updates/stable/${packageName} bytes=200-`,
    ]);
  });

  test('UP4: of another file does not become part of this one', async () => {
    mkdirSync(join(place, 'profile', 'download'), { recursive: true });
    writeFileSync(localFile(), 'something else');
    writeFileSync(join(place, 'profile', 'download', packageName), 'an older one');
    const { updates, last } = start();
    await updates.check();
    expect(last()).toMatchObject({ is: 'refused', why: 'hash' });
    // The next attempt begins anew.
    await updates.check();
    expect(last()?.is).toBe('ready');
    expect(readdirSync(join(place, 'profile', 'download'))).toHaveLength(1);
  });

  test('UP4: what is complete is not downloaded again', async () => {
    const { updates } = start();
    await updates.check();
    const later = start();
    await later.updates.check();
    expect(later.last()?.is).toBe('ready');
    expect(requests.filter((each) => each.startsWith('/updates/'))).toHaveLength(1);
  });
});

describe('the first starts of a new version', () => {
  async function install() {
    const { updates } = start();
    await updates.check();
    await updates.install();
  }
  const startNew = () => start({ version: '0.2.0' });

  test('UP8: one that works deletes the version before it', async () => {
    await install();
    const { updates, memory } = startNew();
    expect(await updates.begin()).toBe(true);
    updates.pageStarted();
    expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 1 });
    expect(existsSync(`${program}.old`)).toBe(true);
    vi.advanceTimersByTime(6_000);
    expect(memory.get().trial).toBeNull();
    await vi.waitFor(() => expect(existsSync(`${program}.old`)).toBe(false));
    expect(versionIn(program)).toBe('0.2.0');
  });

  test('UP8: after two crashes the version before it is back, and the new one is not installed again', async () => {
    await install();
    expect(await startNew().updates.begin()).toBe(true);
    expect(await startNew().updates.begin()).toBe(true);
    const third = startNew();
    expect(await third.updates.begin()).toBe(false);
    expect(third.restart).toHaveBeenCalledOnce();
    expect(versionIn(program)).toBe('0.1.0');

    const { updates, last } = start();
    expect(await updates.begin()).toBe(true);
    await updates.check();
    expect(last()).toEqual({ is: 'refused', version: '0.2.0', why: 'crashed' });
    packed = packageOf('0.2.1');
    offer = () => signedOffer({ version: '0.2.1', signedAt: inDays(-0.5) });
    await updates.check();
    expect(last()).toMatchObject({ is: 'ready', version: '0.2.1' });
  });

  test('UP8: a crash after a good start does not count', async () => {
    await install();
    for (let starts = 0; starts < 4; starts += 1) {
      const { updates } = startNew();
      expect(await updates.begin()).toBe(true);
      updates.pageStarted();
      vi.advanceTimersByTime(6_000);
    }
    expect(versionIn(program)).toBe('0.2.0');
  });

  test('UP8: a program that cannot remember starts all the same', async () => {
    await install();
    rmSync(join(place, 'profile'), { recursive: true });
    const { updates } = startNew();
    writeFileSync(join(place, 'file'), '');
    expect(await updates.begin()).toBe(true);
  });
});

describe('modes', () => {
  test('UP9: a program that may only announce downloads nothing', async () => {
    const { updates, last } = start({ mode: 'announce' });
    await updates.check();
    expect(last()).toEqual({ is: 'announced', version: '0.2.0', notes: 'Faster openings.' });
    expect(requests).toEqual(['/api/v1/updates']);
  });

  test('UP9: so does one that somebody else installs', async () => {
    const { updates, last } = start({ installation: { by: 'administrator', kind: null } });
    await updates.check();
    expect(last()?.is).toBe('announced');
    expect(requests).toEqual(['/api/v1/updates']);
  });

  test.each([{ mode: 'off' as const }, { keys: [] }])('UP9: with %o nothing is asked', async (more) => {
    const { updates, statuses } = start(more);
    updates.pageStarted();
    await updates.check();
    vi.advanceTimersByTime(day);
    expect([requests, statuses]).toEqual([[], [{ is: 'off' }]]);
  });

  test('UP5: the channel of a policy is asked for, and only a manifest of it is taken', async () => {
    const { updates, last } = start({ channel: 'early' });
    await updates.check();
    expect(last()).toMatchObject({ is: 'refused', why: 'channel' });
    offer = () => ({ ...signedOffer({ channel: 'early' }), channel: 'early' });
    await updates.check();
    expect(last()?.is).toBe('ready');
    expect(requests.at(-1)).toBe(`/updates/early/${packageName}`);
  });

  test('UP5: before a site is known, nothing is asked', async () => {
    const memory = openMemory(join(place, 'other.json'), log);
    const { updates, last } = start({ memory });
    memory.change({ site: null });
    await updates.check();
    expect([requests, last()]).toEqual([[], { is: 'unknown' }]);
  });

  test('UP5: the site of a policy is known from the start', async () => {
    const memory = openMemory(join(place, 'other.json'), log);
    const { updates, last } = start({ memory, site });
    memory.change({ site: null });
    await updates.check();
    expect(last()?.is).toBe('ready');
  });
});

describe('on Windows', () => {
  const windows = { platform: 'win32', installation: { by: 'installer', kind: 'exe' } as const };
  const exe = 'slate-0.2.0-win-x64.exe';
  beforeEach(() => {
    packed = Buffer.from('an installer');
    offer = () => {
      const [file] = manifestOf().files;
      return signedOffer({
        files: [{ ...file, name: exe, platform: 'win32', kind: 'exe' } as UpdateManifest['files'][0]],
      });
    };
  });

  test('UP9: the installer runs only when the person asks for it, because Windows asks for an administrator', async () => {
    const run = vi.fn<Run>(() => Promise.resolve(0));
    const { updates, last, quit, memory } = start({ ...windows, run });
    updates.pageStarted();
    updates.reportUse({ site, mayRestart: true });
    await updates.check();
    expect(last()).toMatchObject({ is: 'ready', needsPerson: true });
    rest();
    await updates.check();
    expect(run).not.toHaveBeenCalled();
    await updates.install();
    const file = localFile(exe);
    expect(run).toHaveBeenCalledWith(expect.stringContaining('powershell.exe'), [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `Start-Process -FilePath '${file}' -ArgumentList '/S','--force-run' -Verb RunAs`,
    ]);
    expect(quit).toHaveBeenCalledOnce();
    expect(memory.get().trial).toEqual({ version: '0.2.0', starts: 0 });
  });

  test('UP9: if the administrator declines, the program goes on', async () => {
    const { updates, quit, memory } = start({ ...windows, run: () => Promise.resolve(1) });
    await updates.check();
    await updates.install();
    expect(quit).not.toHaveBeenCalled();
    expect(memory.get().trial).toBeNull();
  });

  test('UP1: an installer that was changed after it was verified is not run', async () => {
    const run = vi.fn<Run>(() => Promise.resolve(0));
    const { updates, last } = start({ ...windows, run });
    await updates.check();
    writeFileSync(localFile(exe), 'an instaIIer');
    await updates.install();
    expect(run).not.toHaveBeenCalled();
    expect(last()).toMatchObject({ is: 'refused', why: 'hash' });
  });
});
