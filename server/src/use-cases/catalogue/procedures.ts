import type { ChangeProcedure, CreateProcedure } from '@slate/shared/contract/catalogue';
import type { Procedure } from '@slate/shared/resources';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkResources, resourceIdsOf } from '../../commands/placement.ts';
import { Outdated } from '../../db/failures.ts';
import { insertProcedure, procedureById, proceduresOf, updateProcedure } from '../../db/procedures.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { resourcesById } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { checkVersionSeen, withChanges, idInUse } from '../../domain/edit.ts';
import { notFound } from '../../domain/refusal.ts';

/** All procedures of a site, including retired ones. */
export async function listProcedures(db: Queryable, siteId: string): Promise<Procedure[]> {
  const rows = await many(db, proceduresOf, [siteId]);
  return rows.map(({ procedure }) => procedure);
}

export const createProcedure = (deps: CommandDeps, request: CommandRequest, input: CreateProcedure) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const { siteId, key } = request;
      await checkNeeds(tx, siteId, input);
      const created = await maybeOne(tx, insertProcedure, [siteId, key, input]);
      if (!created) throw idInUse('procedure');
      const { procedure } = created;
      return {
        status: 201,
        body: { procedure },
        changes: [{ type: 'procedure', procedure }],
        detail: { procedure },
      };
    },
  );

/** The equipment and the bed must be resources of this site of the right kind: every booking gets them by default. */
async function checkNeeds(tx: Tx, siteId: string, { equipment, bed }: Pick<Procedure, 'equipment' | 'bed'>) {
  const needs = { equipment, bed };
  const rows = await many(tx, resourcesById, [siteId, resourceIdsOf(needs)]);
  checkResources({ resources: rows.map(({ resource }) => resource), procedure: null }, needs);
}

/** Changes a procedure for future bookings; existing cases keep what they were booked with. */
export const changeProcedure = (
  deps: CommandDeps,
  request: CommandRequest,
  procedureId: string,
  { version, ...edits }: ChangeProcedure,
) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    (tx) => maybeOne(tx, procedureById, [request.siteId, procedureId]),
    async ({ tx }, found) => {
      if (!found) throw notFound('procedure');
      const before = found.procedure;
      checkVersionSeen(before.name, before.version, version);
      const after = withChanges(before, edits);
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
