import type { CreateResource } from '@slate/shared/contract/catalogue';
import { isSingular } from '@slate/shared/resources';
import type { ResourceKind } from '@slate/shared/resources';
import { maybeOne } from '../../db/query.ts';
import { insertResource } from '../../db/resources.sql.ts';
import { idInUse } from '../../domain/edit.ts';
import { invalid } from '../../domain/refusal.ts';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';

/** Adds a room, a surgeon, a pool or a list. */
export const createResource = (deps: CommandDeps, request: CommandRequest, asked: CreateResource) =>
  runCommand(
    deps,
    request,
    'resource.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      checkCapacity(asked.kind, asked.capacity);
      const { siteId, key } = request;
      const { kind, name, capacity, attributes } = asked;
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

export function checkCapacity(kind: ResourceKind, capacity: number) {
  if (capacity === 1 || !isSingular(kind)) return;
  throw invalid(
    'capacity',
    `A ${kind} is in one place at a time: the capacity of each is 1. Add another ${kind}.`,
  );
}
