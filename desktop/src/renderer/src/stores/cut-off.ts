import { connectionWords } from '../words/connection.ts';
import { timeOf } from '../words/time.ts';
import { announceNow } from './announcements.ts';
import { boardStore } from './board.ts';
import { connectionStore, isCutOff } from './connection.ts';
import { toast, toastStore } from './toasts.ts';
import { zoneNow } from './view.ts';

/** Why nothing can be changed at present, in words; null while it can. Everything that changes something checks it. */
export function whyCutOff(): string | null {
  const { connection } = connectionStore.getState();
  if (connection.status === 'outdated') return connectionWords.nothingOutdated;
  if (connection.status !== 'offline') return null;
  return connectionWords.nothingOffline(timeOf(new Date(connection.since).toISOString(), zoneNow()));
}

/** The time of the board that is shown while it cannot be updated; null while it can, or without a board. */
export function boardAsOf(): string | null {
  const { connection, heardAt } = connectionStore.getState();
  const { view, isStale } = boardStore.getState();
  if (!isCutOff() || !view) return null;
  if (isStale) return view.board.at;
  const at = connection.status === 'offline' ? connection.since : heardAt;
  return at === null ? view.board.at : new Date(at).toISOString();
}

/** Whether nothing can be changed; if so, a toast says why, at most one at a time. */
export function toastIfCutOff(): boolean {
  const why = whyCutOff();
  if (why === null) return false;
  announceNow(why);
  if (!toastStore.getState().toasts.some(({ text }) => text === why)) toast(why, { about: 'cut_off' });
  return true;
}
