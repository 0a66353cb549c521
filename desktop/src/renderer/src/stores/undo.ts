import { createStore } from 'zustand/vanilla';

/** What I did last and how it is taken back: by another command, as anybody would give it. */
export type Undo = { readonly label: string; readonly run: () => Promise<void> };

const kept = 20;
export const undoStore = createStore<{ steps: readonly Undo[] }>(() => ({ steps: [] }));

export const canUndo = (step: Undo) =>
  undoStore.setState(({ steps }) => ({ steps: [...steps, step].slice(-kept) }));

/** The given step, or the last. */
export async function undo(step = undoStore.getState().steps.at(-1)): Promise<void> {
  if (!step || !undoStore.getState().steps.includes(step)) return;
  undoStore.setState(({ steps }) => ({ steps: steps.filter((each) => each !== step) }));
  await step.run();
}
export const forgetUndo = () => undoStore.setState({ steps: [] });
