import { createStore } from 'zustand/vanilla';

/** `id` makes the same words announced twice two announcements. */
export type Announcement = { readonly id: number; readonly text: string };

/** For screen readers: polite, or at once for what cannot wait. */
export const announcementStore = createStore<{
  polite: readonly Announcement[];
  assertive: readonly Announcement[];
}>(() => ({ polite: [], assertive: [] }));

let count = 0;
/** Keeps the last three: several may come at once, and old ones should not be found later. */
const added = (before: readonly Announcement[], text: string) => [...before, { id: ++count, text }].slice(-3);

export const announce = (text: string) =>
  announcementStore.setState(({ polite }) => ({ polite: added(polite, text) }));
export const announceNow = (text: string) =>
  announcementStore.setState(({ assertive }) => ({ assertive: added(assertive, text) }));
export const forgetAnnouncements = () => announcementStore.setState({ polite: [], assertive: [] });
