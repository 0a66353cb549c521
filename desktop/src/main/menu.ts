import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../bridge.ts';

type Deps = {
  send: (command: MenuCommand) => void;
  showLog: () => void;
  /** Undefined while developing: the file is written when packaging. */
  showLicenses: (() => void) | undefined;
  hasDeveloperTools: boolean;
  isServerLocked: boolean;
  isWallBoard: boolean;
};

const isMac = process.platform === 'darwin';
const line = { type: 'separator' } as const;

export function installMenu({
  send,
  showLog,
  showLicenses,
  hasDeveloperTools,
  isServerLocked,
  isWallBoard,
}: Deps): void {
  // The menu only shows the keys. The console handles them, because it knows whether someone is typing.
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(command),
    ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
  });

  const about: MenuItemConstructorOptions = {
    label: 'About Slate',
    accelerator: 'F1',
    click: () => send('about'),
  };
  const appMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [about, line, { role: 'hide' }, { role: 'quit' }],
  };
  const file: MenuItemConstructorOptions[] = [
    item('Print Day List…', 'print', 'CmdOrCtrl+P'),
    line,
    item('Lock Now', 'lock'),
    { ...item('Change Server…', 'change_server'), enabled: !isServerLocked },
    line,
    isMac ? { role: 'close' } : { role: 'quit', label: 'Quit' },
  ];
  const edit: MenuItemConstructorOptions[] = [
    // On macOS the menu gets the key first, where it must undo typing.
    item('Undo Last Change', 'undo', isMac ? undefined : 'CmdOrCtrl+Z'),
    ...(isMac ? [line, { role: 'undo', label: 'Undo Typing' } as const, { role: 'redo' } as const] : []),
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ];
  const view: MenuItemConstructorOptions[] = [
    item('Command Palette…', 'palette', 'CmdOrCtrl+K'),
    line,
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'resetZoom' },
    line,
    { role: 'togglefullscreen' },
    { role: 'reload', label: 'Reload' },
    ...(hasDeveloperTools ? [{ role: 'toggleDevTools' } as const] : []),
  ];
  const help: MenuItemConstructorOptions[] = [
    item('All Keys', 'keys', '?'),
    { label: 'Show Log', click: showLog },
    ...(showLicenses ? [{ label: 'Third-Party Licenses', click: showLicenses }] : []),
    item('Check for Updates…', 'check_for_update'),
    ...(isMac ? [] : [line, about]),
  ];

  // Nobody uses the menu of a wall board. macOS always has one.
  if (isWallBoard) return Menu.setApplicationMenu(isMac ? Menu.buildFromTemplate([appMenu]) : null);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [appMenu] : []),
      { role: 'fileMenu', label: '&File', submenu: file },
      { role: 'editMenu', label: '&Edit', submenu: edit },
      { role: 'viewMenu', label: '&View', submenu: view },
      { role: 'windowMenu', label: '&Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
      { role: 'help', label: '&Help', submenu: help },
    ]),
  );
}
