import type { ChangeResource } from '@slate/shared/contract/catalogue';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import type { PlaceHold } from '@slate/shared/contract/cases';
import { openingsSearch } from '@slate/shared/contract/reads';
import type { OpeningsSearch } from '@slate/shared/contract/reads';
import type { Resource } from '@slate/shared/resources';
import { Refusal } from '../src/domain/refusal.ts';
import { changeResource } from '../src/use-cases/catalogue/resources.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { searchOpenings } from '../src/use-cases/reads/search-openings.ts';
import { connected } from './database.ts';
import { at, holdInput, caseOf, createHospital } from './hospital.ts';
import type { Setting } from './hospital.ts';
import { checkInvariants } from './invariants.ts';

// Helpers for tests of administration.

export const administrator = (setting: Setting) =>
  setting.request('administer', { userId: setting.users.administrator });

export const hold = async (setting: Setting, more: Partial<PlaceHold> = {}) =>
  caseOf(await placeHold(setting.deps, setting.request(), holdInput(setting, more)));

export async function book(setting: Setting, more: Partial<PlaceHold> = {}): Promise<Case> {
  const { id } = await hold(setting, more);
  return caseOf(await changeCase(setting.deps, setting.request(), id, { to: 'scheduled' }));
}

/** Changes the current version as the administrator. */
export async function change(setting: Setting, resourceId: string, changes: Omit<ChangeResource, 'version'>) {
  const { version } = await readResource(setting, resourceId);
  return changeResource(setting.deps, administrator(setting), resourceId, { version, ...changes });
}

export async function readResource({ pool, siteId }: Setting, resourceId: string): Promise<Resource> {
  const { rows } = await pool.query<{ resource: Resource }>(
    'SELECT resource_json(r) AS resource FROM resources r WHERE site_id = $1 AND id = $2',
    [siteId, resourceId],
  );
  const [row] = rows;
  if (!row) throw new Error('no such resource');
  return row.resource;
}

export async function readCase({ pool, siteId }: Setting, caseId: string): Promise<Case> {
  const { rows } = await pool.query<{ item: Case }>(
    'SELECT case_json(c) AS item FROM cases c WHERE site_id = $1 AND id = $2',
    [siteId, caseId],
  );
  const [row] = rows;
  if (!row) throw new Error('no such case');
  return row.item;
}

/** The changes of the feed, oldest first. */
export async function feed({ pool, siteId }: Setting): Promise<ChangeBody[]> {
  const { rows } = await pool.query<{ body: ChangeBody }>(
    'SELECT body FROM changes WHERE site_id = $1 ORDER BY revision',
    [siteId],
  );
  return rows.map(({ body }) => body);
}

/** The refusal of a command; throws if it is not refused. */
export async function refusalOf(command: Promise<unknown>): Promise<Refusal> {
  const answer = await command.then(
    () => 'done',
    (error: unknown) => error,
  );
  if (answer instanceof Refusal) return answer;
  throw new Error(`Not refused: ${String(answer)}`, { cause: answer });
}

export const blockedBy = ({ parts }: Refusal) =>
  (parts.blockers ?? []).map((each) => each.caseId ?? each.kind);

/** Queries the database without the product, as its owner or as superuser. */
export const queryDirectly = (url: string, text: string, values: unknown[] = []) =>
  connected(url, (client) => client.query<Record<string, unknown>>(text, values));

/** Makes a hold overdue without a sweep. */
export const makeOverdue = ({ database }: Setting, caseId: string) =>
  queryDirectly(
    database.ownerUrl,
    `UPDATE cases SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
    [caseId],
  );

/** Throws if an invariant of the site is violated. */
export async function assertSound({ pool, siteId }: Setting) {
  const violations = await checkInvariants(pool, siteId);
  if (violations.length > 0) throw new Error(violations.join('\n'));
}

/** Another hospital in the same database, which is faster than a new database. */
export async function anotherHospital(setting: Setting): Promise<Setting> {
  const hospital = await createHospital(setting.database.ownerUrl);
  const published: Setting['published'] = [];
  return {
    ...setting,
    ...hospital,
    published,
    deps: { pool: setting.pool, publish: (notification) => published.push(notification) },
    request: (name, by) => ({
      ...setting.request(name, { userId: hospital.users.coordinator, ...by }),
      siteId: hospital.siteId,
    }),
  };
}

/** Searches openings, by default all of tomorrow, for a caller who sees every surgeon. */
export const search = (
  setting: Setting,
  more: Partial<OpeningsSearch> = {},
  caller: { surgeonIds: string[] | null } = { surgeonIds: null },
) =>
  searchOpenings(
    setting.pool,
    setting.siteId,
    openingsSearch.parse({ date: at('00:00').slice(0, 10), limit: 100, ...more }),
    caller,
  );
