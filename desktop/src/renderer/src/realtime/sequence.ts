import type { Change, ChangesBatch } from '@slate/shared/changes';

/** Every change up to this position has arrived. */
export type Position = { readonly epoch: string; readonly revision: number };

/** Returns the new changes of a batch. `gap`: earlier changes are missing; `resync`: the database was restored. */
export function newChanges({ epoch, revision }: Position, batch: ChangesBatch): Change[] | 'gap' | 'resync' {
  if (batch.epoch !== epoch) return 'resync';
  if (batch.from > revision) return 'gap';
  return batch.changes.filter((change) => change.revision > revision);
}
