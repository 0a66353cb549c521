/** Shared by closures and recurring closures: both lock and free the resource that they close. */
import type { Resource } from '@slate/shared/resources';
import type { Context } from '../../commands/context.ts';
import { maybeOne } from '../../db/query.ts';
import { lockResource } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import type { Choice, Displaced } from './decide-cases.ts';
import { freeCapacity } from './free-capacity.ts';
import type { Reduction } from './free-capacity.ts';

export async function lockToClose(tx: Tx, siteId: string, resourceId: string): Promise<Resource> {
  const found = await maybeOne(tx, lockResource, [siteId, resourceId]);
  if (!found) throw invalid('resourceId', 'There is no such resource at this site.');
  const { resource } = found;
  if (resource.active) return resource;
  throw new Refusal(
    'resource_inactive',
    `${resource.name} is retired: nothing can be booked there, so there is nothing to close.`,
  );
}

export function checkQuantity(quantity: number, { name, capacity }: Resource): void {
  if (quantity > capacity) throw invalid('quantity', `Must be at most ${capacity}, the capacity of ${name}.`);
}

/**
 * Carries out the decisions about the cases in the way, or refuses with everything in the way of any closure. `when` ends the
 * sentence "OR 2 can’t be closed …". The caller has locked the resource.
 */
export function freeForClosures(
  context: Context,
  { id, name, capacity }: Resource,
  closures: { quantity: number; reason: string; ranges: Reduction['ranges']; when: string },
  choice: Choice,
): Promise<Displaced> {
  const { quantity, reason, ranges, when } = closures;
  const subject = quantity === capacity ? name : `${quantity} of ${name}`;
  return freeCapacity(
    context,
    {
      resourceId: id,
      ranges,
      limit: capacity - quantity,
      closuresCount: true,
      reason,
      refusalStart: `${subject} can’t be closed ${when}`,
    },
    choice,
  );
}
