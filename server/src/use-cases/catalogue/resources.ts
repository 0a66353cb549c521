import { isPlaced } from '@slate/shared/cases';
import type { ChangeResource, CreateResource } from '@slate/shared/contract/catalogue';
import { handlingOf, isSingular } from '@slate/shared/resources';
import type { Handling, Resource, ResourceKind } from '@slate/shared/resources';
import { afterHours } from '@slate/shared/rules';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context, InTheWay } from '../../commands/context.ts';
import { affects } from '../../commands/in-use.ts';
import { bookedCasesOf } from '../../db/cases.sql.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import {
  changeHandling,
  insertResource,
  lockResource,
  makeExclusive,
  makeShared,
  resourcesOf,
  updateResource,
} from '../../db/resources.sql.ts';
import { checkVersionSeen, withChanges, idInUse } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { decideCases, lockForDecisions } from './decide-cases.ts';
import type { Choice, Displaced } from './decide-cases.ts';
import { freeCapacity } from './free-capacity.ts';
import type { Reduction } from './free-capacity.ts';

/** All rooms, surgeons, equipment, beds and lists of a site, including retired ones. */
export async function listResources(
  db: Queryable,
  siteId: string,
  { kind }: { kind?: ResourceKind | undefined },
): Promise<Resource[]> {
  const rows = await many(db, resourcesOf, [siteId, kind ?? null]);
  return rows.map(({ resource }) => resource);
}

export const createResource = (deps: CommandDeps, request: CommandRequest, input: CreateResource) =>
  runCommand(
    deps,
    request,
    'resource.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      checkCapacity(input.kind, input.capacity);
      const { siteId, key } = request;
      const { kind, name, capacity, attributes } = input;
      const created = await maybeOne(tx, insertResource, [siteId, key, kind, name, capacity, attributes]);
      if (!created) throw idInUse('resource');
      const { resource } = created;
      return {
        status: 201,
        body: { resource },
        changes: [{ type: 'resource', resource }],
        detail: { resource },
      };
    },
  );

function checkCapacity(kind: ResourceKind, capacity: number) {
  if (capacity === 1 || !isSingular(kind)) return;
  throw invalid(
    'capacity',
    `A ${kind} is in one place at a time: the capacity of each is 1. Add another ${kind}.`,
  );
}

/** Renames, resizes, retires or restores a resource; never below what is claimed of it from now on. */
export const changeResource = (
  deps: CommandDeps,
  request: CommandRequest,
  resourceId: string,
  { version, bump, decisions, ...edits }: ChangeResource,
) =>
  runCommand(
    deps,
    request,
    'resource.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx } = context;
      const choice = { bump, decisions };
      await lockForDecisions(context, [resourceId], choice);
      const found = await maybeOne(tx, lockResource, [request.siteId, resourceId]);
      if (!found) throw notFound('resource');
      const before = found.resource;
      checkVersionSeen(before.name, before.version, version);
      const after = withChanges(before, edits);
      checkCapacity(after.kind, after.capacity);

      const freed = await freeCapacityFor(context, before, after, choice);
      if ((before.capacity === 1) !== (after.capacity === 1)) {
        const { name, text } = after.capacity === 1 ? makeExclusive : makeShared;
        await run(tx, name, text, [request.siteId, resourceId]);
      }
      const { name, capacity, active, attributes } = after;
      const { resource } = await one(tx, updateResource, [
        request.siteId,
        resourceId,
        name,
        capacity,
        active,
        attributes,
      ]);
      const by = handlingChange(before, after);
      if (by.transportMinutes !== 0 || by.reprocessMinutes !== 0) {
        const minutes = [by.transportMinutes, by.reprocessMinutes];
        await run(tx, changeHandling.name, changeHandling.text, [request.siteId, resourceId, ...minutes]);
      }
      // After the update, because moved cases are judged by the new hours.
      const displaced = freed ?? (await keepHours(context, before, resource, choice));
      return {
        status: 200,
        body: { resource, bumped: displaced.ids, decided: displaced.decided },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'resource', resource }],
        detail: { resource },
      };
    },
  );

/** How many minutes more the handling takes, or less. */
function handlingChange(before: Resource, after: Resource): Handling {
  const [old, now] = [handlingOf(before), handlingOf(after)];
  return {
    transportMinutes: now.transportMinutes - old.transportMinutes,
    reprocessMinutes: now.reprocessMinutes - old.reprocessMinutes,
  };
}

/** A retirement requires that nothing is claimed. Closures may stay if they fit: they do not contradict it. */
async function freeCapacityFor(
  context: Context,
  before: Resource,
  after: Resource,
  choice: Choice,
): Promise<Displaced | null> {
  const { id: resourceId, name } = before;
  const isCut = after.capacity < before.capacity;
  const by = handlingChange(before, after);
  const longer = {
    transportMinutes: Math.max(0, by.transportMinutes),
    reprocessMinutes: Math.max(0, by.reprocessMinutes),
  };
  const isLonger = longer.transportMinutes + longer.reprocessMinutes > 0;
  const fromNowOn = { resourceId, ranges: [{ start: null, end: null }] };
  const retirement: Reduction = {
    ...fromNowOn,
    limit: 0,
    closuresCount: false,
    reason: `${name} was retired.`,
    refusalStart: `${name} can’t be retired`,
  };
  const cut: Reduction = {
    ...fromNowOn,
    limit: after.capacity,
    closuresCount: true,
    longer,
    ...(isCut
      ? {
          reason: `${name} was reduced from ${before.capacity} to ${after.capacity}.`,
          refusalStart: `${name} can’t be reduced from ${before.capacity} to ${after.capacity}`,
        }
      : {
          reason: `${name} takes longer to bring or to reprocess.`,
          refusalStart: `${name} can’t take longer to bring or to reprocess`,
        }),
  };
  if (before.active && !after.active) {
    const displaced = await freeCapacity(context, retirement, choice);
    if (isCut) await freeCapacity(context, cut, {});
    return displaced;
  }
  return isCut || isLonger ? freeCapacity(context, cut, choice) : null;
}

/** Cases that would be after hours, or in a room without what they need, keep their place only if that was decided. */
async function keepHours(
  context: Context,
  before: Resource,
  after: Resource,
  choice: Choice,
): Promise<Displaced> {
  const { tx, request, zone } = context;
  const [old, now] = [before, after].map(({ attributes: { hours, capabilities = [] } }) => ({
    hours,
    capabilities,
  }));
  const isSame = JSON.stringify(old) === JSON.stringify(now);
  const found = isSame
    ? []
    : await many(tx, bookedCasesOf, [request.siteId, after.kind === 'room' ? after.id : null, null]);
  const inTheWay = found.flatMap(({ case: item, capabilities }): InTheWay[] => {
    if (!isPlaced(item)) return [];
    const has = (room: Resource, need: string) => room.attributes.capabilities?.includes(need) ?? false;
    const isWorse =
      (afterHours(item, after, zone).length > 0 && afterHours(item, before, zone).length === 0) ||
      capabilities.some((need) => has(before, need) && !has(after, need));
    return isWorse ? [{ case: item, why: 'hours', canStay: true }] : [];
  });
  return decideCases(context, inTheWay, choice, {
    reason: `The hours of ${after.name} were changed.`,
    refuse: (cases) =>
      affects(
        cases.map((each) => each.case),
        zone,
        `would be outside the hours of ${after.name}, or need what it no longer has`,
      ),
  });
}
