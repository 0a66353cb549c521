import { protocolVersion } from '@slate/shared/protocol';
import { serverUrl } from '../api/client.ts';
import { isDesktop } from '../shell/shell.ts';
import { connectionWords } from '../words/connection.ts';
import { timeOf } from '../words/time.ts';
import { announceNow } from './announcements.ts';
import { boardStore } from './board.ts';
import { connectionStore, isCutOff, tryServer } from './connection.ts';
import type { Connection, Obstacle } from './connection.ts';
import { deskNow } from './desk.ts';
import { toast, toastStore } from './toasts.ts';
import { zoneNow } from './view.ts';

/** Returns why nothing can be changed now, as a sentence; null if changes are possible. Check it before every change. */
export function cutOffReason(): string | null {
  // An open desk takes every command of the board into its queue.
  const isQueued = connectionStore.getState().connection.status === 'offline' && deskNow() !== null;
  return isQueued ? null : unreachableReason();
}

/** The same for changes that are never queued: those of the administration. */
export function unreachableReason(): string | null {
  const { connection } = connectionStore.getState();
  if (connection.status === 'outdated') return connectionWords.nothingOutdated;
  if (connection.status !== 'offline') return null;
  return connectionWords.nothingOffline(timeOf(new Date(connection.since).toISOString(), zoneNow()));
}

const wordsOf = (obstacle: Obstacle) => connectionWords.why[obstacle](new URL(serverUrl()).host);

/** Returns why the server is out of reach, as a sentence; null if that is not known. */
export const obstacleWords = (connection: Connection): string | null =>
  connection.status === 'offline' && connection.why ? wordsOf(connection.why) : null;

/** Why people cannot work with the server. `isOutOfReach`: it does not answer; otherwise it is of another version. */
export type Outage = { why: string; isOutOfReach: boolean };

/** Asks the server why it is out of reach, on the screens without a feed; null: it answers, or the reason is not known. */
export async function findOutage(): Promise<Outage | null> {
  const trial = await tryServer();
  if (trial === null || trial.result === 'ok') return null;
  const isOutOfReach = trial.result === 'obstacle';
  return { why: isOutOfReach ? wordsOf(trial.why) : updateWords(trial.server), isOutOfReach };
}

/** Returns whether the server or the console has to be updated. */
function updateWords(server: number): string {
  const older = server < protocolVersion ? 'server' : server > protocolVersion ? 'console' : null;
  return connectionWords.outdatedHelp(isDesktop, older);
}

/** Returns what an incompatible protocol means for the board, and whether the server or the console is older. */
export const outdatedWords = ({ server = protocolVersion }: { server?: number }): string =>
  `${connectionWords.outdatedBoard} ${updateWords(server)}`;

/** Returns the time of the shown board if it cannot be updated now; otherwise null. */
export function boardAsOf(): string | null {
  const { connection, lastContactAt } = connectionStore.getState();
  const { view, isStale } = boardStore.getState();
  if (!isCutOff() || !view) return null;
  if (isStale) return view.board.at;
  const at = connection.status === 'offline' ? connection.since : lastContactAt;
  return at === null ? view.board.at : new Date(at).toISOString();
}

/** If nothing can be changed now, returns true and shows a toast with the reason, unless it is already shown. */
export function toastIfCutOff(why = cutOffReason()): boolean {
  if (why === null) return false;
  announceNow(why);
  if (!toastStore.getState().toasts.some(({ text }) => text === why)) toast(why, { about: 'cut_off' });
  return true;
}
