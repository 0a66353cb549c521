import type { ChangeResource } from '@slate/shared/contract/catalogue';
import type { Resource } from '@slate/shared/resources';
import { maybeOne, one, run } from '../../db/query.ts';
import { lockResource, makeExclusive, makeShared, updateResource } from '../../db/resources.sql.ts';
import { checkSeen, edited } from '../../domain/edit.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest, Context } from '../../commands/context.ts';
import { checkCapacity } from './create-resource.ts';
import { makeRoom } from './make-room.ts';
import type { Room } from './make-room.ts';

/** Renames, resizes, retires or brings back a resource; never below what is claimed of it from now on. */
export const changeResource = (
  deps: CommandDeps,
  request: CommandRequest,
  resourceId: string,
  { version, bump, ...said }: ChangeResource,
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
      checkSeen(before.name, before.version, version);
      const after = edited(before, said);
      checkCapacity(after.kind, after.capacity);

      const displaced = await makeRoomFor(context, before, after, bump);
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

/** A retired resource gives nothing; what closes it may stay, for it says the same, as long as it fits. */
async function makeRoomFor(context: Context, before: Resource, after: Resource, bump: string[] | undefined) {
  const { id: resourceId, name } = before;
  const fromNowOn = { resourceId, start: null, end: null };
  const retirement: Room = {
    ...fromNowOn,
    limit: 0,
    closuresCount: false,
    bump,
    reason: `${name} was retired.`,
    refused: `${name} can’t be retired`,
  };
  const cut: Room = {
    ...fromNowOn,
    limit: after.capacity,
    closuresCount: true,
    bump,
    reason: `${name} was reduced from ${before.capacity} to ${after.capacity}.`,
    refused: `${name} can’t be reduced from ${before.capacity} to ${after.capacity}`,
  };
  const isCut = after.capacity < before.capacity;
  if (before.active && !after.active) {
    const displaced = await makeRoom(context, retirement);
    if (isCut) await makeRoom(context, { ...cut, bump: [] });
    return displaced;
  }
  if (isCut) return makeRoom(context, cut);
  if (bump?.length) throw invalid('bump.0', 'Nothing is in the way of this change. Send it without.');
  return { ids: [], cases: [], changes: [] };
}
