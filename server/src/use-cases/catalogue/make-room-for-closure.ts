import type { Resource } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import { minutesBetween, rangeOf } from '@slate/shared/time';
import { invalid } from '../../domain/refusal.ts';
import type { Context } from '../../commands/context.ts';
import { makeRoom } from './make-room.ts';

const longest = 366;

/**
 * A closure is a claim of a resource that the caller has locked. It does not go through `claim`, which
 * compares everything with everything: that is made for the hours of a case, and a closure may last a year.
 */
export function makeRoomForClosure(
  context: Context,
  { id, name, capacity }: Resource,
  { start, end, quantity, reason }: Pick<Closure, 'start' | 'end' | 'quantity' | 'reason'>,
  bump: string[] | undefined,
) {
  if (end <= start) throw invalid('end', 'Must be after the start.');
  if (minutesBetween(start, end) > longest * 24 * 60) {
    throw invalid(
      'end',
      `Must be at most ${longest} days after the start. Close it again when that is over.`,
    );
  }
  if (quantity > capacity) throw invalid('quantity', `Must be at most ${capacity}, the capacity of ${name}.`);
  const what = quantity === capacity ? name : `${quantity} of ${name}`;
  return makeRoom(context, {
    resourceId: id,
    start,
    end,
    limit: capacity - quantity,
    closuresCount: true,
    bump,
    reason,
    refused: `${what} can’t be closed ${rangeOf(start, end, context.zone)}`,
  });
}
