import { onAnswered } from '../api/client.ts';
import { sessionStore } from '../stores/session.ts';
import { daysOf, goToDate, today, viewStore } from '../stores/view.ts';
import { onAwake } from './awake.ts';
import { createFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { clearBoard } from './write-board.ts';

/** Somebody is at the desk. */
const signs = ['focus', 'keydown', 'pointerdown'];

let feed: Feed | null = null;
let followed: string | null = null;

/** The feed of the current site; null while nobody is signed in. */
export const feedNow = (): Feed | null => feed;

/** Follows the session and the view: one feed per site and role, the shown days, no board while locked. */
export function followSite(): () => void {
  const follow = () => {
    const session = sessionStore.getState();
    const site = session.status === 'signed_in' ? session.site : null;
    const wanted = site && session.status === 'signed_in' ? `${session.me.id} ${JSON.stringify(site)}` : null;
    if (wanted !== followed) {
      end();
      feed = site ? createFeed(site.id) : null;
      followed = wanted;
      if (site && viewStore.getState().date === '') goToDate(today());
    }
    const { date, screen, selectedId } = viewStore.getState();
    if (date === '') return;
    feed?.show(date, daysOf(screen));
    feed?.look(selectedId);
  };
  const end = () => {
    feed?.stop();
    feed = null;
    followed = null;
    clearBoard();
  };
  const retry = () => feed?.retry();
  // Browsers stretch timers in the background.
  const seen = () => document.hidden || retry();
  const signOfLife = () => feed?.signOfLife();
  for (const sign of signs) window.addEventListener(sign, signOfLife, { capture: true, passive: true });
  window.addEventListener('online', retry);
  document.addEventListener('visibilitychange', seen);
  const stops = [
    sessionStore.subscribe(follow),
    viewStore.subscribe(follow),
    onAwake(() => feed?.awake()),
    onAnswered(signOfLife),
    () => {
      for (const sign of signs) window.removeEventListener(sign, signOfLife, { capture: true });
    },
    () => window.removeEventListener('online', retry),
    () => document.removeEventListener('visibilitychange', seen),
    end,
  ];
  follow();
  return () => stops.forEach((stop) => stop());
}
