import type { Bridge, bridgeName } from '../../../bridge.ts';
import { createBrowserShell, isCopiedTab, isWallPlace } from './browser-shell.ts';

declare global {
  interface Window {
    readonly [bridgeName]?: Bridge;
  }
}

/** The desktop program, or a browser. */
export const shell: Bridge = window.slate ?? createBrowserShell();
export const isDesktop = window.slate !== undefined;
/** A copy of a tab that is signed in; the copy is not. */
export const isCopy = () => !isDesktop && isCopiedTab();
/** A wall board in a browser. It stays signed in, so it is only for the role that sees no patients. */
export const isWallScreen = () => !isDesktop && isWallPlace();
