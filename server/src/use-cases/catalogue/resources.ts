import type { ChangeResource, CreateResource } from '@slate/shared/contract/catalogue';
import { isSingular } from '@slate/shared/resources';
import type { Resource, ResourceKind } from '@slate/shared/resources';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import {
  insertResource,
  lockResource,
  makeExclusive,
  makeShared,
  resourcesOf,
  updateResource,
} from '../../db/resources.sql.ts';
import { checkVersionSeen, withChanges, idInUse } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
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
  { version, bump, ...edits }: ChangeResource,
) =>
  runCommand(
    deps,
    request,
    'resource.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx } = context;
      const found = await maybeOne(tx, lockResource, [request.siteId, resourceId]);
      if (!found) throw notFound('resource');
      const before = found.resource;
      checkVersionSeen(before.name, before.version, version);
      const after = withChanges(before, edits);
      checkCapacity(after.kind, after.capacity);

      const displaced = await freeCapacityFor(context, before, after, bump);
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
      return {
        status: 200,
        body: { resource, bumped: displaced.ids },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'resource', resource }],
        detail: { resource },
      };
    },
  );

/** A retirement requires that nothing is claimed. Closures may stay if they fit: they do not contradict it. */
async function freeCapacityFor(
  context: Context,
  before: Resource,
  after: Resource,
  bump: string[] | undefined,
) {
  const { id: resourceId, name } = before;
  const fromNowOn = { resourceId, start: null, end: null };
  const retirement: Reduction = {
    ...fromNowOn,
    limit: 0,
    closuresCount: false,
    bump,
    reason: `${name} was retired.`,
    refusalStart: `${name} can’t be retired`,
  };
  const cut: Reduction = {
    ...fromNowOn,
    limit: after.capacity,
    closuresCount: true,
    bump,
    reason: `${name} was reduced from ${before.capacity} to ${after.capacity}.`,
    refusalStart: `${name} can’t be reduced from ${before.capacity} to ${after.capacity}`,
  };
  const isCut = after.capacity < before.capacity;
  if (before.active && !after.active) {
    const displaced = await freeCapacity(context, retirement);
    if (isCut) await freeCapacity(context, { ...cut, bump: [] });
    return displaced;
  }
  if (isCut) return freeCapacity(context, cut);
  if (bump?.length) throw invalid('bump.0', 'Nothing is in the way of this change. Send it without.');
  return { ids: [], cases: [], changes: [] };
}
