import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, patientStay } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { Alternative } from '@slate/shared/errors';
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

/** For a command on many cases: the one that the refusal is about. */
type OneOfMany = {
  readonly number: number;
  /** The field of the request that names its place. */
  readonly field: string;
  /** The command takes this place itself, so it is no alternative. */
  readonly takes: (place: Alternative) => boolean;
};

/** Something is in the way of the command. The details and the alternatives are loaded after the rollback. */
export class Conflict extends Refusal {
  readonly inactive: readonly string[];
  readonly inWay: readonly InWay[];
  readonly requested: Case | null;
  /** The requested case as it is; null for a new one. */
  readonly before: Case | null;
  /** The command is possible with a reason. */
  readonly isCaution: boolean;
  readonly zone: string;
  /** The caller may see only the cases of this user and these surgeons; null: all cases. */
  readonly own: { userId: string; surgeonIds: readonly string[] } | null;
  readonly oneOfMany: OneOfMany | null;

  constructor(
    inactive: readonly string[],
    inWay: readonly InWay[],
    context: Context,
    requested: CaseChange | null,
    { isCaution = false, oneOfMany = null }: { isCaution?: boolean; oneOfMany?: OneOfMany | null } = {},
  ) {
    // A patient or a resource of capacity 1 is taken; a pool runs out.
    const taken = inWay.some(({ resource, capacity }) => resource === null || capacity === 1);
    const code = inactive.length > 0 ? 'resource_inactive' : taken ? 'slot_taken' : 'pool_exhausted';
    super(isCaution ? 'validation' : code, 'Something else is in the way.');
    this.isCaution = isCaution;
    this.oneOfMany = oneOfMany;
    this.inactive = inactive;
    this.inWay = inWay;
    this.requested = requested?.after ?? null;
    this.before = requested?.before ?? null;
    this.zone = context.zone;
    this.own =
      scopeOf(context.role, 'cases.read') === 'any'
        ? null
        : { userId: context.request.userId, surgeonIds: context.surgeonIds };
  }

  /** Whether this case would not get its claims. */
  concerns(item: Case): boolean {
    return (
      this.inWay.some((each) => each.for === item.id) ||
      claimsOf(item, this.zone).some(({ resourceId }) => this.inactive.includes(resourceId))
    );
  }
}

/** A case before (null for a new one) and after a command. */
export type CaseChange = { before: Case | null; after: Case };

/** Throws if the rules forbid the command at this time of the database's clock. */
export type Check = (now: string) => unknown;

export type ClaimOptions = {
  /** Whether the claims may change. */
  claims?: boolean;
  /** A fact claims only the free parts, so claims of others and retired or reduced resources never cause a refusal. */
  fact?: boolean;
  /** The command has already ended overdue holds among its cases. */
  settled?: boolean;
  check?: Check | undefined;
  /** Resources (null: the patient) that a case in progress gets only with a reason, if others have them or if retired. */
  needsReason?: readonly (string | null)[] | undefined;
};

/**
 * Locks the cases, expires overdue holds in the way and, if the claims may change, claims what the cases need.
 * Returns the database's clock after the locks, and the number of a new case. When it throws, nothing has been
 * claimed. An overdue hold among the cases is refused before anything else. `check` runs before the locks, so that a
 * refused command waits for no lock and uses up no case number, and again after them, because time has passed. A
 * fact, and any command on a case that has begun, claims the free parts; `inWay` lists the rest.
 */
export async function claimFor(
  context: Context,
  changed: CaseChange[],
  { claims = true, fact = false, settled = fact, check = () => {}, needsReason = [] }: ClaimOptions = {},
): Promise<{ now: string; number: number; inWay: InWay[] }> {
  const { tx, request, zone } = context;
  check(context.began);
  const cases = changed.map(({ after }) => after);
  const partly = fact || changed.every(({ after }) => hasBegun(after.state));
  const allClaims = cases.flatMap((item) =>
    claimsOf(item, zone).map(({ resourceId, ...claimed }) => ({
      case: item.id,
      resource: resourceId,
      ...claimed,
    })),
  );
  const cutoff = addMinutes(context.began, -claimsKeptDays * 24 * 60);
  const requestedClaims = allClaims.filter(({ end }) => end > cutoff);
  const result: ClaimResult = await one(tx, claim, [
    request.siteId,
    cases.map((item) => item.id),
    claims ? JSON.stringify(requestedClaims) : null,
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
  // Alternatives for one of several cases would not help.
  const [requested = null] = changed.length === 1 ? changed : [];
  if (!partly && (result.inactive.length > 0 || result.in_way.length > 0)) {
    throw new Conflict(result.inactive, result.in_way, context, requested);
  }
  const takenByOthers = result.in_way.filter(
    ({ resource, claim: other }) =>
      needsReason.includes(resource) && (other === null || other.end > result.at),
  );
  const retired = result.inactive.filter((id) => needsReason.includes(id));
  if (partly && takenByOthers.length + retired.length > 0)
    throw new Conflict(retired, takenByOthers, context, requested, { isCaution: true });
  return { now: result.at, number: result.number, inWay: result.in_way };
}
