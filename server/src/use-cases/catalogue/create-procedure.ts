import type { CreateProcedure } from '@slate/shared/contract/catalogue';
import type { Procedure } from '@slate/shared/resources';
import { insertProcedure } from '../../db/procedures.sql.ts';
import { many, maybeOne } from '../../db/query.ts';
import { resourcesById } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { idInUse } from '../../domain/edit.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { checkNamed, resourcesNamed } from '../../commands/placement.ts';

/** Adds a procedure to the catalogue. */
export const createProcedure = (deps: CommandDeps, request: CommandRequest, asked: CreateProcedure) =>
  runCommand(
    deps,
    request,
    'procedure.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const { siteId, key } = request;
      await checkNeeds(tx, siteId, asked);
      const created = await maybeOne(tx, insertProcedure, [siteId, key, asked]);
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

/** Equipment is equipment of this site, and the bed a bed: whoever books the procedure gets them unasked. */
export async function checkNeeds(
  tx: Tx,
  siteId: string,
  { equipment, bed }: Pick<Procedure, 'equipment' | 'bed'>,
) {
  const needs = { equipment, bed };
  const rows = await many(tx, resourcesById, [siteId, resourcesNamed(needs)]);
  checkNamed({ resources: rows.map(({ resource }) => resource), procedure: null }, needs);
}
