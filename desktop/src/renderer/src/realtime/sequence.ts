import type { Change, ChangesBatch } from '@slate/shared/changes';

/** Up to where everything has been heard, without a gap. */
export type Position = { readonly epoch: string; readonly revision: number };

/**
 * What a batch adds to what has been heard. `gap`: something before it is missing; `resync`: it is of another
 * history, after a database was restored.
 */
export function whatIsNew({ epoch, revision }: Position, batch: ChangesBatch): Change[] | 'gap' | 'resync' {
  if (batch.epoch !== epoch) return 'resync';
  if (batch.from > revision) return 'gap';
  return batch.changes.filter((change) => change.revision > revision);
}
