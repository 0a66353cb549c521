import { createStore } from 'zustand/vanilla';

/** `id` makes the same text, announced twice, two announcements. */
export type Announcement = { readonly id: number; readonly text: string };

/** Announcements for screen readers; the assertive ones interrupt. */
export const announcementStore = createStore<{
  polite: readonly Announcement[];
  assertive: readonly Announcement[];
}>(() => ({ polite: [], assertive: [] }));

let count = 0;
/** Keeps the last three: several may come at once, and old ones should not stay on the page. */
const append = (before: readonly Announcement[], text: string) =>
  [...before, { id: ++count, text }].slice(-3);

export const announce = (text: string) =>
  announcementStore.setState(({ polite }) => ({ polite: append(polite, text) }));
export const announceNow = (text: string) =>
  announcementStore.setState(({ assertive }) => ({ assertive: append(assertive, text) }));
export const forgetAnnouncements = () => announcementStore.setState({ polite: [], assertive: [] });
