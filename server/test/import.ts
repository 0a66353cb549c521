import { randomUUID } from 'node:crypto';
import type { ImportFile, ImportLine } from '@slate/shared/contract/imports';
import type { ListKind, Mapping } from '@slate/shared/lists/columns';
import { runImports } from '../src/use-cases/imports/run-imports.ts';
import {
  applyImport,
  checkImport,
  listImportLines,
  listImports,
  uploadImport,
} from '../src/use-cases/imports/stage-import.ts';
import { administrator } from './administer.ts';
import type { Setting } from './hospital.ts';

// Imports as an administrator makes them.

export type Checked = {
  file: ImportFile;
  /** `line column: reason`, for refused lines and for cases without a place. */
  errors: string[];
  lines: ImportLine[];
};

type Importing = Pick<Setting, 'pool' | 'siteId' | 'deps'> & {
  users: Pick<Setting['users'], 'administrator'>;
};

export const upload = (
  { pool, siteId, users }: Importing,
  kind: ListKind,
  content: string | Buffer,
  id = randomUUID(),
) =>
  uploadImport(
    pool,
    siteId,
    { id: users.administrator, name: 'administrator person' },
    { id, kind, file: `${kind}.csv` },
    Buffer.from(content),
  );

export async function outcomeOf(
  { pool, siteId }: Pick<Setting, 'pool' | 'siteId'>,
  id: string,
): Promise<Checked> {
  const [file] = (await listImports(pool, siteId)).filter((each) => each.id === id);
  if (!file) throw new Error('no such import');
  const { lines } = await listImportLines(pool, siteId, id, { after: 0, limit: 200 });
  const errors = lines.flatMap(({ line, errors: of }) =>
    of.map(({ column, reason }) => `${line} ${column ?? '-'}: ${reason}`),
  );
  return { file, errors, lines };
}

/** Uploads and checks a file, with the proposed mapping by default. */
export async function check(
  setting: Importing,
  kind: ListKind,
  content: string | Buffer,
  { mapping, toDepot = false }: { mapping?: Mapping; toDepot?: boolean } = {},
): Promise<Checked> {
  const { id, mapping: proposed } = await upload(setting, kind, content);
  await checkImport(setting.pool, setting.siteId, id, { mapping: mapping ?? proposed, toDepot });
  await runImports(setting.deps);
  return outcomeOf(setting, id);
}

export async function apply(
  setting: Setting,
  { file }: Checked,
  mode: 'all' | 'good' = 'all',
): Promise<Checked> {
  await applyImport(setting.deps, administrator(setting), file.id, { mode });
  await runImports(setting.deps);
  return outcomeOf(setting, file.id);
}

export const importAll = async (setting: Setting, kind: ListKind, content: string) =>
  apply(setting, await check(setting, kind, content));

/** `create 2, keep 1` */
export const counted = ({ file }: Checked) =>
  Object.entries(file.counts ?? {})
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${verdict} ${count}`)
    .join(', ');
