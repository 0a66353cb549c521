import type { CreateClosure } from '@slate/shared/contract/catalogue';
import { insertClaimOfClosure, insertClosure } from '../../db/closures.sql.ts';
import { maybeOne, run } from '../../db/query.ts';
import { lockResource } from '../../db/resources.sql.ts';
import { idInUse } from '../../domain/edit.ts';
import { invalid, Refusal } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { makeRoomForClosure } from './make-room-for-closure.ts';
import { plannedInstant } from '../../commands/placement.ts';

/** Closes a resource for a while. Cases in the way are named, and go to the depot only if that was asked. */
export const createClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  { resourceId, reason, bump, ...asked }: CreateClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx, zone, actor } = context;
      const { siteId, key } = request;
      const start = plannedInstant(asked.start, zone, 'start');
      const end = plannedInstant(asked.end, zone, 'end');
      const found = await maybeOne(tx, lockResource, [siteId, resourceId]);
      if (!found) throw invalid('resourceId', 'There is no such resource at this site.');
      const { resource } = found;
      if (!resource.active) {
        throw new Refusal(
          'resource_inactive',
          `${resource.name} is retired: nothing can be booked there, so there is nothing to close.`,
        );
      }
      const quantity = asked.quantity ?? resource.capacity;

      const displaced = await makeRoomForClosure(context, resource, { start, end, quantity, reason }, bump);
      const values = [siteId, key, resourceId, start, end, quantity, reason, actor];
      const created = await maybeOne(tx, insertClosure, values);
      if (!created) throw idInUse('closure');
      await run(tx, insertClaimOfClosure.name, insertClaimOfClosure.text, [siteId, key]);
      const { closure } = created;
      return {
        status: 201,
        body: { closure, bumped: displaced.ids },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'closure', closure }],
        detail: { closure },
      };
    },
  );
