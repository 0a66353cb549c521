import { createStore } from 'zustand/vanilla';

/**
 * Short news of what was done, with a way back where there is one. What endangers safety is never said here:
 * `stays` is for what must be seen, and goes only when a person sends it away.
 */
export type Toast = {
  readonly id: string;
  readonly text: string;
  readonly undo: (() => void) | null;
  readonly stays: boolean;
  /**
   * `unanswered`: a change of which nobody knows whether it was made. `cut_off`: that nothing can be changed, which is
   * not so any more when the server is back.
   */
  readonly about: 'unanswered' | 'cut_off' | null;
};

export const toastStore = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
const most = 3;

export function toast(
  text: string,
  { id = crypto.randomUUID(), undo = null, stays = false, about = null }: Partial<Omit<Toast, 'text'>> = {},
) {
  const fresh = { id, text, undo, stays, about };
  toastStore.setState(({ toasts }) => {
    const leaving = toasts.filter((each) => !each.stays).slice(0, Math.max(0, toasts.length + 1 - most));
    return { toasts: [...toasts.filter((each) => !leaving.includes(each)), fresh] };
  });
}
export const dismiss = (id: string) =>
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));

/** What was said about being cut off is over. */
export function dismissCutOff() {
  const { toasts } = toastStore.getState();
  const others = toasts.filter(({ about }) => about !== 'cut_off');
  if (others.length < toasts.length) toastStore.setState({ toasts: others });
}

/** Something said: with a number of its own, because the same words said again are said again. */
export type Said = { readonly id: number; readonly text: string };

/** What a screen reader is told: politely, or at once for what cannot wait. */
export const speechStore = createStore<{ polite: readonly Said[]; assertive: readonly Said[] }>(() => ({
  polite: [],
  assertive: [],
}));
let spoken = 0;
/** The last few are left standing: several may be said at once, and nobody should find old ones later. */
const said = (before: readonly Said[], text: string) => [...before, { id: ++spoken, text }].slice(-3);
export const announce = (text: string) =>
  speechStore.setState(({ polite }) => ({ polite: said(polite, text) }));
export const announceNow = (text: string) =>
  speechStore.setState(({ assertive }) => ({ assertive: said(assertive, text) }));

/** Nothing of what was done and said is left to be read. */
export function forgetSaid() {
  toastStore.setState({ toasts: [] });
  speechStore.setState({ polite: [], assertive: [] });
}
