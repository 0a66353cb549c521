/** Updates this program from its own server, while nobody uses it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { updateRoutes } from '@slate/shared/contract/updates';
import { judgeManifest, maxManifestBytes } from '@slate/shared/updates';
import type {
  Installed,
  SignedManifest,
  UpdateChannel,
  UpdateFile,
  UpdateManifest,
  UpdateMode,
  UpdateStatus,
} from '@slate/shared/updates';
import { isDiskError } from '../disk.ts';
import type { Log } from '../log.ts';
import { Refused } from '../../refused.ts';
import { askPolkit, runHelper, tryPackage } from './debian.ts';
import type { Permission } from './debian.ts';
import { download, request, UpdateRefused } from './download.ts';
import type { Fetch } from './download.ts';
import { deleteOther, deleteUnpacked, runInstaller, swapBack, swapIn, unpack } from './installation.ts';
import type { Installation, Run } from './installation.ts';
import type { Memory } from './memory.ts';
import { openSignedManifest } from './signed-manifest.ts';

export type UpdateDeps = {
  fetch: Fetch;
  server: () => string | null;
  /** Ed25519 public keys, SPKI in base64. */
  keys: readonly string[];
  version: string;
  platform: string;
  arch: string;
  installation: Installation;
  memory: Memory;
  /** For the downloaded file. */
  folder: string;
  mode: UpdateMode;
  /** Null: the channel of the site. */
  channel: UpdateChannel | null;
  /** The site of a policy. Null: the last one at which somebody has signed in. */
  site: string | null;
  /** The switches that this program was started with. */
  args: readonly string[];
  run: Run;
  /** Ends the program, and starts it again. */
  restart: () => void;
  /** Ends the program for an installer. */
  quit: () => void;
  log: Log;
  onChange: (status: UpdateStatus) => void;
};

/** An update is installed when nobody has touched the workstation for this long. */
const restMs = 10_000;
/** The page repeats that it may be restarted. A crashed or hanging page does not, and a hidden page does it rarely. */
const mayRestartMs = 90_000;
const tickMs = 5_000;
/** Random, so that workstations that started together do not check together. */
const nextCheckMs = () => (4 + Math.random()) * 3_600_000;
const retryMs = () => (5 + 5 * Math.random()) * 60_000;
/** A version that ends before its page has worked for this long has crashed while starting. */
const startedWellMs = 5_000;
const maxStarts = 2;

type Offer = { channel: UpdateChannel; signed: SignedManifest; manifest: UpdateManifest };
type Ready = { version: string; needsPerson: () => boolean; install: () => Promise<void> };

export function createUpdates(deps: UpdateDeps) {
  const { memory, installation, version, log, mode, keys } = deps;
  const isOn = mode !== 'off' && keys.length > 0;
  let status: UpdateStatus = { is: isOn ? 'unknown' : 'off' };
  let ready: Ready | null = null;
  /** The answer of polkit to the helper of the Debian package. It changes when another person uses the screen. */
  let permission: Permission = 'yes';
  let running: Promise<void> | null = null;
  let hasStarted = false;
  let mayRestartUntil = 0;
  let usedAt = performance.now();
  let checkAt = 0;
  let installAt = 0;

  function set(next: UpdateStatus) {
    if (JSON.stringify(next) === JSON.stringify(status)) return;
    status = next;
    if (next.is !== 'downloading') log.info(`Update: ${describe(next)}.`);
    deps.onChange(next);
  }

  const siteNow = () => deps.site ?? memory.get().site;

  /** Returns the update that the server offers this workstation, or a status if there is none. */
  async function readOffer(): Promise<Offer | UpdateStatus> {
    const { workstation } = memory.get();
    const site = siteNow();
    const server = deps.server();
    if (server === null || site === null) return { is: 'unknown' };
    const query = new URLSearchParams({ site, workstation, ...(deps.channel && { channel: deps.channel }) });
    const address = `${server}/api/v1${updateRoutes.updateOffer.path}?${query.toString()}`;
    const { response, chunks, done } = await request(deps.fetch, address);
    let text: string;
    try {
      if (response.status !== 200) throw new Error(`The server answered ${response.status}.`);
      text = await textOf(chunks());
    } finally {
      done();
    }
    const answer = updateRoutes.updateOffer.reply.safeParse(parseJson(text)).data;
    if (!answer) throw new UpdateRefused('malformed');
    if (answer.offer !== 'update') return { is: answer.offer === 'paused' ? 'paused' : 'none' };
    const manifest = openSignedManifest(answer.signed, keys);
    if (typeof manifest === 'string') throw new UpdateRefused(manifest);
    return { channel: deps.channel ?? answer.channel, signed: answer.signed, manifest };
  }

  /** Prepares an offered update if it is for this program. */
  async function accept(offer: Offer) {
    const { channel, manifest } = offer;
    const { newest, crashed } = memory.get();
    const { version: next, notes } = manifest;
    const installed: Installed = {
      channel,
      version,
      platform: deps.platform,
      arch: deps.arch,
      kind: mode === 'announce' ? null : installation.kind,
      newest: newest[channel] ?? null,
      crashed,
    };
    const verdict = judgeManifest(manifest, installed, new Date().toISOString());
    if (verdict.is === 'refused') throw new UpdateRefused(verdict.why);
    memory.change({ newest: { ...newest, [channel]: manifest.signedAt } });
    if (verdict.is === 'current') return decline({ is: 'none' });
    const { file } = verdict;
    if (file && installation.by === 'helper') permission = await askPolkit(deps.run);
    if (!file || installation.by === 'administrator' || permission === 'no')
      return decline({ is: 'announced', version: next, notes });
    if (ready?.version !== next) {
      ready = null;
      ready = await prepare(offer, file);
    }
    return set({ is: 'ready', version: next, notes, needsPerson: ready.needsPerson() });
  }

  async function prepare({ channel, signed, manifest }: Offer, file: UpdateFile): Promise<Ready> {
    const { version: next, notes } = manifest;
    const address = `${deps.server()}/updates/${channel}/${file.name}`;
    await mkdir(deps.folder, { recursive: true, mode: 0o700 });
    // The hash in the name prevents resuming the download of another file.
    const name = `${file.sha512.slice(0, 16)}-${file.name}`;
    for (const other of await readdir(deps.folder)) if (other !== name) await rm(join(deps.folder, other));
    const path = join(deps.folder, name);
    const load = () =>
      download({
        fetch: deps.fetch,
        address,
        file,
        path,
        onProgress: (percent) => set({ is: 'downloading', version: next, percent }),
      });
    set({ is: 'downloading', version: next, percent: 0 });
    await load();
    if (installation.by === 'swap') {
      const unpacked = await unpack(installation, path, deps.args, deps.run);
      return {
        version: next,
        needsPerson: () => false,
        install: async () => {
          await swapIn(installation, unpacked);
          deps.restart();
        },
      };
    }
    if (installation.by === 'helper') {
      await tryPackage(path, `${deps.folder}-trial`, deps.args, deps.run);
      return {
        version: next,
        needsPerson: () => permission === 'password',
        install: async () => {
          await load();
          const lastUse = usedAt;
          set({ is: 'installing', version: next });
          await runHelper(installation.helper, signed, path, deps.run);
          if (usedAt === lastUse) return deps.restart();
          // Somebody has begun to work meanwhile: the new version starts later.
          ready = {
            version: next,
            needsPerson: () => false,
            install: () => Promise.resolve(deps.restart()),
          };
          return set({ is: 'ready', version: next, notes, needsPerson: false });
        },
      };
    }
    return {
      version: next,
      needsPerson: () => true,
      install: async () => {
        // Verifies it again: the person could have changed the file.
        await load();
        if (await runInstaller(path, deps.run)) deps.quit();
        else memory.change({ trial: null });
      },
    };
  }

  /** There is nothing to install. */
  async function decline(next: UpdateStatus) {
    ready = null;
    set(next);
    await rm(deps.folder, { recursive: true, force: true });
    if (installation.by === 'swap') await deleteUnpacked(installation);
  }

  function fail(error: unknown, next: string | null) {
    const refusal = isDiskError(error) ? new UpdateRefused('disk', error) : error;
    if (refusal instanceof UpdateRefused) {
      if (refusal.cause instanceof Error) log.warn(`Update: ${refusal.cause.message}`);
      ready = null;
      if (refusal.why === 'busy') checkAt = performance.now() + retryMs();
      return set({ is: 'refused', version: next, why: refusal.why });
    }
    log.info(`Update: ${error instanceof Error ? error.message : String(error)}`);
    checkAt = installAt = performance.now() + retryMs();
    return ready ? undefined : set({ is: 'unreachable' });
  }

  /** True: the server has answered, and the status is its answer. */
  async function check(): Promise<boolean> {
    checkAt = performance.now() + nextCheckMs();
    let next: string | null = null;
    try {
      if (!ready) set({ is: 'checking' });
      const offer = await readOffer();
      if ('is' in offer) await decline(offer);
      else {
        next = offer.manifest.version;
        await accept(offer);
      }
      return true;
    } catch (error) {
      fail(error, next);
      return error instanceof UpdateRefused;
    }
  }

  /** Installs the prepared update if the server still offers it: it may be paused or replaced by now. */
  async function install(byPerson: boolean) {
    const prepared = ready;
    if (!(await check()) || !prepared || ready !== prepared) return;
    if (prepared.needsPerson() && !byPerson) return;
    try {
      memory.change({ trial: { version: prepared.version, starts: 0 } });
      await prepared.install();
    } catch (error) {
      log.error(`Version ${prepared.version} could not be installed.`, error);
      fail(error, prepared.version);
      memory.change({ trial: null });
    }
  }

  /** Runs one task at a time. A call during a task returns the running task. */
  const runExclusively = (work: () => Promise<unknown>): Promise<void> => (running ??= finish(work()));
  async function finish(work: Promise<unknown>) {
    try {
      await work;
    } catch (error) {
      log.error('The update failed.', error);
    } finally {
      running = null;
    }
  }

  function tick() {
    const now = performance.now();
    const isAtRest = now < mayRestartUntil && now - usedAt >= restMs;
    if (ready && !ready.needsPerson() && isAtRest && now >= installAt)
      void runExclusively(() => install(false));
    else if (siteNow() !== null && now >= checkAt) void runExclusively(check);
  }

  function startedWell() {
    if (memory.get().trial !== null) {
      memory.change({ trial: null });
      log.info(`Version ${version} started well.`);
    }
    if (installation.by !== 'swap') return;
    deleteOther(installation).catch((error: unknown) => log.warn(`Update: ${String(error)}`));
  }

  /** Counts the starts of a new version. False: it has crashed twice, and the previous version is back. */
  async function countStart(): Promise<boolean> {
    const { trial, crashed } = memory.get();
    if (trial === null) return true;
    if (trial.version !== version || trial.starts < maxStarts) {
      const isOnTrial = trial.version === version;
      memory.change({ trial: isOnTrial ? { version, starts: trial.starts + 1 } : null });
      return true;
    }
    memory.change({ trial: null, crashed: [...crashed, version].slice(-100) });
    log.error(`Version ${version} crashed twice while starting. It is not installed again.`);
    return installation.by !== 'swap' || !(await swapBack(installation));
  }

  return {
    /** Call it before anything else. False: the program must end, because another version starts in its place. */
    begin: async (): Promise<boolean> => {
      try {
        if (await countStart()) return true;
        deps.restart();
        return false;
      } catch (error) {
        // The program starts even if it cannot save its memory.
        log.error('The start of a new version could not be counted.', error);
        return true;
      }
    },

    /** Call it whenever the page has started. */
    pageStarted: () => {
      deps.onChange(status);
      if (hasStarted) return;
      hasStarted = true;
      setTimeout(startedWell, startedWellMs);
      if (isOn) setInterval(tick, tickMs);
    },

    /** Call it at every input of a person. */
    touch: () => {
      usedAt = performance.now();
    },

    reportUse: (use: { site: string | null; mayRestart: boolean }) => {
      mayRestartUntil = use.mayRestart ? performance.now() + mayRestartMs : 0;
      if (use.site === null || use.site === memory.get().site) return;
      memory.change({ site: use.site });
      checkAt = 0;
    },

    check: (): Promise<void> => (isOn ? runExclusively(check) : Promise.resolve()),

    /** Installs the ready update at the request of a person. */
    install: async (): Promise<void> => {
      await running;
      if (!ready) throw new Refused('There is no update to install right now.');
      await runExclusively(() => install(true));
    },
  };
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    // The text of a manifest grows when it becomes a JSON string.
    if (bytes > 3 * maxManifestBytes) throw new UpdateRefused('malformed');
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const describe = (status: UpdateStatus): string =>
  [
    status.is,
    'version' in status && status.version !== null ? ` ${status.version}` : '',
    'why' in status ? ` (${status.why})` : '',
  ].join('');
