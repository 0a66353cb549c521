import { basename, join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import type { IpcMainInvokeEvent } from 'electron';
import { Refused } from '../refused.ts';
import type { EventData, EventChannel, EventName, SavedFile } from '../bridge.ts';
import { pageAddress, pageOrigin } from './app-protocol.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';
import { placeWindow, smallest } from './window-place.ts';
import { writeAtomically } from './write-atomically.ts';

/** Asks the person in a native dialog; returns the index of the button. Closing the dialog counts as the last one. */
export type Ask = (question: { message: string; detail: string; buttons: string[] }) => Promise<number>;

export type ConsoleWindow = {
  /** Opens the window or brings it to the front. */
  show(): void;
  /** Sends an event to the page; before the page has started, the event waits. */
  send<Name extends EventName>(name: Name, data: EventData<Name>): void;
  /** Called when the page has started: sends waiting events and returns whether it was reloaded after a crash. */
  started(): { restarted: boolean };
  reload(): void;
  print(): Promise<void>;
  /** Saves a file where the person chooses, readable for this user only. Returns false if they cancel. */
  saveFile(file: SavedFile): Promise<boolean>;
  ask: Ask;
  isPageOf(event: IpcMainInvokeEvent): boolean;
};

type Deps = {
  preload: string;
  settings: Settings;
  log: Log;
  hasDeveloperTools: boolean;
  /** The window of a wall board fills the screen. */
  isWallBoard: boolean;
  /** Called on every movement of the mouse and every key. */
  onUse: () => void;
};

/** After more crashes than this within a minute, a person decides whether to reload. */
const crashLimit = { times: 3, ms: 60_000 };

export function createConsoleWindow({
  preload,
  settings,
  log,
  hasDeveloperTools,
  isWallBoard,
  onUse,
}: Deps): ConsoleWindow {
  let window: BrowserWindow | undefined;
  let hasStarted = false;
  let restarted = false;
  let crashes: number[] = [];
  const pendingEvents: (() => void)[] = [];

  function open(): BrowserWindow {
    const last = settings.get().window;
    const opened = new BrowserWindow({
      ...placeWindow(
        last,
        screen.getAllDisplays().map(({ workArea }) => workArea),
        screen.getPrimaryDisplay().workArea,
      ),
      minWidth: smallest.width,
      minHeight: smallest.height,
      show: false,
      ...(isWallBoard && { fullscreen: true }),
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
    if (last?.maximized) opened.maximize();
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
      // Events sent from now on, such as a lock, wait until the page has started again.
      hasStarted = false;
      if (reason === 'clean-exit') return;
      log.error(`The page crashed: ${reason} (${exitCode}).`);
      void recover(opened);
    });
    webContents.on('input-event', onUse);
    webContents.on('unresponsive', () => log.warn('The page is unresponsive.'));
    webContents.on('responsive', () => log.info('The page responds again.'));
    load(opened);
    return opened;
  }

  function load(opened: BrowserWindow) {
    opened.loadURL(pageAddress).catch((error: unknown) => {
      // A reload while loading is not a failure.
      if (!String(error).includes('ERR_ABORTED')) log.error('The page could not be loaded.', error);
    });
  }

  async function recover(crashed: BrowserWindow) {
    const now = Date.now();
    crashes = [...crashes.filter((at) => at > now - crashLimit.ms), now];
    if (crashes.length > crashLimit.times) {
      const { response } = await dialog.showMessageBox(crashed, {
        type: 'error',
        message: 'The console keeps crashing.',
        detail:
          'Your saved changes are safe on the server. Reload the console. If that doesn’t help, restart this ' +
          'computer or tell IT, who can find the reason in the log.',
        buttons: ['Reload', 'Quit'],
        noLink: true,
      });
      if (response === 1) return app.quit();
      crashes = [];
    }
    if (crashed.isDestroyed()) return;
    restarted = true;
    load(crashed);
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
    send: (name, data) => {
      const channel: EventChannel = `slate:event:${name}`;
      const send = () => window?.webContents.send(channel, data);
      if (window && hasStarted) send();
      else pendingEvents.push(send);
    },
    started: () => {
      hasStarted = true;
      const start = { restarted };
      restarted = false;
      for (const send of pendingEvents.splice(0)) send();
      return start;
    },
    reload: () => {
      if (window) load(window);
    },
    print: () =>
      new Promise((resolve, reject) => {
        if (!window) return resolve();
        window.webContents.print({ printBackground: true }, (isPrinted, reason) => {
          if (!isPrinted) log.info(`Not printed: ${reason}.`);
          if (isPrinted || canceled.test(reason)) resolve();
          else reject(new Refused(noPrinter));
        });
      }),
    saveFile: async ({ name, text }) => {
      const options = { defaultPath: join(app.getPath('documents'), name) };
      const { canceled: isCanceled, filePath } = window
        ? await dialog.showSaveDialog(window, options)
        : await dialog.showSaveDialog(options);
      if (isCanceled || !filePath) return false;
      try {
        writeAtomically(filePath, text);
      } catch (error) {
        log.error('A file could not be saved.', error);
        throw new Refused(
          `Couldn’t save ${basename(filePath)} there. Choose another folder, and check the free space.`,
        );
      }
      return true;
    },
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

/** The person canceled the print dialog. */
const canceled = /cancel/i;
const noPrinter =
  'Couldn’t print: no printer is available on this workstation. Connect one, call your IT desk, or open Slate in a browser and print from there.';

/** The color of the window until the page has drawn itself. */
const background = () => (nativeTheme.shouldUseDarkColors ? '#12161B' : '#FFFFFF');
