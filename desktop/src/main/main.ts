/** The desktop program: puts its parts together, and does nothing itself. */
import { join } from 'node:path';
import { app, dialog, net, powerMonitor, shell } from 'electron';
import { declareScheme, serveConsole } from './app-protocol.ts';
import { caseOf, isLink } from './deep-links.ts';
import { letPersonChooseCertificate } from './client-certificate.ts';
import { forbiddenSwitch } from './forbidden-switch.ts';
import { answerRequests } from './ipc.ts';
import { lockDown } from './lock-down.ts';
import { openLog } from './log.ts';
import { installMenu } from './menu.ts';
import { createNotices } from './notices.ts';
import { createServerChoice } from './server-choice.ts';
import { createSessionVault } from './session-vault.ts';
import { openSettings } from './settings.ts';
import { systemSafe } from './system-safe.ts';
import { tryServer } from './try-server.ts';
import { createConsoleWindow } from './window.ts';

const userData = app.getPath('userData');
const log = openLog(join(userData, 'logs'));

process.on('uncaughtException', breakDown);
process.on('unhandledRejection', (error) => log.error('Something failed unheard.', error));

// Answers of the server hold patients' data: they are not written to the disk.
app.commandLine.appendSwitch('disable-http-cache');
declareScheme();

// A program in use has no debugger; tests and developers start one that is not packaged.
const forbidden = app.isPackaged ? forbiddenSwitch([...process.argv, ...process.execArgv]) : undefined;
if (app.isPackaged) process.on('SIGUSR1', () => log.warn('A debugger was refused.'));

// Everybody who starts it again gets the window that is there.
if (forbidden !== undefined) refuseToStart(forbidden);
else if (!app.requestSingleInstanceLock()) app.exit(0);
else run().catch(breakDown);

async function run() {
  const settings = openSettings(join(userData, 'settings.json'), log);
  const servers = createServerChoice(process.env['SLATE_SERVER'], settings, log);
  const vault = createSessionVault(join(userData, 'session'), systemSafe, log);
  const hasDeveloperTools = !app.isPackaged;
  const window = createConsoleWindow({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    settings,
    log,
    hasDeveloperTools,
  });
  const follow = (address: string) => {
    const caseId = caseOf(address);
    if (caseId === undefined) log.warn('A link that leads nowhere was ignored.');
    else window.tell('openCase', { caseId });
  };
  const showLog = () => shell.showItemInFolder(log.file);

  // A program that is not installed does not take the links of one that is.
  if (app.isPackaged) app.setAsDefaultProtocolClient('slate');
  process.argv.filter(isLink).forEach(follow);
  app.on('second-instance', (_event, argv) => {
    window.show();
    argv.filter(isLink).forEach(follow);
  });
  app.on('open-url', (event, address) => {
    event.preventDefault();
    if (app.isReady()) window.show();
    follow(address);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  await app.whenReady();
  log.info(
    `Slate ${app.getVersion()} started on Electron ${process.versions.electron}, ${process.platform}.`,
  );
  lockDown(log);
  letPersonChooseCertificate({ server: () => servers.get(), ask: (question) => window.ask(question), log });
  serveConsole({ folder: join(import.meta.dirname, '../renderer'), server: () => servers.get() });
  answerRequests(
    {
      start: () => ({
        server: servers.get(),
        version: app.getVersion(),
        ...window.started(),
      }),
      tryServer: async (given) => {
        const trial = await tryServer(given, {
          fetch: (address, how) => net.fetch(address, how),
          // Of a console that has a server nothing reaches another one unless the person says so outside of the page.
          mayReach: async (address) =>
            [null, address].includes(servers.get()) || (await window.ask(otherServer(address))) === 0,
        });
        if (trial.result === 'ok') servers.found(trial.address);
        return trial;
      },
      useServer: (address) => {
        servers.choose(address);
        vault.drop();
        window.reload();
      },
      readSession: () => vault.read(servers.get() ?? ''),
      keepSession: (session) => vault.keep(servers.get() ?? '', session),
      dropSession: () => vault.drop(),
      notify: createNotices((caseId) => {
        window.show();
        if (caseId !== null) window.tell('openCase', { caseId });
      }),
      print: () => window.print(),
      showLog,
    },
    { isOurs: (event) => window.isPageOf(event), log },
  );
  installMenu({ tell: (command) => window.tell('menu', { command }), showLog, hasDeveloperTools });
  powerMonitor.on('lock-screen', () => window.tell('lock', {}));
  powerMonitor.on('suspend', () => window.tell('lock', {}));
  app.on('activate', () => window.show());
  window.show();
}

const otherServer = (address: string) => ({
  message: `Connect to Slate at ${new URL(address).host}?`,
  detail:
    'This console uses another server. Continue only if you just typed this address yourself. If not, tell IT.',
  buttons: ['Connect', 'Cancel'],
});

function refuseToStart(named: string) {
  log.error(`The program was started with ${named}, and refused.`);
  dialog.showErrorBox(
    'Slate can’t start this way.',
    `It was started with ${named}, which would open it to other programs. Start it without that option. If you didn’t add it yourself, tell IT.`,
  );
  app.exit(1);
}

function breakDown(error: unknown) {
  log.error('The program broke down.', error);
  dialog.showErrorBox(
    'Slate has to close.',
    `Something went wrong in the program. Your saved changes are safe on the server. See the log for details:\n${log.file}`,
  );
  app.exit(1);
}
