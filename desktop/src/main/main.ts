/** Wires the desktop program together. */
import { readFileSync } from 'node:fs';
import { hostname, release } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { app, clipboard, dialog, net, powerMonitor, safeStorage, shell } from 'electron';
import { z } from 'zod';
import { declareScheme, serveConsole } from './app-protocol.ts';
import { letPersonChooseCertificate } from './client-certificate.ts';
import { openDeepLinks } from './deep-links.ts';
import { forbiddenSwitch } from './forbidden-switch.ts';
import { handleRequests } from './ipc.ts';
import { lockDown } from './lock-down.ts';
import { openLog } from './log.ts';
import { installMenu } from './menu.ts';
import { createNotifications } from './notifications.ts';
import { createDesks } from './desks.ts';
import { realDisk } from './disk.ts';
import { consolePolicyOf, describePolicy } from './policy/parse-policy.ts';
import { places, readPolicy } from './policy/read-policy.ts';
import type { Place } from './policy/read-policy.ts';
import { createServerChoice, tryServer } from './server.ts';
import { createSessionVault } from './session-vault.ts';
import { openSettings } from './settings.ts';
import { ownAlone } from './sole-owner.ts';
import { findInstallation, runProgram, startAfterThis, tryStartSwitch } from './updates/installation.ts';
import { openMemory } from './updates/memory.ts';
import { createUpdates } from './updates/updates.ts';
import { watchSleep } from './watch-sleep.ts';
import { createConsoleWindow } from './window.ts';

/** The public keys that sign updates, inserted by the build. */
declare const SLATE_UPDATE_KEYS: string;

// Read at the start: after an update, the system returns the place to which this file was moved.
const executable = process.execPath;
const userData = app.getPath('userData');
const log = openLog(join(userData, 'logs'));

process.on('uncaughtException', crash);
process.on('unhandledRejection', (error) => log.error('Unhandled rejection.', error));

// Node starts no worker while the current folder does not exist: every worker asks for it first (`uv_cwd`).
process.chdir(userData);

// Replies of the server contain patient data, so they must not be written to disk.
app.commandLine.appendSwitch('disable-http-cache');
declareScheme();

// An installed program refuses debuggers. Tests and developers use a program that is not packaged.
const forbidden = app.isPackaged ? forbiddenSwitch([...process.argv, ...process.execArgv]) : undefined;
if (app.isPackaged) process.on('SIGUSR1', () => log.warn('Refused a debugger.'));

if (process.argv.includes(tryStartSwitch)) {
  app.whenReady().then(() => app.exit(0), crash);
} else if (forbidden !== undefined) refuseToStart(forbidden);
// The first program shows its window when a second one starts.
else if (!app.requestSingleInstanceLock()) app.exit(0);
else run().catch(crash);

async function run() {
  const policy = readPolicy(placeOfPolicy(), log);
  const {
    Language: language,
    ServerAddress: serverByPolicy,
    Site: site,
    UpdateChannel: updateChannel,
    UpdateMode: updateMode,
  } = policy.settings;
  if (language) useLanguage(language.value);
  // A folder in it may be relative to the folder in which this program was started.
  const switches = process.argv
    .slice(1)
    .filter((each) => each.startsWith('--'))
    .map((each) => (each.startsWith('--user-data-dir=') ? `--user-data-dir=${userData}` : each));
  const updates = createUpdates({
    fetch: (address, options) => net.fetch(address, options),
    server: () => servers.get(),
    keys: SLATE_UPDATE_KEYS.split(',').filter((key) => key !== ''),
    version: app.getVersion(),
    platform: process.platform,
    arch: process.arch,
    installation: findInstallation(executable),
    memory: openMemory(join(userData, 'updates', 'memory.json'), log),
    folder: join(userData, 'updates', 'download'),
    mode: app.isPackaged ? (updateMode?.value ?? 'automatic') : 'off',
    channel: updateChannel?.value ?? null,
    site: site?.value ?? null,
    args: switches.filter((each) => !each.startsWith('--user-data-dir')),
    run: runProgram,
    restart: () => {
      if (process.platform === 'linux') startAfterThis(executable, switches);
      else app.relaunch({ execPath: executable, args: switches });
      app.quit();
    },
    quit: () => app.quit(),
    log,
    onChange: (status) => window.send('update', status),
  });
  if (!(await updates.begin())) return;
  const settings = openSettings(join(userData, 'settings.json'), log);
  const consolePolicy = consolePolicyOf(policy);
  const { isWallBoard } = consolePolicy;
  const servers = createServerChoice(process.env['SLATE_SERVER'], settings, log, serverByPolicy);
  const vault = createSessionVault(join(userData, 'session'), safeStorage, log);
  const desks = createDesks({
    folder: join(userData, 'desks'),
    server: () => servers.get(),
    safe: safeStorage,
    derive: (derivation) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(join(import.meta.dirname, 'derive-key-worker.cjs'), {
          workerData: derivation,
        });
        worker.once('message', (key: Uint8Array) => resolve(Buffer.from(key)));
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('The key was not derived.')));
      }),
    disk: realDisk,
    own: ownAlone,
    log,
  });
  const hasDeveloperTools = !app.isPackaged;
  const window = createConsoleWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    settings,
    log,
    hasDeveloperTools,
    isWallBoard,
    onUse: () => {
      desks.touch();
      updates.touch();
    },
  });
  const build = !app.isPackaged ? 'development' : isRelease() ? 'release' : 'test';
  const showLog = () => shell.showItemInFolder(log.file);
  const showLicenses = () => void shell.openPath(join(process.resourcesPath, 'THIRD-PARTY-LICENSES.txt'));

  openDeepLinks(window, log);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  await app.whenReady();
  log.info(
    `Slate ${app.getVersion()}${build === 'test' ? ' (test build)' : ''} started on Electron ${process.versions.electron}, ${process.platform}.`,
  );
  lockDown(log);
  letPersonChooseCertificate({ server: () => servers.get(), ask: (question) => window.ask(question), log });
  serveConsole({ folder: join(import.meta.dirname, '../renderer'), server: () => servers.get() });
  handleRequests(
    {
      start: () => {
        const { restarted } = window.started();
        updates.pageStarted();
        return {
          server: servers.get(),
          version: app.getVersion(),
          workstation: hostname().slice(0, 120) || 'Workstation',
          restarted,
          policy: consolePolicy,
        };
      },
      facts: () => ({
        version: app.getVersion(),
        build,
        electron: process.versions.electron,
        system: `${process.platform} ${release()} (${process.arch})`,
        policy: describePolicy(policy),
      }),
      copyText: (text) => clipboard.writeText(text),
      tryServer: async (typed) => {
        const trial = await tryServer(typed, {
          fetch: (address, options) => net.fetch(address, options),
          // The person must agree in a native dialog before anything is sent to another server.
          mayReach: async (address) =>
            [null, address].includes(servers.get()) ||
            (!servers.isLocked && (await window.ask(otherServer(address))) === 0),
        });
        if (trial.result === 'ok') servers.addFound(trial.address);
        return trial;
      },
      useServer: async (address) => {
        servers.choose(address);
        vault.delete();
        await desks.closeDesk();
        window.reload();
      },
      readSession: () => vault.read(servers.get() ?? ''),
      saveSession: (session) => vault.save(servers.get() ?? '', session),
      deleteSession: () => vault.delete(),
      ...desks,
      notify: createNotifications((caseId) => {
        window.show();
        if (caseId !== null) window.send('openCase', { caseId });
      }),
      print: () => window.print(),
      saveFile: (file) => window.saveFile(file),
      showLog,
      reportUse: updates.reportUse,
      checkForUpdate: updates.check,
      installUpdate: updates.install,
    },
    { isOurs: (event) => window.isPageOf(event), log },
  );
  installMenu({
    send: (command) => window.send('menu', { command }),
    showLog,
    showLicenses: app.isPackaged ? showLicenses : undefined,
    hasDeveloperTools,
    isServerLocked: servers.isLocked,
    isWallBoard,
  });
  const lock = () => {
    window.send('lock', {});
    desks.closeDesk().catch((error: unknown) => log.error('The desk could not be closed.', error));
  };
  powerMonitor.on('lock-screen', lock);
  powerMonitor.on('suspend', lock);
  watchSleep(lock);
  app.on('activate', () => window.show());
  window.show();
}

/** Only `npm run dist -- --release` marks a build as a release. */
function isRelease(): boolean {
  const manifest = z.object({ isRelease: z.boolean().default(false) });
  return manifest.parse(JSON.parse(readFileSync(join(app.getAppPath(), 'package.json'), 'utf8'))).isRelease;
}

/** Call before Electron is ready. On Linux, Chromium prefers the variable. */
function useLanguage(language: string) {
  process.env['LANGUAGE'] = language;
  app.commandLine.appendSwitch('lang', language);
}

/** Only a program that is not packaged, as in tests, reads its policy from the file that SLATE_POLICY names. */
function placeOfPolicy(): Place | undefined {
  const file = app.isPackaged ? undefined : process.env['SLATE_POLICY'];
  if (file === undefined) return places[process.platform];
  return { kind: 'json', file, owners: [process.getuid?.() ?? 0] };
}

const otherServer = (address: string) => ({
  message: `Connect to Slate at ${new URL(address).host}?`,
  detail:
    'This console uses another server. Continue only if you just typed this address yourself. If not, tell IT.',
  buttons: ['Connect', 'Cancel'],
});

function refuseToStart(option: string) {
  log.error(`Refused to start with ${option}.`);
  dialog.showErrorBox(
    'Slate can’t start this way.',
    `It was started with ${option}, which would open it to other programs. Start it without that option. If you didn’t add it yourself, tell IT.`,
  );
  app.exit(1);
}

function crash(error: unknown) {
  log.error('The program crashed.', error);
  dialog.showErrorBox(
    'Slate has to close.',
    `Something went wrong in the program. Your saved changes are safe on the server. See the log for details:\n${log.file}`,
  );
  app.exit(1);
}
