import { app, session } from 'electron';
import type { WebContents } from 'electron';
import { pageAddress, pageOrigin } from './app-protocol.ts';
import type { Log } from './log.ts';

/**
 * Newer Chromium requires a permission before a page contacts the local network, where our server is. The content security
 * policy restricts the page to that one server.
 */
const localNetwork: readonly string[] = ['local-network', 'local-network-access', 'loopback-network'];

/** Restricts every page, however it was loaded. */
export function lockDown(log: Log): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, log));
  // Electron refuses by default. This makes it explicit and logs it.
  app.on('certificate-error', (event, _contents, address, error, _certificate, trust) => {
    event.preventDefault();
    log.warn(`Refused the certificate of ${new URL(address).host}: ${error}.`);
    trust(false);
  });

  const { defaultSession: pages } = session;
  const allows = (permission: string, origin: string) =>
    localNetwork.includes(permission) && origin.replace(/\/$/, '') === pageOrigin;
  pages.setPermissionCheckHandler((_contents, permission, origin) => allows(permission, origin));
  pages.setPermissionRequestHandler((_contents, permission, decide, { requestingUrl }) => {
    const allowed = URL.canParse(requestingUrl) && allows(permission, new URL(requestingUrl).origin);
    if (!allowed) log.warn(`Refused the permission ${permission}.`);
    decide(allowed);
  });
  pages.setDevicePermissionHandler(() => false);
  pages.setDisplayMediaRequestHandler(null);
  pages.on('will-download', (event) => {
    event.preventDefault();
    log.warn('Refused a download.');
  });
}

function confine(contents: WebContents, log: Log) {
  contents.setWindowOpenHandler(() => {
    log.warn('Refused a new window.');
    return { action: 'deny' };
  });
  // The page may only reload itself.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame && event.url === pageAddress) return;
    event.preventDefault();
    log.warn('Refused a navigation.');
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
    log.warn('Refused a redirect.');
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    log.warn('Refused a webview.');
  });
}
