import type { Change, ChangesBatch } from '@slate/shared/changes';

/** Everything up to here has arrived, without a gap. */
export type Position = { readonly epoch: string; readonly revision: number };

/** The new changes in a batch. `gap`: changes before it are missing; `resync`: the database was restored. */
export function newChanges({ epoch, revision }: Position, batch: ChangesBatch): Change[] | 'gap' | 'resync' {
  if (batch.epoch !== epoch) return 'resync';
  if (batch.from > revision) return 'gap';
  return batch.changes.filter((change) => change.revision > revision);
}
