import type { ChangeProcedure } from '@slate/shared/contract/catalogue';
import { procedureById, updateProcedure } from '../../db/procedures.sql.ts';
import { maybeOne } from '../../db/query.ts';
import { Outdated } from '../../db/failures.ts';
import { checkSeen, edited } from '../../domain/edit.ts';
import { notFound } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkNeeds } from './create-procedure.ts';

/** Changes a procedure for whatever is booked from now on; cases keep what they were booked with. */
export const changeProcedure = (
  deps: CommandDeps,
  request: CommandRequest,
  procedureId: string,
  { version, ...said }: ChangeProcedure,
) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    (tx) => maybeOne(tx, procedureById, [request.siteId, procedureId]),
    async ({ tx }, found) => {
      if (!found) throw notFound('procedure');
      const before = found.procedure;
      checkSeen(before.name, before.version, version);
      const after = edited(before, said);
      await checkNeeds(tx, request.siteId, after);
      const changed = await maybeOne(tx, updateProcedure, [request.siteId, procedureId, after, version]);
      if (!changed) throw new Outdated(`procedure ${procedureId}`);
      const { procedure } = changed;
      return {
        status: 200,
        body: { procedure },
        changes: [{ type: 'procedure', procedure }],
        detail: { procedure },
      };
    },
  );
