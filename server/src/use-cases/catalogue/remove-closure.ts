import {
  closureById,
  deleteClaimOfClosure,
  deleteClosure,
  lockResourceOfClosure,
} from '../../db/closures.sql.ts';
import { maybeOne, run } from '../../db/query.ts';
import { notFound } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

/** Opens again what was closed. */
export const removeClosure = (deps: CommandDeps, request: CommandRequest, closureId: string) =>
  runCommand(
    deps,
    request,
    'closure.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const which = [request.siteId, closureId];
      const [, found] = await Promise.all([
        maybeOne(tx, lockResourceOfClosure, which),
        maybeOne(tx, closureById, which),
      ]);
      if (!found) throw notFound('closure');
      await Promise.all([
        run(tx, deleteClaimOfClosure.name, deleteClaimOfClosure.text, which),
        run(tx, deleteClosure.name, deleteClosure.text, which),
      ]);
      return {
        status: 200,
        body: { id: closureId },
        changes: [{ type: 'closure_removed', id: closureId }],
        detail: { closure: found.closure },
      };
    },
  );
