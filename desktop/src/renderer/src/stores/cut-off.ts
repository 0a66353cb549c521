import { connectionWords } from '../words/connection.ts';
import { timeOf } from '../words/time.ts';
import { boardStore } from './board.ts';
import { connectionStore, isCutOff } from './connection.ts';
import { toast, toastStore } from './toasts.ts';
import { announceNow } from './announcements.ts';
import { zoneNow } from './view.ts';

/** Why nothing can be changed at present, in words; null while it can. Every offer to change something asks this. */
export function whyCutOff(): string | null {
  const { connection } = connectionStore.getState();
  if (connection.status === 'outdated') return connectionWords.nothingOutdated;
  if (connection.status !== 'offline') return null;
  return connectionWords.nothingOffline(timeOf(new Date(connection.since).toISOString(), zoneNow()));
}

/** Of when the board is that is shown, while nothing newer can come; null while it can, or when nothing is shown. */
export function boardAsOf(): string | null {
  const { connection, heardAt } = connectionStore.getState();
  const { view, isStale } = boardStore.getState();
  if (!isCutOff() || !view) return null;
  if (isStale) return view.board.at;
  const at = connection.status === 'offline' ? connection.since : heardAt;
  return at === null ? view.board.at : new Date(at).toISOString();
}

/** Says so to whoever tries nevertheless, however often, in one place. False: it can be tried. */
export function tellCutOff(): boolean {
  const why = whyCutOff();
  if (why === null) return false;
  announceNow(why);
  if (!toastStore.getState().toasts.some(({ text }) => text === why)) toast(why, { about: 'cut_off' });
  return true;
}
