import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** What I did last and how it is taken back: by another command, as anybody would give it. */
export type Undo = {
  readonly label: string;
  readonly caseIds: readonly string[];
  readonly run: () => Promise<void>;
};

const kept = 20;
export const undoStore = createStore<{ steps: readonly Undo[] }>(() => ({ steps: [] }));

export const canUndo = (step: Undo) =>
  undoStore.setState(({ steps }) => ({ steps: [...steps, step].slice(-kept) }));

/** The given step, or the last. False when it is not there any more. */
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
/** What was done to the case has been overtaken: taking it back would be another thing now. */
export const forgetUndoOf = (caseId: string) =>
  undoStore.setState(({ steps }) => ({ steps: steps.filter(({ caseIds }) => !caseIds.includes(caseId)) }));

type Version = Pick<Case, 'id' | 'version'>;
const same = new Map<string, number>();
const keyOf = ({ id, version }: Version) => `${id} ${version}`;

/**
 * I have brought a case back to what it was in an earlier version, or changed nothing that a step depends on.
 * Without this only the last of several steps on one case could be taken back: each raises the version.
 */
export const isSameAs = (was: Version, now: Version) => void same.set(keyOf(was), now.version);

/** The version in which the case now is what it was in the given one, as far as I have had a hand in it. */
export function versionOf(item: Version): number {
  let { version } = item;
  for (let next = same.get(keyOf(item)); next !== undefined; next = same.get(keyOf({ ...item, version }))) {
    version = next;
  }
  return version;
}
