import type { ChangeBody } from '@slate/shared/changes';
import type { ChangeClosure, CreateClosure } from '@slate/shared/contract/catalogue';
import type { Resource } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import { localDay, minutesBetween, rangeOf } from '@slate/shared/time';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { plannedInstant } from '../../commands/placement.ts';
import {
  closureById,
  closuresDuring,
  deleteClaimsOfClosures,
  deleteClosures,
  insertClaimOfClosure,
  insertClosure,
  lockResourceOfClosure,
  updateClosure,
} from '../../db/closures.sql.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { detachClosure } from '../../db/recurring-closures.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { checkVersionSeen, withChanges, idInUse } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { closureIn } from '../../domain/visibility.ts';
import type { View } from '../../domain/visibility.ts';
import { checkQuantity, freeForClosures, lockToClose } from './close-resource.ts';
import { lockForDecisions } from './decide-cases.ts';
import type { Choice } from './decide-cases.ts';
import { readSettings } from './settings.ts';

/** The closures on some days, in the site's time zone. */
export async function listClosures(
  db: Queryable,
  siteId: string,
  { date, days }: { date: string; days: number },
  view: View,
): Promise<Closure[]> {
  const { timeZone } = await readSettings(db, siteId);
  const { start, end } = localDay(date, timeZone, days);
  const rows = await many(db, closuresDuring, [siteId, start, end]);
  return rows.map(({ closure }) => closureIn(view, closure));
}

/** Closes a resource for a while. Cases in the way are listed, and bumped only if the request names them. */
export const createClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  { resourceId, reason, bump, decisions, ...input }: CreateClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx, zone, actor } = context;
      const { siteId, key } = request;
      const start = plannedInstant(input.start, zone, 'start');
      const end = plannedInstant(input.end, zone, 'end');
      await lockForDecisions(context, [resourceId], { decisions });
      const resource = await lockToClose(tx, siteId, resourceId);
      const quantity = input.quantity ?? resource.capacity;

      const displaced = await freeTime(
        context,
        resource,
        { start, end, quantity, reason },
        { bump, decisions },
      );
      const values = [siteId, key, resourceId, start, end, quantity, reason, actor];
      const created = await maybeOne(tx, insertClosure, values);
      if (!created) throw idInUse('closure');
      await run(tx, insertClaimOfClosure.name, insertClaimOfClosure.text, [siteId, key]);
      const { closure } = created;
      return {
        status: 201,
        body: { closure, bumped: displaced.ids, decided: displaced.decided },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'closure', closure }],
        detail: { closure },
      };
    },
  );

/** Checks the changed closure as if it were new and the old one gone. */
export const changeClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  closureId: string,
  { version, bump, decisions, start, end, ...edits }: ChangeClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx, zone } = context;
      const ids = [request.siteId, closureId];
      const current = await maybeOne(tx, closureById, ids);
      if (current) await lockForDecisions(context, [current.closure.resourceId], { decisions });
      const [locked, found] = await Promise.all([
        maybeOne(tx, lockResourceOfClosure, ids),
        maybeOne(tx, closureById, ids),
      ]);
      if (!locked || !found) throw notFound('closure');
      checkVersionSeen('This closure', found.closure.version, version);
      const after = withChanges(found.closure, {
        ...edits,
        start: start && plannedInstant(start, zone, 'start'),
        end: end && plannedInstant(end, zone, 'end'),
      });

      await run(tx, deleteClaimsOfClosures.name, deleteClaimsOfClosures.text, [request.siteId, [closureId]]);
      const displaced = await freeTime(context, locked.resource, after, {
        bump,
        decisions,
      });
      const values = [...ids, after.start, after.end, after.quantity, after.reason];
      const { closure } = await one(tx, updateClosure, values);
      await run(tx, insertClaimOfClosure.name, insertClaimOfClosure.text, ids);
      const rule = await detach(tx, ids);
      return {
        status: 200,
        body: { closure, bumped: displaced.ids, decided: displaced.decided },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'closure', closure }, ...rule],
        detail: { closure },
      };
    },
  );

export const removeClosure = (deps: CommandDeps, request: CommandRequest, closureId: string) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const ids = [request.siteId, closureId];
      const [, found] = await Promise.all([
        maybeOne(tx, lockResourceOfClosure, ids),
        maybeOne(tx, closureById, ids),
      ]);
      if (!found) throw notFound('closure');
      const rule = await detach(tx, ids);
      await Promise.all([
        run(tx, deleteClaimsOfClosures.name, deleteClaimsOfClosures.text, [request.siteId, [closureId]]),
        run(tx, deleteClosures.name, deleteClosures.text, [request.siteId, [closureId]]),
      ]);
      return {
        status: 200,
        body: { id: closureId },
        changes: [{ type: 'closure_removed', id: closureId }, ...rule],
        detail: { closure: found.closure },
      };
    },
  );

/** The recurring closure from which a closure was laid out skips its date from now on, so that a change by hand stays. */
async function detach(tx: Tx, ids: readonly string[]): Promise<ChangeBody[]> {
  const found = await maybeOne(tx, detachClosure, [...ids]);
  return found ? [{ type: 'recurring_closure', recurring: found.recurring }] : [];
}

const longest = 366;

/**
 * The caller has locked the resource. Closures do not go through `claim`, which compares all claims with each other:
 * that is made for the hours of a case, and a closure may last a year.
 */
function freeTime(
  context: Context,
  resource: Resource,
  { start, end, quantity, reason }: Pick<Closure, 'start' | 'end' | 'quantity' | 'reason'>,
  choice: Choice,
) {
  if (end <= start) throw invalid('end', 'Must be after the start.');
  if (minutesBetween(start, end) > longest * 24 * 60) {
    throw invalid(
      'end',
      `Must be at most ${longest} days after the start. Close it again when that is over.`,
    );
  }
  checkQuantity(quantity, resource);
  const when = rangeOf(start, end, context.zone);
  return freeForClosures(context, resource, { quantity, reason, ranges: [{ start, end }], when }, choice);
}
