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
};

export const toastStore = createStore<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }));
const most = 3;

export function toast(
  text: string,
  { undo = null, stays = false }: { undo?: (() => void) | null; stays?: boolean } = {},
) {
  const fresh = { id: crypto.randomUUID(), text, undo, stays };
  toastStore.setState(({ toasts }) => {
    const leaving = toasts.filter((each) => !each.stays).slice(0, Math.max(0, toasts.length + 1 - most));
    return { toasts: [...toasts.filter((each) => !leaving.includes(each)), fresh] };
  });
}
export const dismiss = (id: string) =>
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.id !== id) }));

/** What a screen reader is told: politely, or at once for what cannot wait. */
export const speechStore = createStore<{ polite: string; assertive: string }>(() => ({
  polite: '',
  assertive: '',
}));
export const announce = (polite: string) => speechStore.setState({ polite });
export const announceNow = (assertive: string) => speechStore.setState({ assertive });
