import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import type { Tiding, TidingChannel, TidingName } from '../bridge.ts';
import { pageAddress, pageOrigin } from './app-protocol.ts';
import type { Log } from './log.ts';
import { Refused } from './refused.ts';
import type { Settings } from './settings.ts';
import { placeWindow, smallest } from './window-place.ts';

/** Asks the person outside of the page. The last answer is the one of whoever closes the question. */
export type Ask = (question: { message: string; detail: string; buttons: string[] }) => Promise<number>;

export type ConsoleWindow = {
  /** Brings it to the front, opening it if it was closed. */
  show(): void;
  /** What cannot be heard yet waits until the page has started. */
  tell<Name extends TidingName>(name: Name, tiding: Tiding<Name>): void;
  /** The page listens from now on; says whether it had to be loaded again after a breakdown. */
  started(): { restarted: boolean };
  reload(): void;
  print(): Promise<void>;
  ask: Ask;
  isPageOf(event: IpcMainInvokeEvent): boolean;
};

type Deps = {
  preload: string;
  settings: Settings;
  log: Log;
  /** Not in a program that was shipped. */
  hasDeveloperTools: boolean;
};

/** So often within a minute a page may break down and be loaded again; then a person decides. */
const patience = { times: 3, ms: 60_000 };

export function createConsoleWindow({ preload, settings, log, hasDeveloperTools }: Deps): ConsoleWindow {
  let window: BrowserWindow | undefined;
  let hasStarted = false;
  let restarted = false;
  let breakdowns: number[] = [];
  let waiting: (() => void)[] = [];

  function open(): BrowserWindow {
    const kept = settings.get().window;
    const opened = new BrowserWindow({
      ...placeWindow(
        kept,
        screen.getAllDisplays().map(({ workArea }) => workArea),
        screen.getPrimaryDisplay().workArea,
      ),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      backgroundColor: background(),
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
        devTools: hasDeveloperTools,
      },
    });
    if (kept?.maximized) opened.maximize();
    opened.once('ready-to-show', () => opened.show());
    opened.once('close', () => {
      settings.change({ window: { ...opened.getNormalBounds(), maximized: opened.isMaximized() } });
    });
    opened.once('closed', () => {
      window = undefined;
    });
    const { webContents } = opened;
    webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) hasStarted = false;
    });
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      // Nobody hears now: what is told meanwhile, such as a lock, waits for the page to start again.
      hasStarted = false;
      if (reason === 'clean-exit') return;
      log.error(`The console's page broke down: ${reason} (${exitCode}).`);
      void recover(opened);
    });
    webContents.on('unresponsive', () => log.warn("The console's page does not respond."));
    webContents.on('responsive', () => log.info("The console's page responds again."));
    load(opened);
    return opened;
  }

  function load(opened: BrowserWindow) {
    opened.loadURL(pageAddress).catch((error: unknown) => {
      // Loading again while it loads is no failure.
      if (!String(error).includes('ERR_ABORTED')) log.error("The console's page could not be loaded.", error);
    });
  }

  async function recover(broken: BrowserWindow) {
    const now = Date.now();
    breakdowns = [...breakdowns.filter((at) => at > now - patience.ms), now];
    if (breakdowns.length > patience.times) {
      const { response } = await dialog.showMessageBox(broken, {
        type: 'error',
        message: 'The console keeps crashing.',
        detail:
          'Your saved changes are safe on the server. Reload the console. If that doesn’t help, restart this ' +
          'computer or tell IT, who can find the reason in the log.',
        buttons: ['Reload', 'Quit'],
        noLink: true,
      });
      if (response === 1) return app.quit();
      breakdowns = [];
    }
    if (broken.isDestroyed()) return;
    restarted = true;
    load(broken);
  }

  nativeTheme.on('updated', () => window?.setBackgroundColor(background()));

  return {
    show: () => {
      if (window?.isMinimized()) window.restore();
      if (window) {
        window.show();
        window.focus();
      }
      window ??= open();
    },
    tell: (name, tiding) => {
      const channel: TidingChannel = `slate:tell:${name}`;
      const send = () => window?.webContents.send(channel, tiding);
      if (window && hasStarted) send();
      else waiting.push(send);
    },
    started: () => {
      hasStarted = true;
      const answer = { restarted };
      restarted = false;
      const told = waiting;
      waiting = [];
      for (const send of told) send();
      return answer;
    },
    reload: () => {
      if (window) load(window);
    },
    print: () =>
      new Promise((resolve, reject) => {
        if (!window) return resolve();
        window.webContents.print({ printBackground: true }, (isPrinted, why) => {
          if (!isPrinted) log.info(`Nothing was printed: ${why}.`);
          if (isPrinted || givenUp.test(why)) resolve();
          else reject(new Refused(noPrinter));
        });
      }),
    ask: async ({ message, detail, buttons }) => {
      const last = buttons.length - 1;
      const question = {
        type: 'question' as const,
        message,
        detail,
        buttons,
        defaultId: last,
        cancelId: last,
        noLink: true,
      };
      const { response } = window
        ? await dialog.showMessageBox(window, question)
        : await dialog.showMessageBox(question);
      return response;
    },
    isPageOf: ({ sender, senderFrame }) =>
      sender === window?.webContents && senderFrame?.parent === null && senderFrame.origin === pageOrigin,
  };
}

/** In the dialog of the system, by the person. */
const givenUp = /cancel/i;
const noPrinter =
  'Couldn’t print: no printer is available on this workstation. Connect one, call your IT desk, or open Slate in a browser and print from there.';

/** Until the page has drawn itself, the window is the colour it will be. */
const background = () => (nativeTheme.shouldUseDarkColors ? '#12161B' : '#FFFFFF');
