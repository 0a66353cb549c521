import { createStore } from 'zustand/vanilla';

/** A short message about an outcome, with its undo if there is one. Never the only place for safety information. */
export type Toast = {
  readonly id: string;
  readonly text: string;
  readonly undo: (() => void) | null;
  /** Shows the day that the message is about, if it is not shown. */
  readonly goTo: { readonly label: string; readonly run: () => void } | null;
  /** Stays until a person dismisses it, because it must be seen. */
  readonly stays: boolean;
  /**
   * `queue`: requests need the person; closes when the panel shows them. `unanswered`: nobody knows whether the change was
   * made. `cut_off`: nothing can be changed now; closes when the server is back.
   */
  readonly about: 'unanswered' | 'cut_off' | 'queue' | null;
};

export const toastStore = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
const maxShown = 3;

export function toast(
  text: string,
  {
    id = crypto.randomUUID(),
    undo = null,
    goTo = null,
    stays = false,
    about = null,
  }: Partial<Omit<Toast, 'text'>> = {},
) {
  const fresh = { id, text, undo, goTo, stays, about };
  toastStore.setState(({ toasts }) => {
    const leaving = toasts.filter((each) => !each.stays).slice(0, Math.max(0, toasts.length + 1 - maxShown));
    return { toasts: [...toasts.filter((each) => !leaving.includes(each)), fresh] };
  });
}
export const dismiss = (id: string) =>
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));

export function dismissAbout(subject: NonNullable<Toast['about']>) {
  const { toasts } = toastStore.getState();
  const others = toasts.filter(({ about }) => about !== subject);
  if (others.length < toasts.length) toastStore.setState({ toasts: others });
}

export const forgetToasts = () => toastStore.setState({ toasts: [] });
