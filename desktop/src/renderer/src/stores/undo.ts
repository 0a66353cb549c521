import type { Case } from '@slate/shared/cases';
import { createStore } from 'zustand/vanilla';

/** A step that undoes a command by sending another one. */
export type Undo = {
  readonly label: string;
  readonly caseIds: readonly string[];
  readonly run: () => Promise<void>;
  /** The command cannot be undone: `run` says so, instead of undoing an earlier command. */
  readonly isFinal?: true;
};

/** Returns the step that undoes the result of a request; null: there is none. */
export type UndoOf = (reply: unknown) => Undo | null;

const maxSteps = 20;
export const undoStore = createStore<{ steps: readonly Undo[] }>(() => ({ steps: [] }));

export const addUndo = (step: Undo) =>
  undoStore.setState(({ steps }) => ({ steps: [...steps, step].slice(-maxSteps) }));

/** Runs an undo step, by default the last one. Returns false if it is gone. */
export async function undo(step = undoStore.getState().steps.at(-1)): Promise<boolean> {
  if (!step || !undoStore.getState().steps.includes(step)) return false;
  undoStore.setState(({ steps }) => ({ steps: steps.filter((each) => each !== step) }));
  await step.run();
  return true;
}

/** The steps that take requests of the queue back, by request. */
const stepsOfRequests = new Map<string, { step: Undo; undoOf: UndoOf | null }>();

export function addUndoOfRequest(id: string, step: Undo, undoOf: UndoOf | null) {
  addUndo(step);
  stepsOfRequests.set(id, { step, undoOf });
}
export const requestsWithUndo = () => [...stepsOfRequests.keys()];
export const undoOfRequest = (id: string): UndoOf | null => stepsOfRequests.get(id)?.undoOf ?? null;

/** Replaces the step of a request that was done with the step that undoes it. Without a reply the step is removed. */
export function settleUndoOfRequest(id: string, reply?: unknown) {
  const ofRequest = stepsOfRequests.get(id);
  if (!ofRequest) return;
  stepsOfRequests.delete(id);
  const { step, undoOf } = ofRequest;
  const next = reply === undefined ? null : (undoOf?.(reply) ?? null);
  undoStore.setState(({ steps }) => {
    const index = steps.indexOf(step);
    const others = steps.filter((each) => each !== step);
    const at = index < 0 ? others.length : index;
    return { steps: next ? others.toSpliced(at, 0, next).slice(-maxSteps) : others };
  });
}

/** Removes the step of a request that was not done, as far as is known. If it is done after all, its reply adds the next step. */
export function suspendUndoOfRequest(id: string) {
  const step = stepsOfRequests.get(id)?.step;
  if (!step || !undoStore.getState().steps.includes(step)) return;
  undoStore.setState(({ steps }) => ({ steps: steps.filter((each) => each !== step) }));
}

/** By case: the last two versions that a queued command left, or that were current when a request was sent again. */
const rememberedCases = new Map<string, readonly Case[]>();

/** Remembers the cases in the reply of a command. */
export function rememberCases(reply: unknown) {
  const { case: item, cases = item ? [item] : [] } = reply as { case?: Case; cases?: Case[] };
  for (const each of cases)
    rememberedCases.set(
      each.id,
      [...(rememberedCases.get(each.id) ?? []), each].toSorted((a, b) => a.version - b.version).slice(-2),
    );
}

/**
 * Returns a case as it was before the command that returned `after`. A queued command was given for the case on the board
 * (`item`), which did not show the earlier requests on that case.
 */
export const caseBefore = (item: Case, after: Case): Case =>
  rememberedCases
    .get(item.id)
    ?.findLast(({ version }) => item.version < version && version < after.version) ?? item;

export function forgetUndo() {
  undoStore.setState({ steps: [] });
  stepsOfRequests.clear();
  rememberedCases.clear();
  sameVersions.clear();
}
/** Removes the undo steps of a case, after a command that they cannot undo across. */
export const forgetUndoOf = (caseId: string) =>
  undoStore.setState(({ steps }) => ({ steps: steps.filter(({ caseIds }) => !caseIds.includes(caseId)) }));

type Version = Pick<Case, 'id' | 'version'>;
const sameVersions = new Map<string, number>();
const keyOf = ({ id, version }: Version) => `${id} ${version}`;

/**
 * Records that `after` equals `before` for undo. Every command raises the version, so without this only the last of several
 * steps on one case could be undone.
 */
export const treatAsSame = (before: Version, after: Version) =>
  void sameVersions.set(keyOf(before), after.version);

/** Returns the latest version that equals this one for undo. */
export function versionOf(item: Version): number {
  let { version } = item;
  for (
    let next = sameVersions.get(keyOf(item));
    next !== undefined;
    next = sameVersions.get(keyOf({ ...item, version }))
  ) {
    version = next;
  }
  return version;
}
