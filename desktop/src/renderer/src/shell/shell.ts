import type { Bridge, bridgeName } from '../../../bridge.ts';
import { hasLostDesks, listenForFreeDesk } from './browser-desk.ts';
import { createBrowserShell, isCopiedTab, isWallAddress, linkInAddress } from './browser-shell.ts';

declare global {
  interface Window {
    readonly [bridgeName]?: Bridge;
  }
}

/** The desktop program, or a browser. */
export const shell: Bridge = window.slate ?? createBrowserShell();
export const isDesktop = window.slate !== undefined;
/** Whether this tab is a copy of a signed-in tab. The copy is not signed in. */
export const isCopy = () => !isDesktop && isCopiedTab();
/** Whether this is a wall board in a browser. It stays signed in, so only the role that sees no patients may use it. */
export const isWallScreen = () => !isDesktop && isWallAddress();
/** The link that opened this page and works once, if any. */
export const entranceLink = () => (isDesktop ? null : linkInAddress());
export const forgetEntranceLink = () => history.replaceState(null, '', location.pathname);
/** Whether this browser has deleted its desks because they were damaged. */
export const isDeskLost = () => !isDesktop && hasLostDesks();
/** Calls back when another tab has released a desk that this tab wanted. Returns a function that stops it. */
export const onFreeDesk = isDesktop ? () => () => {} : listenForFreeDesk;
/** Whether a person's work can be kept here while the server is unreachable. */
export const keepsDesks = isDesktop || globalThis.indexedDB !== undefined;

export type {
  ConsolePolicy,
  Desk,
  DeskOf,
  DeskSummary,
  ProgramFacts,
  UnlockDeskResult,
} from '../../../bridge.ts';
