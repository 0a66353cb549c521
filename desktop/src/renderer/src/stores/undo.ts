import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** How a command is undone: by another command. */
export type Undo = {
  readonly label: string;
  readonly caseIds: readonly string[];
  readonly run: () => Promise<void>;
};

const kept = 20;
export const undoStore = createStore<{ steps: readonly Undo[] }>(() => ({ steps: [] }));

export const canUndo = (step: Undo) =>
  undoStore.setState(({ steps }) => ({ steps: [...steps, step].slice(-kept) }));

/** Undoes the given step, or the last one. False if it is gone. */
export async function undo(step = undoStore.getState().steps.at(-1)): Promise<boolean> {
  if (!step || !undoStore.getState().steps.includes(step)) return false;
  undoStore.setState(({ steps }) => ({ steps: steps.filter((each) => each !== step) }));
  await step.run();
  return true;
}

export function forgetUndo() {
  undoStore.setState({ steps: [] });
  same.clear();
}
/** A later command has replaced what these steps would undo. */
export const forgetUndoOf = (caseId: string) =>
  undoStore.setState(({ steps }) => ({ steps: steps.filter(({ caseIds }) => !caseIds.includes(caseId)) }));

type Version = Pick<Case, 'id' | 'version'>;
const same = new Map<string, number>();
const keyOf = ({ id, version }: Version) => `${id} ${version}`;

/**
 * Records that version `now` of a case is the same as version `was`, as far as undo is concerned. Every command raises the
 * version, so without this only the last of several steps on one case could be undone.
 */
export const isSameAs = (was: Version, now: Version) => void same.set(keyOf(was), now.version);

/** The latest version that is the same as the given one, as far as undo is concerned. */
export function versionOf(item: Version): number {
  let { version } = item;
  for (let next = same.get(keyOf(item)); next !== undefined; next = same.get(keyOf({ ...item, version }))) {
    version = next;
  }
  return version;
}
