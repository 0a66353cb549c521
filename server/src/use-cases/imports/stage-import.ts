import { setImmediate as turn } from 'node:timers/promises';
import type { RouteInput } from '@slate/shared/contract';
import type { ImportFile, ImportLine } from '@slate/shared/contract/imports';
import type { Actor } from '@slate/shared/fields';
import { columnsOf, proposeMapping, rememberMapping } from '@slate/shared/lists/columns';
import { runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import {
  importById,
  importsOf,
  insertImport,
  insertLines,
  linesPage,
  lockImport,
  rememberedMapping,
  saveMapping,
  updateImport,
} from '../../db/imports.sql.ts';
import type { ImportUpdate } from '../../db/imports.sql.ts';
import type { Database } from '../../db/pool.ts';
import { many, maybeOne, one, run } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { transaction } from '../../db/transaction.ts';
import { invalid, notFound, Refusal } from '../../domain/refusal.ts';
import { readFile } from '../../import-files/read-file.ts';
import { UnreadableFile } from '../../import-files/table.ts';
import type { Row, Table } from '../../import-files/table.ts';

const sampleLines = 5;
export const linesAtOnce = 1_000;

/** Parts of a long list. Other requests get their turn between them. */
export async function* inParts<Item>(items: readonly Item[], size = linesAtOnce) {
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size);
    await turn();
  }
}

/** Reads a file and stages its lines, so that check, import and errors speak of the same lines. */
export async function uploadImport(
  pool: Database,
  siteId: string,
  by: Actor,
  { id, kind, file }: RouteInput<'uploadImport'>['query'],
  bytes: Uint8Array,
): Promise<ImportFile> {
  const [known, remembered] = await Promise.all([
    maybeOne(pool, importById, [siteId, id]),
    maybeOne(pool, rememberedMapping, [siteId, kind]),
  ]);
  // Sent again, because the reply was lost.
  if (known) return known.import;
  const { headings, rows, notes } = await readTable(bytes);
  const mapping = proposeMapping(kind, headings, remembered?.headings);
  return transaction(pool, async (tx) => {
    const inserted = await maybeOne(tx, insertImport, [
      siteId,
      id,
      kind,
      file,
      by,
      JSON.stringify([...notes, ...duplicatesIn(headings)]),
      JSON.stringify(headings),
      JSON.stringify(rows.slice(0, sampleLines).map(({ cells }) => cells)),
      rows.length,
      JSON.stringify(mapping),
    ]);
    if (!inserted)
      throw new Refusal('in_progress', 'This file is being read. Try again in a moment.', { retryAfter: 1 });
    for await (const part of inParts<Row>(rows))
      await run(tx, insertLines.name, insertLines.text, [siteId, id, JSON.stringify(part)]);
    return { last: Promise.resolve(inserted.import) };
  });
}

async function readTable(bytes: Uint8Array): Promise<Table> {
  try {
    return await readFile(bytes);
  } catch (error) {
    throw error instanceof UnreadableFile ? invalid('file', error.message) : error;
  }
}

function duplicatesIn(headings: readonly string[]): string[] {
  const twice = new Set(
    headings.filter((heading, index) => heading !== '' && headings.indexOf(heading) < index),
  );
  return [...twice].map(
    (heading) => `The heading “${heading}” is there twice. Choose the column that counts.`,
  );
}

export async function listImports(db: Queryable, siteId: string): Promise<ImportFile[]> {
  return (await many(db, importsOf, [siteId])).map((row) => row.import);
}

export async function listImportLines(
  db: Queryable,
  siteId: string,
  importId: string,
  { verdict, after, limit }: RouteInput<'importLines'>['query'],
): Promise<{ lines: ImportLine[]; next: number | null }> {
  const [found, lines] = await Promise.all([
    maybeOne(db, importById, [siteId, importId]),
    many(db, linesPage, [siteId, importId, verdict ?? null, after, limit + 1]),
  ]);
  if (!found) throw notFound('import');
  const page = lines.slice(0, limit);
  return { lines: page, next: lines.length > limit ? (page.at(-1)?.line ?? null) : null };
}

export const changeImport = async (db: Queryable, siteId: string, importId: string, fields: ImportUpdate) =>
  (await one(db, updateImport, [siteId, importId, fields, null])).import;

const isBusy = ({ state }: ImportFile) =>
  new Refusal(
    'in_use',
    `This import can’t be changed now: it is ${state}. Upload the file again to import it again.`,
  );

/** Starts the check; a worker does it. The mapping is proposed for the next file of this kind. */
export async function checkImport(
  pool: Database,
  siteId: string,
  importId: string,
  { mapping, toDepot }: RouteInput<'checkImport'>['body'],
): Promise<ImportFile> {
  return transaction(pool, async (tx) => {
    const found = await maybeOne(tx, lockImport, [siteId, importId]);
    if (!found) throw notFound('import');
    const { kind, headings, state } = found.import;
    if (!['uploaded', 'checking', 'checked', 'failed'].includes(state)) throw isBusy(found.import);
    checkMapping(found.import, mapping);
    const headingsOf = JSON.stringify(rememberMapping(headings, mapping));
    await run(tx, saveMapping.name, saveMapping.text, [siteId, kind, headingsOf]);
    const fields = { state: 'checking', mapping, toDepot, done: 0, counts: null, reason: null } as const;
    return { last: changeImport(tx, siteId, importId, fields) };
  });
}

function checkMapping({ kind, headings }: ImportFile, mapping: readonly (string | null)[]) {
  if (mapping.length !== headings.length)
    throw invalid('mapping', `The file has ${headings.length} columns. Name each of them, or give null.`);
  const columns = columnsOf(kind).filter(({ column }) => !column.isExportOnly);
  for (const [index, id] of mapping.entries()) {
    if (id === null) continue;
    const named = columns.find((each) => each.id === id)?.column;
    if (!named) throw invalid(`mapping.${index}`, 'There is no such column in this list.');
    if (mapping.indexOf(id) < index)
      throw invalid(`mapping.${index}`, `${named.heading} is chosen twice. Choose one.`);
  }
  if (!mapping.includes('externalId'))
    throw invalid('mapping', 'Choose the column with the ID. It finds the record again in the next file.');
}

/** Starts the import; a worker does it. */
export const applyImport = (
  deps: CommandDeps,
  request: CommandRequest,
  importId: string,
  { mode }: RouteInput<'applyImport'>['body'],
) =>
  runCommand(
    deps,
    request,
    'import.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const found = await maybeOne(tx, lockImport, [request.siteId, importId]);
      if (!found) throw notFound('import');
      const { state, counts, kind, file, lines } = found.import;
      if (state !== 'checked' || !counts) {
        throw state === 'uploaded' || state === 'failed'
          ? new Refusal('in_use', 'Check this import first.')
          : isBusy(found.import);
      }
      if (mode === 'all' && (counts.refuse ?? 0) > 0) {
        throw new Refusal(
          'in_use',
          `${counts.refuse === 1 ? '1 line is' : `${counts.refuse} lines are`} refused. Correct the file, or import the good lines only.`,
        );
      }
      const started = await changeImport(tx, request.siteId, importId, { state: 'applying', mode, done: 0 });
      return {
        status: 200,
        body: { import: started },
        changes: [],
        detail: { import: importId, kind, file, lines, mode, counts },
      };
    },
  );

/** Cancels an import. If a worker is already applying it, the worker stops and cleans up. */
export async function cancelImport(pool: Database, siteId: string, importId: string): Promise<ImportFile> {
  return transaction(pool, async (tx) => {
    const found = await maybeOne(tx, lockImport, [siteId, importId]);
    if (!found) throw notFound('import');
    const { state } = found.import;
    if (state === 'applying') return { last: changeImport(tx, siteId, importId, { isCancelled: true }) };
    const isOpen = ['uploaded', 'checking', 'checked', 'failed'].includes(state);
    return {
      last: isOpen
        ? changeImport(tx, siteId, importId, { state: 'cancelled', isCancelled: true })
        : Promise.resolve(found.import),
    };
  });
}
