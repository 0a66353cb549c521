import type { ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Action, Role } from '@slate/shared/permissions';
import { beginCommand, finishCommand, finishArguments, keepRefusal } from '../db/commands.sql.ts';
import type { CommandStart, StoredReply } from '../db/commands.sql.ts';
import { isLockTimeout, isTooManyHolds, Outdated } from '../db/failures.ts';
import { maybeOne, one } from '../db/query.ts';
import { shape, upgraded } from '../db/stored/shape.ts';
import { transaction } from '../db/transaction.ts';
import type { Tx } from '../db/transaction.ts';
import type { Notification } from '../db/wake-ups.ts';
import { notFound, Refusal } from '../domain/refusal.ts';
import { seesAsMuch, viewOf } from '../domain/visibility.ts';
import type { View } from '../domain/visibility.ts';
import { Conflict } from './claim.ts';
import type { CommandDeps, CommandReply, CommandRequest, Context, Outcome } from './context.ts';
import { explainConflict } from './explain-conflict.ts';

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
