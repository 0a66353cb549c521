import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, patientStay } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import { scopeOf } from '@slate/shared/permissions';
import { addMinutes } from '@slate/shared/time';
import { claimsKeptDays } from '../db/claims.sql.ts';
import { claim } from '../db/commands.sql.ts';
import type { ClaimResult, InWay } from '../db/commands.sql.ts';
import { Outdated } from '../db/failures.ts';
import { one } from '../db/query.ts';
import { checkNotOverdue } from '../domain/overdue.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Context } from './context.ts';

/** Something is in the way. What exactly, and what would do instead, is found out after the rollback. */
export class Conflict extends Refusal {
  readonly inactive: readonly string[];
  readonly inWay: readonly InWay[];
  readonly wanted: Case | null;
  /** It can be done all the same, with a reason. */
  readonly isCaution: boolean;
  readonly zone: string;
  /** Whose cases the caller may see; null: everyone's. */
  readonly own: { userId: string; surgeonIds: readonly string[] } | null;

  constructor(
    inactive: readonly string[],
    inWay: readonly InWay[],
    context: Context,
    wanted: Case | null,
    isCaution = false,
  ) {
    // A patient and a resource of capacity 1 can be taken; a pool can only run out.
    const taken = inWay.some(({ resource, capacity }) => resource === null || capacity === 1);
    const code = inactive.length > 0 ? 'resource_inactive' : taken ? 'slot_taken' : 'pool_exhausted';
    super(isCaution ? 'validation' : code, 'Something else is in the way.');
    this.isCaution = isCaution;
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

/** A case that a command changes: as it was read (none for a new one), and as it is to be. */
export type CaseChange = { before: Case | null; after: Case };

/** Throws if the rules forbid it at this instant of the database's clock. */
export type Check = (now: string) => unknown;

export type Claiming = {
  /** Whether what is claimed may change. */
  claims?: boolean;
  /** A fact is not refused for what others have, nor where a resource has been retired or cut since. */
  fact?: boolean;
  /** Overdue holds among the cases have been ended before. */
  settled?: boolean;
  check?: Check | undefined;
  /** Resources (null: the patient) that a case under way can have only with a reason where others have them. */
  needsReason?: readonly (string | null)[] | undefined;
};

/**
 * Locks the cases and, unless their claims stay as they are, claims what they need from now on. Answers the
 * database's clock after the locks, and the number of a case that is new. Nothing has been claimed when it throws.
 * A hold that is overdue is refused whatever else is in the way. `check` is asked before the locks, so that nothing
 * that is refused anyway waits for one or uses up a number, and again after them, because time has passed. A fact, and
 * whatever is done to a case that has begun, claims as much as others have left, and `inWay` tells what they have.
 */
export async function claimFor(
  context: Context,
  changed: CaseChange[],
  { claims = true, fact = false, settled = fact, check = () => {}, needsReason = [] }: Claiming = {},
): Promise<{ now: string; number: number; inWay: InWay[] }> {
  const { tx, request, zone } = context;
  check(context.began);
  const cases = changed.map(({ after }) => after);
  const partly = fact || changed.every(({ after }) => hasBegun(after.state));
  const needed = cases.flatMap((item) =>
    claimsOf(item, zone).map(({ resourceId, ...claimed }) => ({
      case: item.id,
      resource: resourceId,
      ...claimed,
    })),
  );
  const forgotten = addMinutes(context.began, -claimsKeptDays * 24 * 60);
  const asks = needed.filter(({ end }) => end > forgotten);
  const result: ClaimResult = await one(tx, claim, [
    request.siteId,
    cases.map((item) => item.id),
    claims ? JSON.stringify(asks) : null,
    JSON.stringify(cases.flatMap((item) => patientStay(item) ?? [])),
    changed.some(({ before }) => before === null),
    partly,
  ]);
  for (const { before, after } of changed) {
    const version = result.versions[after.id];
    if (before === null && version !== undefined) {
      throw new Refusal('key_reused', 'A case with this id exists already. Make a new key for each request.');
    }
    if (before !== null && version !== before.version) throw new Outdated(`case ${after.id}`);
    if (before !== null && !settled) checkNotOverdue(before, result.at, zone);
  }
  check(result.at);
  context.expired.push(...result.expired);
  // Another time for one of several cases would be no help.
  const wanted = cases.length === 1 ? cases[0] : null;
  if (!partly && (result.inactive.length > 0 || result.in_way.length > 0)) {
    throw new Conflict(result.inactive, result.in_way, context, wanted ?? null);
  }
  const shared = result.in_way.filter(
    ({ resource, claim: other }) =>
      needsReason.includes(resource) && (other === null || other.end > result.at),
  );
  if (partly && shared.length > 0) throw new Conflict([], shared, context, wanted ?? null, true);
  return { now: result.at, number: result.number, inWay: result.in_way };
}
