/**
 * Opens a window without the protections in the same Electron. Every attempt that fails in the console's page must
 * succeed here; otherwise the test proves nothing.
 */
import type { ElectronApplication, Page } from 'playwright-core';

export async function openControl(app: ElectronApplication, url: string): Promise<Page> {
  const opened = app.waitForEvent('window');
  await app.evaluate(async ({ BrowserWindow }, address) => {
    const window = new BrowserWindow({
      show: false,
      webPreferences: {
        partition: 'control',
        sandbox: false,
        contextIsolation: false,
        nodeIntegration: true,
      },
    });
    const { webContents } = window;
    webContents.session.setPermissionCheckHandler(null);
    webContents.session.setPermissionRequestHandler(null);
    webContents.setWindowOpenHandler(() => ({ action: 'allow' }));
    webContents.removeAllListeners('will-frame-navigate');
    await window.loadURL(address);
  }, url);
  return opened;
}
