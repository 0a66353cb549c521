import type { CreateProcedure } from '@slate/shared/contract/catalogue';
import type { Procedure } from '@slate/shared/resources';
import { defaultSettings } from '@slate/shared/sites';
import { describe, expect, test } from 'vitest';
import {
  administrator,
  assertSound,
  queryDirectly,
  blockedBy,
  book,
  feed,
  hold,
  makeOverdue,
  refusalOf,
} from '../../../test/administer.ts';
import { changeSettings as changeSettingsBody } from '@slate/shared/contract/catalogue';
import { at, settings } from '../../../test/hospital.ts';
import { withFreshSite } from '../../../test/laboratory.ts';
import type { Laboratory } from '../../../test/laboratory.ts';
import type { Setting } from '../../../test/hospital.ts';
import { untilBlocked } from '../../../test/database.ts';
import { afterStatement, beforeStatement, createGate, rewrite } from '../../../test/statements.ts';
import type { Database } from '../../db/pool.ts';
import { cancelCase } from '../cases/take-off-board.ts';
import { changeProcedure, createProcedure, listProcedures } from './procedures.ts';
import { changeSettings, readSettings } from './settings.ts';
import { releaseExpiredHolds } from '../cases/release-expired-holds.ts';
import { releaseHold } from '../cases/holds.ts';

let site: Laboratory;
withFreshSite((fresh) => (site = fresh));

const hip: CreateProcedure = {
  name: 'Total hip',
  shortName: 'THA',
  service: 'Ortho',
  minutes: 96,
  spread: 28,
  setupMinutes: 12,
  cleanupMinutes: 13,
  turnoverByRoom: [],
  capabilities: ['laminar flow'],
  equipment: [],
  bed: null,
};
const create = async (fields: Partial<CreateProcedure> = {}) =>
  (await createProcedure(site.deps, administrator(site), { ...hip, ...fields })).body[
    'procedure'
  ] as Procedure;

describe('procedures', () => {
  test('AD16 a new one is in the catalogue and in the feed, and can be booked', async () => {
    const needs = {
      equipment: [{ resourceId: site.equipment[0], quantity: 1 }],
      bed: { resourceId: site.beds, nights: 2 },
    };
    const procedure = await create(needs);
    expect(procedure).toMatchObject({ ...hip, ...needs, active: true, version: 1 });
    expect(await feed(site)).toEqual([{ type: 'procedure', procedure }]);
    expect(await listProcedures(site.pool, site.siteId)).toContainEqual(procedure);
    expect(await hold(site, { procedureId: procedure.id, overrideReason: 'No other room' })).toMatchObject(
      needs,
    );
  });

  test.each([
    ['equipment.0.resourceId', () => ({ equipment: [{ resourceId: site.beds, quantity: 1 }] })],
    ['equipment.1.resourceId', () => ({ equipment: [...arm(), { resourceId: site.siteId, quantity: 1 }] })],
    ['bed.resourceId', () => ({ bed: { resourceId: site.equipment[0], nights: 1 } })],
  ])('AD13 %s is a resource of that kind here', async (field, needs) => {
    const refusal = await refusalOf(create(needs()));
    expect(refusal.code).toBe('validation');
    expect(refusal.parts.errors).toMatchObject([{ field }]);
    const { id, version } = await create();
    const change = changeProcedure(site.deps, administrator(site), id, { version, ...needs() });
    expect((await refusalOf(change)).parts.errors).toMatchObject([{ field }]);
  });
  const arm = () => [{ resourceId: site.equipment[0], quantity: 1 }];

  test('AD2 a change keeps fields that are left out, and applies to the version the caller saw', async () => {
    const before = await create({ bed: { resourceId: site.beds, nights: 2 } });
    const editOf = (version: number) => ({ version, minutes: 100, bed: null, active: false });
    const changed = changeProcedure(site.deps, administrator(site), before.id, editOf(1));
    const after = { ...before, minutes: 100, bed: null, active: false, version: 2 };
    expect((await changed).body['procedure']).toEqual(after);
    expect((await feed(site)).at(-1)).toEqual({ type: 'procedure', procedure: after });
    const stale = changeProcedure(site.deps, administrator(site), before.id, editOf(1));
    expect((await refusalOf(stale)).code).toBe('stale_version');
  });

  test('AD2 of many concurrent changes of one version, one is made', async () => {
    const { id } = await create();
    const changes = Array.from({ length: 8 }, (_, minutes) =>
      changeProcedure(site.deps, administrator(site), id, { version: 1, minutes: 60 + minutes }),
    );
    const answers = await Promise.allSettled(changes);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : [],
    );
    expect(codes).toEqual(Array.from({ length: 7 }, () => 'stale_version'));
  });

  test('an unknown procedure is not found', async () => {
    const nowhere = changeProcedure(site.deps, administrator(site), site.siteId, { version: 1 });
    expect((await refusalOf(nowhere)).code).toBe('not_found');
  });
});

describe('settings', () => {
  type Edit = Omit<Parameters<typeof changeSettings>[2], 'version'>;
  const alter = async (edit: Edit) => {
    const { version } = await readSettings(site.pool, site.siteId);
    return changeSettings(site.deps, administrator(site), { version, ...edit });
  };

  test('AD16 a change keeps fields that are left out, and is published', async () => {
    const { body } = await alter({ name: 'North Campus', holdSeconds: 90 });
    const now = await readSettings(site.pool, site.siteId);
    expect(body['site']).toEqual(now);
    expect(now).toMatchObject({
      id: site.siteId,
      name: 'North Campus',
      timeZone: 'UTC',
      settings: { ...settings, holdSeconds: 90 },
      version: 2,
    });
    expect(await feed(site)).toEqual([{ type: 'site', site: now }]);
  });

  test('DV15 a site sets how long a desk works without the server, within limits', async () => {
    const now = async () => (await readSettings(site.pool, site.siteId)).settings;
    expect(await now()).toMatchObject({ offlineHours: 72, queueHours: 24 });
    for (const edit of [
      { offlineHours: 0, queueHours: 1 },
      { offlineHours: 168, queueHours: 72 },
    ]) {
      await alter(edit);
      expect(await now()).toMatchObject(edit);
    }
    const accepts = (edit: object) => changeSettingsBody.safeParse({ version: 1, ...edit }).success;
    for (const offlineHours of [-1, 169, 1.5]) expect(accepts({ offlineHours })).toBe(false);
    for (const queueHours of [0, 73, 1.5]) expect(accepts({ queueHours })).toBe(false);
  });

  test.each([
    ['the length', { holdSeconds: 601 }],
    ['the limit', { holdLimitSeconds: 119 }],
    ['both', { holdSeconds: 300, holdLimitSeconds: 299 }],
  ])('AD14 a hold lasts no longer than its limit: %s', async (_, edit) => {
    const refusal = await refusalOf(alter(edit));
    expect(refusal.parts.errors).toMatchObject([{ field: 'holdLimitSeconds' }]);
  });

  test('AD2 a change applies to the version the caller saw', async () => {
    await alter({ holdSeconds: 90 });
    const stale = changeSettings(site.deps, administrator(site), { version: 1, holdSeconds: 60 });
    expect((await refusalOf(stale)).code).toBe('stale_version');
  });

  test('AD15 the time zone changes only while nothing is planned', async () => {
    const item = await book(site);
    const refusal = await refusalOf(alter({ timeZone: 'Europe/Berlin' }));
    expect(refusal.code).toBe('in_use');
    expect(new Set(blockedBy(refusal))).toEqual(new Set([item.id]));
    await cancelCase(site.deps, site.request(), item.id, { version: item.version, reason: 'Fever' });
    await alter({ timeZone: 'Europe/Berlin' });
    expect((await readSettings(site.pool, site.siteId)).timeZone).toBe('Europe/Berlin');
  });

  test('AD6 AD15 an overdue hold is not in the way', async () => {
    const { id } = await hold(site);
    await makeOverdue(site, id);
    await alter({ timeZone: 'Europe/Berlin' });
    expect((await readSettings(site.pool, site.siteId)).timeZone).toBe('Europe/Berlin');
    await releaseExpiredHolds(site.deps);
  });

  // A hold with a bed goes by the site's local time; the time zone changes meanwhile.
  const night = () => ({ bed: { resourceId: site.beds, nights: 1 } });
  const on = (pool: Database): Setting => ({ ...site, deps: { ...site.deps, pool } });
  const toTokyo = (pool = site.pool) =>
    changeSettings(on(pool).deps, administrator(site), { version: 1, timeZone: 'Asia/Tokyo' });

  test('AD15 a change waits for commands that began in the old zone', async () => {
    const gate = createGate();
    const holding = hold(on(beforeStatement(site.pool, 'claim', gate.pass)), night());
    await gate.reached;
    const refusal = refusalOf(toTokyo());
    await untilBlocked(site.owner);
    gate.open();
    expect((await refusal).code).toBe('in_use');
    await holding;
  });

  test('AD15 without waiting, a change misses them', async () => {
    const gate = createGate();
    const holding = hold(on(beforeStatement(site.pool, 'claim', gate.pass)), night());
    await gate.reached;
    await toTokyo(rewrite(site.pool, { 'wait-for-commands': () => 'SELECT' }));
    gate.open();
    const { id } = await holding;
    await expect(assertSound(site)).rejects.toThrow('CL3');
    await releaseHold(site.deps, site.request(), id);
  });

  test('AD15 a command that begins meanwhile uses the new zone', async () => {
    const gate = createGate();
    const change = toTokyo(afterStatement(site.pool, 'update-site', gate.pass));
    await gate.reached;
    const holding = hold(site, { ...night(), start: at('20:00') });
    await untilBlocked(site.owner);
    gate.open();
    const [{ id }] = await Promise.all([holding, change]);
    const text = `SELECT wire(lower(during)) AS start FROM claims WHERE case_id = $1 AND resource_id = $2`;
    const { rows } = await site.pool.query(text, [id, site.beds]);
    expect(rows).toEqual([{ start: at('03:00', 1) }]); // noon in Tokyo, where it is already the next day
  });
});

test('ST2 a setting that was never set has its default, for commands and for the board', async () => {
  const defaults = await site.pool.query<{ settings: unknown }>(`SELECT settings_json('{}') AS settings`);
  expect(defaults.rows).toEqual([{ settings: defaultSettings }]);
  await queryDirectly(site.database.ownerUrl, `UPDATE sites SET settings = '{}' WHERE id = $1`, [
    site.siteId,
  ]);
  expect((await readSettings(site.pool, site.siteId)).settings).toEqual(defaultSettings);
  const { heldSince, expiresAt } = await hold(site);
  expect(Date.parse(expiresAt ?? '') - Date.parse(heldSince ?? '')).toBe(defaultSettings.holdSeconds * 1000);
});
