import type { Bridge, bridgeName } from '../../../bridge.ts';
import { createBrowserShell, isCopiedTab, isWallPlace } from './browser-shell.ts';

declare global {
  interface Window {
    readonly [bridgeName]?: Bridge;
  }
}

/** What the console runs in: the desktop program, or a browser. */
export const shell: Bridge = window.slate ?? createBrowserShell();
export const isDesktop = window.slate !== undefined;
/** Made from a tab that is signed in, and is not itself. */
export const isCopy = () => !isDesktop && isCopiedTab();
/** A screen in a corridor, which stays signed in: only for those who see no patients there. */
export const isWallScreen = () => !isDesktop && isWallPlace();
