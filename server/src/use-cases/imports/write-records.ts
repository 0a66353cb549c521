import type { BlockTemplate } from '@slate/shared/block-templates';
import type { ChangeBody } from '@slate/shared/changes';
import type { Actor } from '@slate/shared/fields';
import type { ListKind } from '@slate/shared/lists/columns';
import type { Member } from '@slate/shared/contract/people';
import type { Procedure, Resource } from '@slate/shared/resources';
import { lockLayOut } from '../../db/block-templates.sql.ts';
import { lockResources } from '../../db/cases.sql.ts';
import { Outdated } from '../../db/failures.ts';
import {
  insertPeople,
  insertProcedures,
  insertResources,
  saveExternalIds,
  saveRoles,
  updatePeople,
  updateProcedures,
  updateResources,
} from '../../db/imports.sql.ts';
import { lockAdministrators, personAtSite } from '../../db/members.sql.ts';
import { many, one, run } from '../../db/query.ts';
import { makeShared } from '../../db/resources.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Planned } from '../../domain/import-lines.ts';
import { Refusal } from '../../domain/refusal.ts';
import { importedTemplates } from '../catalogue/block-templates.ts';
import { Refused } from './run.ts';

/** Runs a statement for some rows. Throws `Outdated`, and the import is planned again, if one of them has changed. */
export async function runForAll(
  tx: Tx,
  { name, text }: { name: string; text: string },
  values: unknown[],
  rows: readonly unknown[],
) {
  if (rows.length === 0) return;
  const affected = await run(tx, name, text, [...values, JSON.stringify(rows)]);
  if (affected !== rows.length) throw new Outdated(name);
}

export const saveIdentities = (
  tx: Tx,
  siteId: string,
  list: ListKind,
  planned: readonly Planned<unknown>[],
) =>
  runForAll(
    tx,
    saveExternalIds,
    [siteId, list],
    planned.flatMap(({ identity }) => identity ?? []),
  );

const itemsOf = <Item>(planned: readonly Planned<Item>[]) => {
  const writes = planned.flatMap(({ write }) => write ?? []);
  return {
    created: writes.filter(({ isNew }) => isNew).map(({ item }) => item),
    changed: writes.filter(({ isNew }) => !isNew).map(({ item }) => item),
  };
};

export async function writeResources(
  tx: Tx,
  siteId: string,
  planned: readonly Planned<Resource>[],
  before: ReadonlyMap<string, Resource>,
): Promise<ChangeBody[]> {
  const { created, changed } = itemsOf(planned);
  const ids = changed.map(({ id }) => id);
  if (ids.length > 0) await run(tx, lockResources.name, lockResources.text, [siteId, ids]);
  await runForAll(tx, insertResources, [siteId], created);
  await runForAll(tx, updateResources, [siteId], changed);
  for (const { id, capacity } of changed) {
    // An import never reduces a capacity.
    if (capacity > 1 && before.get(id)?.capacity === 1)
      await run(tx, makeShared.name, makeShared.text, [siteId, id]);
  }
  return [...created, ...changed].map((resource) => ({ type: 'resource', resource }));
}

export async function writeProcedures(
  tx: Tx,
  siteId: string,
  planned: readonly Planned<Procedure>[],
): Promise<ChangeBody[]> {
  const { created, changed } = itemsOf(planned);
  await runForAll(tx, insertProcedures, [siteId], created);
  await runForAll(tx, updateProcedures, [siteId], changed);
  return [...created, ...changed].map((procedure) => ({ type: 'procedure', procedure }));
}

/**
 * Writes new accounts and roles. The accounts are locked before the administrators, as by a change of one person. An
 * import never changes the role of its own administrator, so the site keeps an active one.
 */
export async function writePeople(
  tx: Tx,
  siteId: string,
  planned: readonly Planned<Member>[],
  by: Actor,
): Promise<Member[]> {
  const { created, changed } = itemsOf(planned);
  await runForAll(tx, insertPeople, [], created);
  await runForAll(tx, updatePeople, [], changed);
  await many(tx, lockAdministrators, [siteId, by.id]);
  const { administers, caller_active: isActive } = await one(tx, personAtSite, [siteId, by.id, by.id]);
  if (!isActive || !administers.includes(siteId)) throw new Refused(`${by.name} may no longer import.`);
  await runForAll(tx, saveRoles, [siteId], [...created, ...changed]);
  return [...created, ...changed];
}

/** Writes blocks by the rules of one block: each is planned again under the lock, with those before it. */
export async function writeBlocks(
  tx: Tx,
  siteId: string,
  planned: readonly Planned<BlockTemplate>[],
): Promise<ChangeBody[]> {
  await run(tx, lockLayOut.name, lockLayOut.text, [siteId]);
  const templates = await importedTemplates(tx, siteId);
  const changes: ChangeBody[] = [];
  for (const { line, write } of planned) {
    if (!write) continue;
    try {
      changes.push(...(await templates.write(tx, write.item)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refused(`Line ${line}: ${error.message} Nothing was imported.`);
    }
  }
  return changes;
}
