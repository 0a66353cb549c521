import { hasBegun } from '@slate/shared/case-state';
import { claimsOf, patientStay } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import type { Actor } from '@slate/shared/fields';
import { scopeOf } from '@slate/shared/permissions';
import { addMinutes } from '@slate/shared/time';
import type { Action, Role } from '@slate/shared/permissions';
import type { SiteSettings } from '@slate/shared/sites';
import { claimsKeptDays } from '../db/claims.sql.ts';
import { beginCommand, claim, finishCommand, finishArguments, keepRefusal } from '../db/commands.sql.ts';
import type { CommandStart, ClaimResult, InWay, StoredReply } from '../db/commands.sql.ts';
import { isLockTimeout, isTooManyHolds, Outdated } from '../db/failures.ts';
import type { Database } from '../db/pool.ts';
import { maybeOne, one } from '../db/query.ts';
import { shape, upgraded } from '../db/stored/shape.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import type { Notification } from '../db/wake-ups.ts';
import { checkNotOverdue } from '../domain/overdue.ts';
import { notFound, Refusal } from '../domain/refusal.ts';
import { seesAsMuch, viewOf } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import { explainConflict } from './explain-conflict.ts';
import { Conflict } from './conflict.ts';

export type CommandDeps = {
  readonly pool: Database;
  /** Called after the commit. */
  readonly publish: (notification: Notification) => void;
};

export type CommandRequest = {
  readonly siteId: string;
  readonly userId: string;
  /** Made by the client: the same key is the same command, and the id of what the command creates. */
  readonly key: string;
  /** What the key stands for; another request under the same key is refused. */
  readonly fingerprint: Buffer;
  /** What is being done, in the words of the contract. */
  readonly name: string;
};

export type CommandReply = { status: number; body: Record<string, unknown>; replayed: boolean };

/** Where a command stands: its transaction, its site, and what the caller may do there. */
export type Context = {
  readonly tx: Tx;
  readonly request: CommandRequest;
  readonly zone: string;
  readonly settings: SiteSettings;
  /** The database's clock when the command began, before its locks. */
  readonly began: string;
  readonly actor: Actor;
  readonly role: Role;
  readonly surgeonIds: readonly string[];
  /** Holds that were overdue and in the way, and ended in this transaction. */
  readonly expired: Case[];
};

export type Outcome = {
  status: number;
  body: Record<string, unknown>;
  cases?: Case[];
  changes: ChangeBody[];
  /** For the audit, beside the cases: never who the patient is. */
  detail?: Record<string, unknown>;
  /** What to publish after the commit, besides the change of the site. */
  notifications?: Notification[];
};

/**
 * Does a command exactly once, in one transaction of three or four trips: begin with the facts, claim,
 * finish with commit. A refusal rolls everything back; only then is it explained, so that no lock is held
 * while alternatives are looked for, and kept as the answer to this key.
 */
export async function runCommand<Facts>(
  deps: CommandDeps,
  request: CommandRequest,
  action: Action,
  facts: (tx: Tx) => Promise<Facts>,
  decide: (context: Context, facts: Facts) => Promise<Outcome>,
  /** Throws if it is not the caller's own case: `decide` asks it too, but is not asked before a replay. */
  checkOwn: (context: Context, facts: Facts) => unknown = () => {},
): Promise<CommandReply> {
  const notifications: Notification[] = [];
  let caller: CommandStart | undefined;
  try {
    const reply = await transaction(deps.pool, async (tx) => {
      notifications.length = 0;
      const beginning = inTurn(maybeOne(tx, beginCommand, keyOf(request)));
      const [began, known] = await Promise.allSettled([beginning, facts(tx)]);
      if (began.status === 'rejected') throw began.reason;
      caller = began.value;
      if (!caller) throw notFound('site');
      if (scopeOf(caller.role, action) === 'none') throw forbidden(caller.role);
      if (known.status === 'rejected') throw known.reason;

      const context = contextOf(tx, request, caller);
      if (caller.stored_fingerprint) {
        const replay = replayOf(caller, request, caller);
        checkOwn(context, known.value);
        return { last: Promise.resolve(replay) };
      }
      const outcome = await decide(context, known.value);
      notifications.push({ kind: 'site', siteId: request.siteId }, ...(outcome.notifications ?? []));
      return { last: finish(context, outcome) };
    });
    for (const notification of notifications) deps.publish(notification);
    return reply;
  } catch (error) {
    // Of strangers nothing is kept, and what has an answer keeps it.
    if (!(error instanceof Refusal) || !caller || caller.stored_fingerprint || !isKept(error)) throw error;
    const refusal =
      error instanceof Conflict ? await explainConflict(deps.pool, request.siteId, error) : error;
    const body = {
      code: refusal.code,
      detail: refusal.message,
      ...refusal.parts,
      seenAs: viewOfCaller(caller, request),
    };
    const known = await inTurn(one(deps.pool, keepRefusal, [...keyOf(request), refusal.status, body, shape]));
    if (known.kept) throw refusal;
    return replayOf(known, request, caller);
  }
}

const viewOfCaller = ({ role, surgeon_ids }: CommandStart, { userId }: CommandRequest): View =>
  viewOf(role, userId, surgeon_ids);

const keyOf = (request: CommandRequest) => [request.siteId, request.userId, request.key, request.fingerprint];

/** Waits for whoever is at the same key now, but not for long. */
async function inTurn<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new Refusal('in_progress', 'This request is still in progress. Try again in a moment.', {
      retryAfter: 1,
    });
  }
}

function replayOf(known: StoredReply, request: CommandRequest, caller: CommandStart): CommandReply {
  if (!known.stored_fingerprint?.equals(request.fingerprint)) {
    throw new Refusal(
      'key_reused',
      'This Idempotency-Key was used for another request. Make a new key for each one.',
    );
  }
  const { stored_status: status, stored_body: stored, stored_shape: from } = known;
  if (status === null || !stored || from === null) throw new Outdated('A command without its reply');
  const { seenAs, ...body } = upgraded(stored, from);
  const isSeen = !seenAs || seesAsMuch(viewOfCaller(caller, request), seenAs as View);
  return { status, body: isSeen ? body : withoutBlockers(body), replayed: true };
}

/** What was in the way may be a case that the caller does not see any more. */
const withoutBlockers = ({ code, detail, blockers, errors }: Record<string, unknown>) => ({
  code,
  detail: blockers ? 'Something else was in the way. Try again to see what is in the way now.' : detail,
  ...(errors !== undefined && { errors }),
});

const contextOf = (tx: Tx, request: CommandRequest, caller: CommandStart): Context => ({
  tx,
  request,
  zone: caller.time_zone,
  settings: caller.settings,
  began: caller.at,
  actor: { id: request.userId, name: caller.name },
  role: caller.role,
  surgeonIds: caller.surgeon_ids,
  expired: [],
});

/** What may change from one asking to the next is never kept: who may, how often, whether it could be done. */
const isKept = (refusal: Refusal) =>
  refusal.code !== 'key_reused' &&
  refusal.code !== 'in_progress' &&
  ![401, 403, 429].includes(refusal.status) &&
  refusal.status < 500;

export const forbidden = (role: Role) =>
  new Refusal('forbidden', `Your role here (${role}) doesn’t allow this. Your administrator can change it.`);

async function finish(context: Context, outcome: Outcome): Promise<CommandReply> {
  const { tx, request, actor } = context;
  const changes: ChangeBody[] = [
    ...context.expired.map((item) => ({ type: 'case', cause: 'expired', case: item }) as const),
    ...outcome.changes,
  ];
  const { status, body, cases = [], detail } = outcome;
  const done = finishArguments(request.siteId, {
    actor,
    key: request.key,
    cases,
    changes,
    action: request.name,
    detail: { ...detail, cases: changes.flatMap(auditOf) },
    reply: { status, body },
  });
  const { revision } = await one(tx, finishCommand, done).catch((error: unknown) => {
    throw isTooManyHolds(error) ? tooManyHolds(context) : error;
  });
  return { status, body: { ...body, revision }, replayed: false };
}

const tooManyHolds = ({ settings: { holdsPerPerson: most } }: Context) =>
  new Refusal(
    'in_use',
    `You already have ${most === 1 ? '1 hold' : `${most} holds`}, the most one person can have. ` +
      'Book or release one first.',
  );

const auditOf = (body: ChangeBody) =>
  body.type === 'case'
    ? [
        {
          id: body.case.id,
          number: body.case.number,
          cause: body.cause,
          version: body.case.version,
          state: body.case.state,
          roomId: body.case.roomId,
          start: body.case.start,
          end: body.case.end,
          reason: body.case.reason ?? body.case.overrideReason,
        },
      ]
    : [];

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
  { claims = true, fact = false, settled = fact, check = () => {} }: Claiming = {},
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
  if (!partly && (result.inactive.length > 0 || result.in_way.length > 0)) {
    throw new Conflict(result.inactive, result.in_way, context, cases[0] ?? null);
  }
  return { now: result.at, number: result.number, inWay: result.in_way };
}
