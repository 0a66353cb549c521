import type { Case } from '@slate/shared/cases';
import { scopeOf } from '@slate/shared/permissions';
import type { InWay } from '../db/commands.sql.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Context } from './command.ts';

/** Something is in the way. What exactly, and what would do instead, is found out after the rollback. */
export class Conflict extends Refusal {
  readonly inactive: readonly string[];
  readonly inWay: readonly InWay[];
  readonly wanted: Case | null;
  readonly zone: string;
  /** Whose cases the caller may see; null: everyone's. */
  readonly own: { userId: string; surgeonIds: readonly string[] } | null;

  constructor(inactive: readonly string[], inWay: readonly InWay[], context: Context, wanted: Case | null) {
    // A patient and a resource of capacity 1 can be taken; a pool can only run out.
    const taken = inWay.some(({ resource, capacity }) => resource === null || capacity === 1);
    super(
      inactive.length > 0 ? 'resource_inactive' : taken ? 'slot_taken' : 'pool_exhausted',
      'Something else is in the way.',
    );
    this.inactive = inactive;
    this.inWay = inWay;
    this.wanted = wanted;
    this.zone = context.zone;
    this.own =
      scopeOf(context.role, 'cases.read') === 'any'
        ? null
        : { userId: context.request.userId, surgeonIds: context.surgeonIds };
  }
}
