import type { ChangeBody } from '@slate/shared/changes';
import { scopeOf } from '@slate/shared/permissions';
import type { Action, Role } from '@slate/shared/permissions';
import { beginCommand, finishCommand, finishArguments, storeRefusal } from '../db/commands.sql.ts';
import type { CommandStart, StoredReply } from '../db/commands.sql.ts';
import { isLockTimeout, isTooManyHolds, Outdated } from '../db/failures.ts';
import { maybeOne, one } from '../db/query.ts';
import { shape, upgradeStored } from '../db/stored/shape.ts';
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
 * Runs a command exactly once, in one transaction of three or four round trips: begin and load facts, claim, finish
 * and commit. A refusal rolls everything back. It is explained after that, so that no lock is held while alternatives
 * are searched, and stored as the reply for its key.
 */
export async function runCommand<Facts>(
  deps: CommandDeps,
  request: CommandRequest,
  action: Action,
  facts: (tx: Tx) => Promise<Facts>,
  decide: (context: Context, facts: Facts) => Promise<Outcome>,
  /** Throws if the case is not the caller's own. `decide` checks this too, but does not run for a replay. */
  checkOwn: (context: Context, facts: Facts) => unknown = () => {},
): Promise<CommandReply> {
  const notifications: Notification[] = [];
  let caller: CommandStart | undefined;
  try {
    const reply = await transaction(deps.pool, async (tx) => {
      notifications.length = 0;
      const start = waitForKey(maybeOne(tx, beginCommand, keyOf(request)));
      const [started, loaded] = await Promise.allSettled([start, facts(tx)]);
      if (started.status === 'rejected') throw started.reason;
      caller = started.value;
      if (!caller) throw notFound('site');
      if (scopeOf(caller.role, action) === 'none') throw forbidden(caller.role);
      const position = positionAfter(request, caller);
      if (loaded.status === 'rejected') throw loaded.reason;

      const context = contextOf(tx, request, caller);
      if (caller.stored_fingerprint) {
        const replay = replayOf(caller, request, caller);
        checkOwn(context, loaded.value);
        return { last: Promise.resolve({ ...replay, position }) };
      }
      const decided = await decide(context, loaded.value);
      const { preview, andThen } = request;
      if (preview) {
        await preview(context);
        throw new Previewed();
      }
      const outcome = andThen ? await andThen(context, decided) : decided;
      notifications.push({ kind: 'site', siteId: request.siteId }, ...(outcome.notifications ?? []));
      return { last: finish(context, outcome).then((result) => ({ ...result, position })) };
    });
    for (const notification of notifications) deps.publish(notification);
    return reply;
  } catch (error) {
    if (error instanceof Refusal && caller) error.position = usedBefore(request, caller);
    const refusal =
      error instanceof Conflict ? await explainConflict(deps.pool, request.siteId, error) : error;
    // Don't store refusals for non-members, replays or previews.
    if (!(refusal instanceof Refusal) || !caller || caller.stored_fingerprint || request.preview)
      throw refusal;
    if (!isStored(refusal)) throw refusal;
    const body = {
      code: refusal.code,
      detail: refusal.message,
      ...refusal.parts,
      seenAs: viewOfCaller(caller, request),
    };
    const stored = await waitForKey(
      one(deps.pool, storeRefusal, [...keyOf(request), refusal.status, body, shape]),
    );
    const position = positionAfter(request, stored);
    if (!stored.is_new) return { ...replayOf(stored, request, caller), position };
    refusal.position = position;
    throw refusal;
  }
}

/** Thrown at the end of a preview, so that nothing of it is stored. */
class Previewed extends Error {}

/** Runs a command as a preview. `run` must pass the preview on in its request. */
export async function runPreview(run: () => Promise<CommandReply>): Promise<void> {
  await run().catch((error: unknown) => {
    if (!(error instanceof Previewed)) throw error;
  });
}

const viewOfCaller = ({ role, surgeon_ids }: CommandStart, { userId }: CommandRequest): View =>
  viewOf(role, userId, surgeon_ids);

const keyOf = ({ siteId, userId, key, fingerprint, queued }: CommandRequest) => [
  siteId,
  userId,
  key,
  fingerprint,
  queued?.device ?? null,
  queued?.n ?? null,
];

/** The position of the device, if an earlier command has already used this command's position. */
const usedBefore = ({ queued }: CommandRequest, { position }: StoredReply) =>
  queued && position !== null && queued.n <= position ? position : undefined;

/**
 * The position of the device after a queued command. Throws unless the command is the next one in its queue, or is sent
 * again.
 */
function positionAfter(request: CommandRequest, reply: StoredReply): number | undefined {
  const { queued } = request;
  const { position, stored_fingerprint } = reply;
  if (!queued) return undefined;
  if (position === null) throw deviceRetired();
  if (queued.n === position + 1) return queued.n;
  if (queued.n <= position && stored_fingerprint) return position;
  const gap = new Refusal(
    'queue_gap',
    `The next position of this device is ${position + 1}, not ${queued.n}. ` +
      'This request was not executed now. The board shows whether it was before.',
  );
  gap.position = usedBefore(request, reply);
  throw gap;
}

/** Waits, for a short time, for another request with the same key. */
async function waitForKey<Result>(query: Promise<Result>): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new Refusal('in_progress', 'This request is still in progress. Try again in a moment.', {
      retryAfter: 1,
    });
  }
}

function replayOf(reply: StoredReply, request: CommandRequest, caller: CommandStart): CommandReply {
  if (!reply.stored_fingerprint?.equals(request.fingerprint)) {
    throw new Refusal(
      'key_reused',
      'This Idempotency-Key was used for another request. Make a new key for each one.',
    );
  }
  const { stored_status: status, stored_body: stored, stored_shape: from } = reply;
  if (status === null || !stored || from === null) throw new Outdated('A command without its reply');
  const { seenAs, ...body } = upgradeStored(stored, from);
  const isSeen = !seenAs || seesAsMuch(viewOfCaller(caller, request), seenAs as View);
  return { status, body: isSeen ? body : withoutBlockers(body), replayed: true };
}

/** The caller may no longer see the case that was in the way. */
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
  inTheWay: [],
});

/** Never store refusals whose cause may change on retry: permissions, limits, outages. */
const isStored = (refusal: Refusal) =>
  refusal.code !== 'key_reused' &&
  refusal.code !== 'in_progress' &&
  refusal.code !== 'queue_gap' &&
  refusal.code !== 'device_retired' &&
  ![401, 403, 429].includes(refusal.status) &&
  refusal.status < 500;

/** Also for a device of another person: the caller is not told that it exists. */
export const deviceRetired = () =>
  new Refusal(
    'device_retired',
    'This device isn’t in use here any more, so nothing was done. Ask your administrator what happened to it.',
  );

export const forbidden = (role: Role) =>
  new Refusal('forbidden', `Your role here (${role}) doesn’t allow this. Your administrator can change it.`);

async function finish(context: Context, outcome: Outcome): Promise<CommandReply> {
  const { tx, request, actor } = context;
  const changes: ChangeBody[] = [
    ...context.expired.map((item) => ({ type: 'case', cause: 'expired', case: item }) as const),
    ...outcome.changes,
  ];
  const { status, body, cases = [], detail } = outcome;
  const values = finishArguments(request.siteId, {
    actor,
    key: request.key,
    cases,
    changes,
    action: request.name,
    detail: { ...detail, cases: changes.flatMap(auditOf), queued: request.queued },
    reply: { status, body },
  });
  const { revision } = await one(tx, finishCommand, values).catch((error: unknown) => {
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

/** The detail of a change in the audit: never anything about the patient. */
export const auditOf = (body: ChangeBody) =>
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
