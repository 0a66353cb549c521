import type { ChangeClosure } from '@slate/shared/contract/catalogue';
import {
  closureById,
  deleteClaimOfClosure,
  insertClaimOfClosure,
  lockResourceOfClosure,
  updateClosure,
} from '../../db/closures.sql.ts';
import { maybeOne, one, run } from '../../db/query.ts';
import { checkSeen, edited } from '../../domain/edit.ts';
import { notFound } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { makeRoomForClosure } from './make-room-for-closure.ts';
import { plannedInstant } from '../../commands/placement.ts';

/** Longer, shorter, earlier, later, more or fewer: as if it were closed anew, and the old closure gone. */
export const changeClosure = (
  deps: CommandDeps,
  request: CommandRequest,
  closureId: string,
  { version, bump, start, end, ...said }: ChangeClosure,
) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async (context) => {
      const { tx, zone } = context;
      const which = [request.siteId, closureId];
      const [locked, found] = await Promise.all([
        maybeOne(tx, lockResourceOfClosure, which),
        maybeOne(tx, closureById, which),
      ]);
      if (!locked || !found) throw notFound('closure');
      checkSeen('This closure', found.closure.version, version);
      const after = edited(found.closure, {
        ...said,
        start: start && plannedInstant(start, zone, 'start'),
        end: end && plannedInstant(end, zone, 'end'),
      });

      await run(tx, deleteClaimOfClosure.name, deleteClaimOfClosure.text, which);
      const displaced = await makeRoomForClosure(context, locked.resource, after, bump);
      const values = [...which, after.start, after.end, after.quantity, after.reason];
      const { closure } = await one(tx, updateClosure, values);
      await run(tx, insertClaimOfClosure.name, insertClaimOfClosure.text, which);
      return {
        status: 200,
        body: { closure, bumped: displaced.ids },
        cases: displaced.cases,
        changes: [...displaced.changes, { type: 'closure', closure }],
        detail: { closure },
      };
    },
  );
