import type { Case } from '@slate/shared/cases';
import type { ExportedList } from '@slate/shared/contract/site-documents';
import type { CasesSearch } from '@slate/shared/contract/reads';
import { cellsOf, columnsOf, valuesOf } from '@slate/shared/lists/columns';
import type { ListKind } from '@slate/shared/lists/columns';
import { byteOrderMark, csvLine } from '@slate/shared/lists/csv';
import { dateAndTime, weekdays } from '@slate/shared/lists/formats';
import { createNames } from '@slate/shared/lists/names';
import type { Named, Names } from '@slate/shared/lists/names';
import { procedure, resource } from '@slate/shared/resources';
import type { ResourceKind } from '@slate/shared/resources';
import { siteDocument } from '@slate/shared/site-document';
import type { z } from 'zod';
import type { Database } from '../../db/pool.ts';
import { many, maybeOne } from '../../db/query.ts';
import { exportedIds, exportHead } from '../../db/site-document.sql.ts';
import type { pagesOf } from '../../db/site-document.sql.ts';
import type { Tx } from '../../db/transaction.ts';
import { notFound } from '../../domain/refusal.ts';
import type { View } from '../../domain/visibility.ts';
import { listCases } from '../reads/list-cases.ts';
import { fromSnapshot, pagesFrom } from './snapshot.ts';

type Known = {
  readonly names: Names;
  readonly nameOf: (resourceId: string) => string;
  /** The id in the file that the record was imported from; otherwise its own. */
  readonly externalId: (id: string) => string;
};
type Cells = readonly string[] | null;

/** A list as CSV: where its records are, its headings, and the cells of a line; null: the record is not in this list. */
type List = {
  readonly from: keyof typeof pagesOf;
  readonly headings: readonly string[];
  readonly cellsOf: (item: unknown, known: Known) => Cells;
};

const list = <Item>(
  from: List['from'],
  headings: List['headings'],
  schema: z.ZodType<Item>,
  cells: (item: Item, known: Known) => Cells,
): List => ({ from, headings, cellsOf: (item, known) => cells(schema.parse(item), known) });

const headingsOf = (kind: ListKind) => columnsOf(kind).map(({ column }) => column.heading);

const resources = (of: 'rooms' | 'surgeons' | 'equipment' | 'beds' | 'lists', kind: ResourceKind) =>
  list('resources', headingsOf(of), resource, (item, { names, externalId }) =>
    item.kind === kind
      ? cellsOf(of, { ...valuesOf[of](item), externalId: externalId(item.id) }, names)
      : null,
  );

const { blockTemplates, holidays, closures, recurringClosures, people } = siteDocument.shape;
const recurrence = ['Weekdays', 'Every weeks', 'From', 'Until'];

const lists: Record<ExportedList, List> = {
  rooms: resources('rooms', 'room'),
  surgeons: resources('surgeons', 'surgeon'),
  equipment: resources('equipment', 'equipment'),
  beds: resources('beds', 'bed'),
  lists: resources('lists', 'list'),
  procedures: list('procedures', headingsOf('procedures'), procedure, (item, { names, externalId }) =>
    cellsOf('procedures', { ...valuesOf.procedures(item), externalId: externalId(item.id) }, names),
  ),
  blocks: list(
    'blockTemplates',
    headingsOf('blocks'),
    blockTemplates.element,
    (item, { names, externalId }) =>
      cellsOf('blocks', { ...valuesOf.blocks(item), externalId: externalId(item.id) }, names),
  ),
  holidays: list('holidays', ['Date', 'Name', 'Rooms'], holidays.element, (item, { nameOf }) => [
    item.date,
    item.name,
    item.roomIds?.map(nameOf).join('; ') ?? 'all',
  ]),
  closures: list(
    'closures',
    ['Resource', 'Start', 'End', 'Quantity', 'Reason', 'Entered by'],
    closures.element,
    (item, { names, nameOf }) => [
      nameOf(item.resourceId),
      dateAndTime.write(item.start, names),
      dateAndTime.write(item.end, names),
      String(item.quantity),
      item.reason,
      item.createdBy.name,
    ],
  ),
  recurring: list(
    'recurringClosures',
    ['Resource', ...recurrence, 'Start', 'End', 'Quantity', 'Reason', 'Except on', 'Entered by'],
    recurringClosures.element,
    (item, { names, nameOf }) => [
      nameOf(item.resourceId),
      weekdays.write(item.recurrence.weekdays, names),
      String(item.recurrence.everyWeeks),
      item.recurrence.from,
      item.recurrence.until ?? '',
      item.start,
      item.end,
      item.quantity === null ? 'all' : String(item.quantity),
      item.reason,
      item.skipped.join('; '),
      item.createdBy.name,
    ],
  ),
  people: list('people', headingsOf('people'), people.element, (item, { names, externalId }) =>
    cellsOf(
      'people',
      { ...valuesOf.people({ ...item, version: 1, lastSeenAt: null }), externalId: externalId(item.id) },
      names,
    ),
  ),
};

/** A list of the administration as CSV. */
export const exportList = (pool: Database, siteId: string, name: ExportedList) =>
  fromSnapshot(pool, async function* (tx) {
    const { from, headings, cellsOf: cells } = lists[name];
    const known = await readNames(tx, siteId);
    yield byteOrderMark + csvLine(headings);
    for await (const items of pagesFrom(tx, from, siteId)) {
      const lines = items.map((item) => cells(JSON.parse(item), known));
      yield lines.map((line) => (line ? csvLine(line) : '')).join('');
    }
  });

/** The cases of some days as CSV, as far as the caller may see them. */
export const exportCases = (pool: Database, siteId: string, search: CasesSearch, view: View) =>
  fromSnapshot(pool, async function* (tx) {
    const { names, externalId } = await readNames(tx, siteId);
    yield byteOrderMark + csvLine(headingsOf('cases'));
    const cellsOfCase = (item: Case) =>
      cellsOf('cases', { ...valuesOf.cases(item), externalId: externalId(item.id) }, names);
    let cursor: string | undefined;
    do {
      const { cases, next } = await listCases(tx, siteId, { ...search, cursor }, view);
      yield cases.map((item) => csvLine(cellsOfCase(item))).join('');
      cursor = next ?? undefined;
    } while (cursor !== undefined);
  });

async function readNames(tx: Tx, siteId: string): Promise<Known> {
  const site = await maybeOne(tx, exportHead, [siteId]);
  if (!site) throw notFound('site');
  const imported = await many(tx, exportedIds, [siteId]);
  const externalIds = new Map(imported.map(({ id, externalId }) => [id, externalId]));
  const named: Named[] = [];
  const resourceNames = new Map<string, string>();
  for await (const items of pagesFrom(tx, 'resources', siteId)) {
    for (const item of items) {
      const { id, kind, name } = resource.parse(JSON.parse(item));
      named.push({ kind, id, name, externalId: externalIds.get(id) ?? null });
      resourceNames.set(id, name);
    }
  }
  for await (const items of pagesFrom(tx, 'procedures', siteId)) {
    for (const item of items) {
      const { id, name } = procedure.parse(JSON.parse(item));
      named.push({ kind: 'procedure', id, name, externalId: externalIds.get(id) ?? null });
    }
  }
  return {
    names: createNames(named, site.zone),
    nameOf: (id) => resourceNames.get(id) ?? id,
    externalId: (id) => externalIds.get(id) ?? id,
  };
}
