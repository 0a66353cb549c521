import type { Bridge, bridgeName } from '../../../bridge.ts';
import { createBrowserShell } from './browser-shell.ts';

declare global {
  interface Window {
    readonly [bridgeName]?: Bridge;
  }
}

/** What the console runs in: the desktop program, or a browser. */
export const shell: Bridge = window.slate ?? createBrowserShell();
export const isDesktop = window.slate !== undefined;
