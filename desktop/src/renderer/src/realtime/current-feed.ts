import { onAnswered, onUnanswered } from '../api/client.ts';
import { assumeSleep, noteLeap, serverNow } from '../stores/clock.ts';
import { isCutOff, setConnection } from '../stores/connection.ts';
import { lastKnownAt } from '../stores/last-board.ts';
import { sessionStore } from '../stores/session.ts';
import type { Needs } from '../stores/session.ts';
import { daysOf, goToDate, today, viewStore } from '../stores/view.ts';
import { onAwake } from './awake.ts';
import { createFeed } from './feed.ts';
import type { Feed } from './feed.ts';
import { clearBoard } from './write-board.ts';

/** Events that show that somebody is at the desk. */
const activityEvents = ['focus', 'keydown', 'pointerdown'];
const networkEvents = ['online', 'offline'];

declare global {
  interface Navigator {
    /** Chromium only. */
    readonly connection?: EventTarget;
  }
}

let feed: Feed | null = null;
let feedKey: string | null = null;
let needsBefore: Needs | undefined;

/** The feed of the current site; null while nobody is signed in. */
export const feedNow = (): Feed | null => feed;

/** Keeps the feed in step with session and view: one feed per site and role, the shown days, no board while locked. */
export function followSite(): () => void {
  const follow = () => {
    const session = sessionStore.getState();
    const site = session.status === 'signed_in' ? session.site : null;
    const key = site && session.status === 'signed_in' ? `${session.me.id} ${JSON.stringify(site)}` : null;
    const needs = session.status === 'signed_in' ? session.needs : undefined;
    if (key !== feedKey) {
      endFeed();
      feed = site ? createFeed(site.id) : null;
      feedKey = key;
      if (site && viewStore.getState().date === '') goToDate(today());
      if (needs) setConnection({ status: 'offline', since: lastKnownAt() ?? serverNow() });
    } else if (needsBefore && !needs) feed?.retry();
    needsBefore = needs;
    const { date, screen, selectedId } = viewStore.getState();
    if (date === '') return;
    feed?.show(date, daysOf(screen));
    feed?.setSelected(selectedId);
  };
  const endFeed = () => {
    feed?.stop();
    feed = null;
    feedKey = null;
    clearBoard();
  };
  const listeners = new AbortController();
  const { signal } = listeners;
  const signOfLife = () => feed?.signOfLife();
  for (const name of activityEvents)
    window.addEventListener(name, signOfLife, { capture: true, passive: true, signal });
  const networkChanged = () => feed?.networkChanged();
  for (const name of networkEvents) window.addEventListener(name, networkChanged, { signal });
  navigator.connection?.addEventListener('change', networkChanged, { signal });
  // Browsers delay timers of hidden pages.
  const onVisible = () => document.hidden || feed?.retry();
  document.addEventListener('visibilitychange', onVisible, { signal });
  const stops = [
    sessionStore.subscribe(follow),
    viewStore.subscribe(follow),
    onAwake((leapMs) => {
      noteLeap(leapMs);
      if (isCutOff()) assumeSleep();
      feed?.awake();
    }),
    onAnswered((protocols) => feed?.answered(protocols)),
    onUnanswered(() => feed?.check()),
    () => listeners.abort(),
    endFeed,
  ];
  follow();
  return () => stops.forEach((stop) => stop());
}
