import { columnsOf } from '@slate/shared/lists/columns';
import type { ListKind, Mapping } from '@slate/shared/lists/columns';
import { Problem } from '@slate/shared/lists/names';
import type { Names } from '@slate/shared/lists/names';
import type { ImportLine, Verdict, VerdictCounts } from '@slate/shared/contract/imports';
import { validationMessage } from '@slate/shared/validation-message';

export type LineError = ImportLine['errors'][number];
type LineChange = ImportLine['changes'][number];
/** By column of the list: what a line says. Empty cells are left out. */
export type Cells = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, unknown>>;

export type Planned<Item> = {
  line: number;
  verdict: Verdict;
  errors: LineError[];
  changes: LineChange[];
  /** The record to write: a new one, or a changed one with its next version. */
  write: { item: Item; isNew: boolean } | null;
  /** The ID and cells to remember, also of a record that is kept, so that the next import finds it. */
  identity: { externalId: string; recordId: string; cells: Cells } | null;
};

type Line = { readonly line: number; readonly cells: readonly string[] };

const mostExternalId = 120;

/** A line with its texts by column, and what is wrong with it as a whole. */
export function readLines(lines: readonly Line[], headings: readonly string[], mapping: Mapping) {
  const isHeadings = (cells: readonly string[]) =>
    cells.length > 1 && headings.every((heading, index) => heading === (cells[index] ?? ''));
  const problemOf = (cells: readonly string[]) => {
    if (isHeadings(cells)) return 'This line repeats the headings. Delete it.';
    return cells.slice(headings.length).some((cell) => cell !== '')
      ? `This line has ${cells.length} cells, but there are ${headings.length} headings. Check its separators and quotes.`
      : null;
  };
  const linesRead = lines.map(({ line, cells }) => {
    const texts: Record<string, string> = {};
    for (const [index, column] of mapping.entries()) {
      const text = cells[index]?.normalize('NFC') ?? '';
      if (column !== null && text !== '') texts[column] = text;
    }
    return { line, cells: texts, problem: problemOf(cells) };
  });
  const linesOf = new Map<string, number[]>();
  for (const { line, cells } of linesRead) {
    const { externalId } = cells;
    const known = linesOf.get(externalId ?? '');
    if (known) known.push(line);
    else if (externalId !== undefined) linesOf.set(externalId, [line]);
  }
  return linesRead.map(({ line, cells, problem }) => {
    const { externalId } = cells;
    const errors: LineError[] = [];
    if (problem !== null) errors.push({ column: null, reason: problem });
    else if (externalId === undefined) {
      errors.push({ column: 'externalId', reason: 'Give the line an ID that stays the same in every file.' });
    } else if (externalId.length > mostExternalId || externalId.includes('\n')) {
      errors.push({
        column: 'externalId',
        reason: `An ID is one line of at most ${mostExternalId} characters.`,
      });
    }
    // The first ones only: thousands of lines can have the same ID, if a wrong column was chosen.
    const others = (linesOf.get(externalId ?? '') ?? []).slice(0, 4).filter((other) => other !== line);
    if (others.length > 0) {
      const where = others.length === 1 ? `line ${others[0]}` : `lines ${others.slice(0, 3).join(', ')}`;
      errors.push({
        column: 'externalId',
        reason: `The ID “${externalId}” is also in ${where}. Each ID can be there once.`,
      });
    }
    return { line, cells, errors };
  });
}
export type ReadLine = ReturnType<typeof readLines>[number];

/** The values of a line. */
export function valuesIn(kind: ListKind, { cells }: Pick<ReadLine, 'cells'>, names: Names) {
  const values: Record<string, unknown> = {};
  const errors: LineError[] = [];
  for (const { id, column } of columnsOf(kind)) {
    const text = cells[id];
    if (text === undefined || column.isExportOnly) continue;
    const value = column.format.read(text, names);
    if (value instanceof Problem) errors.push({ column: id, reason: value.sentence });
    else values[id] = value;
  }
  return { values, errors };
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };
/** A schema of the contract, so that an import refuses what a command refuses. */
export type Schema<Item> = {
  safeParse(
    value: unknown,
    options: { error: typeof validationMessage },
  ): { success: true; data: Item } | { success: false; error: { issues: readonly Issue[] } };
};

/** Parses by the schema. `columnOf` finds the column of a field; longer paths count first. */
export function checked<Item>(
  schema: Schema<Item>,
  value: unknown,
  columnOf: Readonly<Record<string, string>>,
): Item | LineError[] {
  const parsed = schema.safeParse(value, { error: validationMessage });
  if (parsed.success) return parsed.data;
  return parsed.error.issues.map(({ path, message }) => {
    const fields = path.map(String);
    const column = fields
      .map((_, index) => columnOf[fields.slice(0, fields.length - index).join('.')])
      .find(Boolean);
    return { column: column ?? null, reason: message };
  });
}

export type RecordKind<Item extends { id: string; version: number }> = {
  list: ListKind;
  /** As in "a new room". */
  word: string;
  valuesOf: (item: Item) => Values;
  /** The record with these values; `before` is null for a new one. */
  build: (before: Item | null, values: Values, id: string) => unknown;
  schema: Schema<Item>;
  /** The column of each field of the schema. */
  columnOf: Readonly<Record<string, string>>;
  /** A new line with the same key is the record, if that has no external id yet: its name or address. */
  keyOf: (item: Item) => string | null;
  /** The changes that an import may not make to the record. */
  check?: (before: Item | null, after: Item) => LineError[];
};

export type Known<Item> = {
  items: readonly Item[];
  externalIds: readonly { externalId: string; recordId: string; cells: Cells }[];
  names: Names;
  newId: () => string;
};

const key = (text: string) => text.normalize('NFC').toLowerCase();

/** Returns the function that plans the lines in order. Each says something about one record of a list. */
export function recordPlanner<Item extends { id: string; version: number }>(
  kind: RecordKind<Item>,
  { items, externalIds, names, newId }: Known<Item>,
): (line: ReadLine) => Planned<Item> {
  const byId = new Map(items.map((item) => [item.id, item]));
  const byExternalId = new Map(externalIds.map((each) => [each.externalId, each]));
  const identified = new Set(externalIds.map(({ recordId }) => recordId));
  const byKey = new Map<string, Item[]>();
  for (const item of items) {
    const itemKey = kind.keyOf(item);
    if (itemKey === null || identified.has(item.id)) continue;
    const same = byKey.get(key(itemKey));
    if (same) same.push(item);
    else byKey.set(key(itemKey), [item]);
  }
  const columns = new Map(columnsOf(kind.list).map(({ id, column }) => [id, column]));
  const textOf = (id: string, value: unknown) =>
    value === null || value === undefined ? '' : (columns.get(id)?.format.write(value, names) ?? '');

  return (line) => {
    const refuse = (errors: LineError[]): Planned<Item> => ({
      line: line.line,
      verdict: 'refuse',
      errors,
      changes: [],
      write: null,
      identity: null,
    });
    const { values, errors } = valuesIn(kind.list, line, names);
    const { externalId } = line.cells;
    if (line.errors.length > 0 || errors.length > 0 || externalId === undefined)
      return refuse([...line.errors, ...errors]);

    const known = byExternalId.get(externalId);
    let before = byId.get(known?.recordId ?? externalId.toLowerCase()) ?? null;
    if (!before) {
      const [same, ...more] =
        byKey.get(key(line.cells.name ?? '')) ?? byKey.get(key(line.cells.email ?? '')) ?? [];
      if (same && more.length === 0) before = same;
    }
    if (known && before?.id !== known.recordId) {
      const reason = `The ID “${externalId}” belongs to a record that is no longer here. Use another ID.`;
      return refuse([{ column: 'externalId', reason }]);
    }
    if (before) byKey.delete(key(kind.keyOf(before) ?? ''));
    const isId = before?.id === externalId.toLowerCase();
    const identityOf = (recordId: string) => (isId ? null : { externalId, recordId, cells: line.cells });

    if (!before) {
      const missing = [...columns].flatMap(([id, column]) =>
        column.isNeeded && values[id] === undefined
          ? [{ column: id, reason: `A new ${kind.word} needs a value.` }]
          : [],
      );
      if (missing.length > 0) return refuse(missing);
    }
    const beforeValues = before && kind.valuesOf(before);
    // A value that is the same as in the last file has no effect: it may have been changed here since.
    const changes = Object.entries(values).flatMap(([id, value]) => {
      if (id === 'externalId' || !beforeValues) return [];
      const [was, will] = [textOf(id, beforeValues[id]), textOf(id, value)];
      return was === will || known?.cells[id] === line.cells[id]
        ? []
        : [{ column: id, before: was, after: will }];
    });
    if (before && changes.length === 0) {
      const identity = identityOf(before.id);
      return { ...refuse([]), verdict: 'keep', identity };
    }
    const id = before?.id ?? newId();
    const said = before
      ? { ...beforeValues, ...Object.fromEntries(changes.map(({ column }) => [column, values[column]])) }
      : values;
    const after = checked(kind.schema, kind.build(before, said, id), kind.columnOf);
    if (Array.isArray(after)) return refuse(after);
    const forbidden = kind.check?.(before, after) ?? [];
    if (forbidden.length > 0) return refuse(forbidden);
    return {
      line: line.line,
      verdict: before ? 'change' : 'create',
      errors: [],
      changes,
      write: { item: after, isNew: before === null },
      identity: identityOf(id),
    };
  };
}

export function countVerdicts(planned: readonly { verdict: Verdict }[]): VerdictCounts {
  const counts: VerdictCounts = { create: 0, change: 0, keep: 0, depot: 0, refuse: 0 };
  for (const each of planned) counts[each.verdict]++;
  return counts;
}
