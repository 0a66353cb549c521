import { app, session } from 'electron';
import type { WebContents } from 'electron';
import { pageAddress, pageOrigin } from './app-protocol.ts';
import type { Log } from './log.ts';

/**
 * Newer Chromium asks before a page reaches addresses within the hospital. Ours must: its server is there. Which
 * server that is, is not this permission's to say but the policy's.
 */
const reach: readonly string[] = ['local-network', 'local-network-access', 'loopback-network'];

/** What no page may do, whichever page it is and however it came to be loaded. */
export function lockDown(log: Log): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, log));
  // Refused anyway; said here so that it stays so, and so that the log knows.
  app.on('certificate-error', (event, _contents, address, error, _certificate, trust) => {
    event.preventDefault();
    log.warn(`The certificate of ${new URL(address).host} was refused: ${error}.`);
    trust(false);
  });

  const { defaultSession: pages } = session;
  const allows = (permission: string, origin: string) =>
    reach.includes(permission) && origin.replace(/\/$/, '') === pageOrigin;
  pages.setPermissionCheckHandler((_contents, permission, origin) => allows(permission, origin));
  pages.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    const allowed = URL.canParse(requestingUrl) && allows(permission, new URL(requestingUrl).origin);
    if (!allowed) log.warn(`The permission ${permission} was refused.`);
    decide(allowed);
  });
  pages.setDevicePermissionHandler(() => false);
  pages.setDisplayMediaRequestHandler(null);
  pages.on('will-download', (event) => {
    event.preventDefault();
    log.warn('A download was refused.');
  });
}

function confine(contents: WebContents, log: Log) {
  contents.setWindowOpenHandler(() => {
    log.warn('A new window was refused.');
    return { action: 'deny' };
  });
  // Where a page may go: to itself, which is to load it again.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && event.url === pageAddress) return;
    event.preventDefault();
    log.warn('A navigation was refused.');
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    log.warn('A redirection was refused.');
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('A webview was refused.');
  });
}
