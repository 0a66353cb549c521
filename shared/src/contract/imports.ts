import { z } from 'zod';
import { actor, id, line, queryLimit, queryNumber } from '../fields.ts';
import { listKind } from '../lists/columns.ts';
import { instant } from '../time.ts';
import { atSite, revised } from './route.ts';
import type { Route } from './route.ts';

export const importLimits = { bytes: 20 * 1024 * 1024, lines: 50_000, columns: 100, cell: 4_000 };

/**
 * `uploaded` → `checking` → `checked` → `applying` → `applied`. `undoing`: what was done is taken back. `failed`: nothing
 * was done, for a reason that is given.
 */
export const importState = z.enum([
  'uploaded',
  'checking',
  'checked',
  'applying',
  'undoing',
  'applied',
  'cancelled',
  'failed',
]);
export type ImportState = z.infer<typeof importState>;

/** The effect of an import on a line. `depot`: the case has no place, and waits in the depot. */
export const verdict = z.enum(['create', 'change', 'keep', 'depot', 'refuse']);
export type Verdict = z.infer<typeof verdict>;
export const verdictCounts = z.record(verdict, z.int());
export type VerdictCounts = z.infer<typeof verdictCounts>;

/** For each column of the file the column of the list, or null. */
export const mapping = z.array(z.string().min(1).max(40).nullable()).max(importLimits.columns);

/** A file that an administrator imports. It is kept for a day. */
export const importFile = z.strictObject({
  id,
  kind: listKind,
  file: z.string(),
  by: actor,
  at: instant,
  state: importState,
  /** How the file was read, in sentences. */
  notes: z.array(z.string()),
  headings: z.array(z.string()),
  /** The first lines. */
  sample: z.array(z.array(z.string())),
  lines: z.int(),
  mapping,
  /** Cases without a place go to the depot instead of being refused. */
  toDepot: z.boolean(),
  /** Lines that the present step is done with. */
  done: z.int(),
  /** Of the check or, at the end, of what was done. */
  counts: verdictCounts.nullable(),
  /** Why it failed, or what could not be taken back. */
  reason: z.string().nullable(),
});
export type ImportFile = z.infer<typeof importFile>;

export const importLine = z.strictObject({
  /** Of the file: the headings are line 1. */
  line: z.int(),
  cells: z.array(z.string()),
  verdict: verdict.nullable(),
  /** Why it is refused or has no place. `column` is one of the list, or null for the whole line. */
  errors: z.array(z.strictObject({ column: z.string().nullable(), reason: z.string() })),
  changes: z.array(z.strictObject({ column: z.string(), before: z.string(), after: z.string() })),
});
export type ImportLine = z.infer<typeof importLine>;

export const checkImport = z.strictObject({ mapping, toDepot: z.boolean().default(false) });
export type CheckImport = z.infer<typeof checkImport>;

/** `all`: all lines or nothing. `good`: all lines that are not refused. */
export const applyImport = z.strictObject({ mode: z.enum(['all', 'good']) });
export type ApplyImport = z.infer<typeof applyImport>;

const atImport = z.strictObject({ site: id, import: id });
const imported = z.strictObject({ import: importFile });

export const importRoutes = {
  uploadImport: {
    method: 'post',
    path: '/sites/:site/imports',
    access: 'import.manage',
    limit: 'read',
    cost: () => 300,
    params: atSite,
    summary: 'Upload a CSV or XLSX file to import. The client makes the id; a repeated upload is ignored',
    query: z.strictObject({ id, kind: listKind, file: line(200) }),
    file: { maxBytes: importLimits.bytes, sentence: 'Cut it into several files.' },
    status: 201,
    reply: imported,
  },
  imports: {
    method: 'get',
    path: '/sites/:site/imports',
    access: 'import.manage',
    params: atSite,
    summary: 'Imports of the last day, the latest first',
    status: 200,
    reply: z.strictObject({ imports: z.array(importFile) }),
  },
  importLines: {
    method: 'get',
    path: '/sites/:site/imports/:import/lines',
    access: 'import.manage',
    limit: 'read',
    cost: () => 20,
    params: atImport,
    summary: 'Lines of an import, with what is wrong and what would change',
    query: z.strictObject({
      verdict: verdict.optional(),
      after: queryNumber(z.int().min(0)).default(0),
      limit: queryLimit(200).default(100),
    }),
    status: 200,
    reply: z.strictObject({ lines: z.array(importLine), next: z.int().nullable() }),
  },
  checkImport: {
    method: 'post',
    path: '/sites/:site/imports/:import/check',
    access: 'import.manage',
    limit: 'read',
    cost: () => 100,
    params: atImport,
    summary: 'Check what an import would do, without doing it; remembers the mapping',
    body: checkImport,
    status: 200,
    reply: imported,
  },
  applyImport: {
    method: 'post',
    path: '/sites/:site/imports/:import/apply',
    access: 'import.manage',
    command: true,
    params: atImport,
    summary: 'Do what was checked: all lines or nothing, or the lines that are not refused',
    body: applyImport,
    status: 200,
    reply: revised({ import: importFile }),
  },
  cancelImport: {
    method: 'post',
    path: '/sites/:site/imports/:import/cancel',
    access: 'import.manage',
    params: atImport,
    summary: 'Stop an import. With all or nothing, what was done is taken back',
    status: 200,
    reply: imported,
  },
} as const satisfies Record<string, Route>;
