import type { ChangeBody } from '@slate/shared/changes';
import type {
  ChangeRecurringClosure,
  ClosureEffect,
  CreateRecurringClosure,
  RecurringClosureEdit,
} from '@slate/shared/contract/recurring-closures';
import type { Actor } from '@slate/shared/fields';
import { closuresOf } from '@slate/shared/recurring-closures';
import type { ClosureRule, RecurringClosure } from '@slate/shared/recurring-closures';
import type { Days } from '@slate/shared/recurrence';
import type { Resource } from '@slate/shared/resources';
import type { Closure } from '@slate/shared/sites';
import { addDays } from '@slate/shared/time';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context, Outcome } from '../../commands/context.ts';
import { inUse } from '../../commands/in-use.ts';
import { createParking } from '../../commands/parking.ts';
import { lockLayOut } from '../../db/block-templates.sql.ts';
import {
  deleteClaimsOfClosures,
  deleteClosures,
  insertClaimOfClosure,
  insertClosure,
  updateClosure,
} from '../../db/closures.sql.ts';
import { finishArguments, finishCommand } from '../../db/commands.sql.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import {
  deleteRecurringClosure,
  insertRecurringClosure,
  laidClosuresOf,
  recurringClosuresOf,
  setRecurring,
  setRecurringLaidUntil,
  sitesToLayOutClosures,
  updateRecurringClosure,
} from '../../db/recurring-closures.sql.ts';
import { lockCasesAndExpireHolds, lockResource, overLimit } from '../../db/resources.sql.ts';
import type { BlockingClaim } from '../../db/resources.sql.ts';
import { siteById } from '../../db/sites.sql.ts';
import { transaction } from '../../db/transaction.ts';
import type { Tx } from '../../db/transaction.ts';
import { checkVersionSeen, idInUse, withChanges } from '../../domain/edit.ts';
import { notFound } from '../../domain/refusal.ts';
import { lockForDecisions } from './decide-cases.ts';
import type { Choice, Displaced } from './decide-cases.ts';
import { checkQuantity, freeForClosures, lockToClose } from './close-resource.ts';
import { datedIdOf, horizon, today } from './lay-out-blocks.ts';
import { readSettings } from './settings.ts';

export async function listRecurringClosures(db: Queryable, siteId: string): Promise<RecurringClosure[]> {
  const { rules } = await one(db, recurringClosuresOf, [siteId]);
  return rules.map(({ recurring }) => recurring);
}

type Dated = { readonly id: string; readonly date: string; readonly start: string; readonly end: string };
/** A closure that a rule makes, the stored one that it replaces, and the claims in its way. */
type Wanted = Dated & { readonly before: Closure | null; readonly inTheWay: readonly BlockingClaim[] };
type Comparison = { readonly wanted: readonly Wanted[]; readonly removed: readonly Closure[] };
type Rule = ClosureRule & { readonly id: string };

/**
 * Compares a rule with its stored closures on some days, and frees the claims of those that change or go. The caller has
 * locked the resource. Closures that have begun stay as they are.
 */
async function compare(
  tx: Tx,
  siteId: string,
  rule: Rule,
  resource: Resource,
  { days, zone, now }: { days: Days; zone: string; now: string },
): Promise<Comparison> {
  const quantity = quantityOf(rule, resource);
  const laid = (await many(tx, laidClosuresOf, [siteId, rule.id, now])).filter(
    ({ date }) => date >= days.from,
  );
  const stored = new Map(laid.map(({ date, closure }) => [date, closure]));
  const due = closuresOf(rule, days, zone).filter(({ start }) => start > now);
  const different = due.flatMap(({ date, start, end }) => {
    const before = stored.get(date) ?? null;
    stored.delete(date);
    const isSame =
      before?.start === start &&
      before.end === end &&
      before.quantity === quantity &&
      before.reason === rule.reason;
    return isSame ? [] : [{ id: before?.id ?? datedIdOf(rule.id, date), date, start, end, before }];
  });
  const removed = [...stored.values()];
  const freed = [...removed, ...different.flatMap(({ before }) => before ?? [])];
  await freeClaims(tx, siteId, freed);
  const wanted = await Promise.all(
    different.map(async (each) => ({
      ...each,
      inTheWay: await many(tx, overLimit, [
        siteId,
        resource.id,
        each.start,
        each.end,
        resource.capacity - quantity,
        true,
        [],
        0,
        0,
      ]),
    })),
  );
  return { wanted, removed };
}

const freeClaims = (tx: Tx, siteId: string, closures: readonly Closure[]) =>
  run(tx, deleteClaimsOfClosures.name, deleteClaimsOfClosures.text, [siteId, closures.map(({ id }) => id)]);

const remove = (tx: Tx, siteId: string, closures: readonly Closure[]) =>
  run(tx, deleteClosures.name, deleteClosures.text, [siteId, closures.map(({ id }) => id)]);

const quantityOf = ({ quantity }: ClosureRule, { capacity }: Resource) => quantity ?? capacity;

/** Writes the closures of a comparison. Their time is free. */
async function write(
  tx: Tx,
  siteId: string,
  rule: Rule,
  resource: Resource,
  by: Actor,
  { wanted, removed }: Comparison,
): Promise<ChangeBody[]> {
  await remove(tx, siteId, removed);
  const quantity = quantityOf(rule, resource);
  const written = await Promise.all(
    wanted.map(async ({ id, date, start, end, before }): Promise<ChangeBody> => {
      const [{ closure }] = await Promise.all([
        before
          ? one(tx, updateClosure, [siteId, id, start, end, quantity, rule.reason])
          : one(tx, insertClosure, [siteId, id, resource.id, start, end, quantity, rule.reason, by]),
        run(tx, setRecurring.name, setRecurring.text, [siteId, id, rule.id, date]),
        run(tx, insertClaimOfClosure.name, insertClaimOfClosure.text, [siteId, id]),
      ]);
      return { type: 'closure', closure };
    }),
  );
  return [...removed.map(({ id }): ChangeBody => ({ type: 'closure_removed', id })), ...written];
}

async function lockToCloseBy(
  rule: ClosureRule,
  tx: Tx,
  siteId: string,
  resourceId: string,
): Promise<Resource> {
  const resource = await lockToClose(tx, siteId, resourceId);
  checkQuantity(quantityOf(rule, resource), resource);
  return resource;
}

/**
 * Lays a rule out from today on: expires overdue holds, carries out the decisions about the cases in the way, and writes the
 * closures. The caller has locked the resource.
 */
async function layOutFromToday(
  context: Context,
  rule: Rule,
  resource: Resource,
  { now, until }: { now: string; until: string },
  choice: Choice,
): Promise<{ displaced: Displaced; closures: ChangeBody[] }> {
  const { tx, request, zone, actor } = context;
  const { siteId } = request;
  const { expired } = await one(tx, lockCasesAndExpireHolds, [siteId, resource.id, []]);
  context.expired.push(...expired);
  const days = { from: today(now, zone), until };
  const comparison = await compare(tx, siteId, rule, resource, { days, zone, now });
  const displaced = await freeForClosures(
    context,
    resource,
    {
      quantity: quantityOf(rule, resource),
      reason: rule.reason,
      ranges: comparison.wanted,
      when: 'at these times',
    },
    choice,
  );
  const closures = await write(tx, siteId, rule, resource, actor, comparison);
  return { displaced, closures };
}

const lock = (tx: Tx, siteId: string) => run(tx, lockLayOut.name, lockLayOut.text, [siteId]);

export const createRecurringClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  { resourceId, bump, decisions, ...rule }: CreateRecurringClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context): Promise<Outcome> => {
      const { tx, actor, zone, settings } = context;
      const { siteId, key: id } = request;
      await lock(tx, siteId);
      await lockForDecisions(context, [resourceId], { decisions });
      const resource = await lockToCloseBy(rule, tx, siteId, resourceId);
      const { now } = await one(tx, recurringClosuresOf, [siteId]);
      const until = horizon(now, zone, settings);
      const { recurrence, start, end, quantity, reason, skipped } = rule;
      const values = [
        siteId,
        id,
        resourceId,
        recurrence,
        start,
        end,
        quantity,
        reason,
        skipped,
        actor,
        until,
      ];
      const created = await maybeOne(tx, insertRecurringClosure, values);
      if (!created) throw idInUse('recurring closure');
      const { recurring } = created;
      const laid = await layOutFromToday(context, recurring, resource, { now, until }, { bump, decisions });
      return saved(201, recurring, laid);
    },
  );

const saved = (
  status: number,
  recurring: RecurringClosure,
  { displaced, closures }: { displaced: Displaced; closures: ChangeBody[] },
): Outcome => ({
  status,
  body: { recurringClosure: recurring, bumped: displaced.ids, decided: displaced.decided },
  cases: displaced.cases,
  changes: [...displaced.changes, ...closures, { type: 'recurring_closure', recurring }],
  detail: { recurring, closures: closures.length },
});

/** Reads a rule after its resource is locked: a closure that is changed by hand changes its rule under that lock. */
async function lockedRule(context: Context, id: string, choice: Choice = {}) {
  const { tx } = context;
  const { siteId } = context.request;
  await lock(tx, siteId);
  const read = async () => {
    const { rules, now } = await one(tx, recurringClosuresOf, [siteId]);
    const found = rules.find(({ recurring }) => recurring.id === id);
    if (!found) throw notFound('recurring closure');
    return { ...found, now };
  };
  const { recurring } = await read();
  await lockForDecisions(context, [recurring.resourceId], choice);
  await maybeOne(tx, lockResource, [siteId, recurring.resourceId]);
  return read();
}

export const changeRecurringClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  id: string,
  { version, bump, decisions, ...edits }: ChangeRecurringClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context): Promise<Outcome> => {
      const { tx, zone, settings } = context;
      const { siteId } = request;
      const { recurring: before, until: laidUntil, now } = await lockedRule(context, id, { decisions });
      checkVersionSeen('This recurring closure', before.version, version);
      const rule = withChanges<ClosureRule>(before, edits);
      const resource = await lockToCloseBy(rule, tx, siteId, before.resourceId);
      const target = horizon(now, zone, settings);
      const until = laidUntil > target ? laidUntil : target;
      const laid = await layOutFromToday(
        context,
        { ...rule, id },
        resource,
        { now, until },
        { bump, decisions },
      );
      const { recurrence, start, end, quantity, reason, skipped } = rule;
      const values = [siteId, id, recurrence, start, end, quantity, reason, skipped, until];
      const { recurring } = await one(tx, updateRecurringClosure, values);
      return saved(200, recurring, laid);
    },
  );

export const removeRecurringClosure = (deps: CommandDeps, request: CommandRequest, id: string) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context): Promise<Outcome> => {
      const { tx } = context;
      const { siteId } = request;
      const { recurring, now } = await lockedRule(context, id);
      const laid = (await many(tx, laidClosuresOf, [siteId, id, now])).map(({ closure }) => closure);
      await freeClaims(tx, siteId, laid);
      await remove(tx, siteId, laid);
      await run(tx, deleteRecurringClosure.name, deleteRecurringClosure.text, [siteId, id]);
      return {
        status: 200,
        body: { id },
        changes: [
          ...laid.map((closure) => ({ type: 'closure_removed', id: closure.id }) as const),
          { type: 'removed', of: 'recurring_closure', id },
        ],
        detail: { recurring, closures: laid.length },
      };
    },
  );

/** Thrown to roll back a transaction that only looked. */
class Previewed extends Error {
  readonly effect: ClosureEffect;
  constructor(effect: ClosureEffect) {
    super('Rolled back after a preview.');
    this.effect = effect;
  }
}

/** Compares as the command would, in a transaction that is rolled back. */
export async function previewRecurringClosure(
  { pool }: CommandDeps,
  siteId: string,
  { id, resourceId, ...rule }: RecurringClosureEdit,
): Promise<ClosureEffect> {
  const { timeZone: zone, settings } = await readSettings(pool, siteId);
  const previewed = await transaction(pool, async (tx): Promise<{ last: Promise<never> }> => {
    await lock(tx, siteId);
    const resource = await lockToCloseBy(rule, tx, siteId, resourceId);
    const { now } = await one(tx, recurringClosuresOf, [siteId]);
    await one(tx, lockCasesAndExpireHolds, [siteId, resourceId, []]);
    const days = { from: today(now, zone), until: horizon(now, zone, settings) };
    // An unused id for a rule that does not exist yet.
    const ruleId = id ?? '00000000-0000-4000-8000-000000000000';
    const comparison = await compare(tx, siteId, { ...rule, id: ruleId }, resource, { days, zone, now });
    throw new Previewed(effectOf(comparison));
  }).catch((error: unknown) => {
    if (error instanceof Previewed) return error;
    throw error;
  });
  return previewed.effect;
}

function effectOf({ wanted, removed }: Comparison): ClosureEffect {
  const range = ({ start, end }: Dated) => ({ start, end });
  return {
    created: wanted.filter(({ before }) => !before).map(range),
    changed: wanted.flatMap((each) => (each.before ? [{ before: each.before, after: range(each) }] : [])),
    removed: [...removed],
    cases: wanted.flatMap(({ inTheWay }) =>
      inTheWay.flatMap(({ case: item }) =>
        item?.roomId && item.start && item.end
          ? [{ caseId: item.id, number: item.number, roomId: item.roomId, start: item.start, end: item.end }]
          : [],
      ),
    ),
  };
}

/**
 * Lays out the recurring closures of every site. A closure over something that was planned first waits: its rule goes on
 * from there when the time is free, and it is reported until then.
 */
export async function layOutClosures(deps: CommandDeps, parking = createParking()): Promise<void> {
  for (const { site_id: siteId } of await many(deps.pool, sitesToLayOutClosures)) {
    const waiting = await parking.attempt(siteId, () => layOutAt(deps, siteId));
    for (const { id, sentence } of waiting ?? []) {
      await parking.attempt(id, () => Promise.reject(new Error(sentence)));
    }
  }
}

type Waiting = { id: string; sentence: string };

async function layOutAt({ pool, publish }: CommandDeps, siteId: string): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  const count = await transaction(pool, async (tx) => {
    waiting.length = 0;
    await lock(tx, siteId);
    const { site } = await one(tx, siteById, [siteId]);
    const { timeZone: zone, settings } = site;
    const { now, rules } = await one(tx, recurringClosuresOf, [siteId]);
    const [first, until] = [today(now, zone), horizon(now, zone, settings)];
    const changes: ChangeBody[] = [];
    const late = rules.filter((each) => each.until < until);
    // Always in this order, so that nobody waits in a circle.
    for (const { recurring, until: laidUntil } of late.toSorted((a, b) =>
      a.recurring.resourceId < b.recurring.resourceId ? -1 : 1,
    )) {
      const { resource } = await one(tx, lockResource, [siteId, recurring.resourceId]);
      const days = { from: laidUntil < first ? first : addDays(laidUntil, 1), until };
      const { wanted } = await compare(tx, siteId, recurring, resource, { days, zone, now });
      const stop = wanted.find(({ inTheWay }) => inTheWay.length > 0);
      const fitting = stop ? wanted.slice(0, wanted.indexOf(stop)) : wanted;
      const by = recurring.createdBy;
      changes.push(...(await write(tx, siteId, recurring, resource, by, { wanted: fitting, removed: [] })));
      const laidTo = stop ? addDays(stop.date, -1) : until;
      await run(tx, setRecurringLaidUntil.name, setRecurringLaidUntil.text, [siteId, recurring.id, laidTo]);
      if (stop) {
        const { message } = inUse(`${resource.name} can’t be closed`, stop.inTheWay, zone);
        waiting.push({ id: recurring.id, sentence: message });
      }
    }
    if (changes.length === 0) return { last: Promise.resolve(0) };
    const result = {
      actor: null,
      key: null,
      cases: [],
      changes,
      action: 'layOutClosures',
      detail: { until, closures: changes.length },
      reply: null,
    };
    const finished = one(tx, finishCommand, finishArguments(siteId, result));
    return { last: finished.then(() => changes.length) };
  });
  if (count > 0) publish({ kind: 'site', siteId });
  return waiting;
}
