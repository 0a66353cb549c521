import { createHash, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { board as boardShape } from '@slate/shared/contract/reads';
import { siteDocument } from '@slate/shared/site-document';
import type { SiteDocument } from '@slate/shared/site-document';
import { addDays, addMinutes, localDateOf } from '@slate/shared/time';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryDirectly, refusalOf } from '../../../test/administer.ts';
import { contents } from '../../../test/board-contents.ts';
import { connected, testDatabase } from '../../../test/database.ts';
import type { TestDatabase } from '../../../test/database.ts';
import { check } from '../../../test/import.ts';
import { checkInvariants } from '../../../test/invariants.ts';
import { createPool } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { administrator } from '../../seed/accounts.ts';
import { demoDocument } from '../../seed/demo-document.ts';
import { demoHospital, demoSite } from '../../seed/demo-hospital.ts';
import { resourceNamed } from '../../seed/resources.ts';
import { seedDemoHospital } from '../../seed/seed-demo-hospital.ts';
import { createHoliday } from '../catalogue/block-templates.ts';
import { createRecurringClosure } from '../catalogue/recurring-closures.ts';
import { createResource } from '../catalogue/resources.ts';
import { placeHold } from '../cases/place-hold.ts';
import { createBoardReader } from '../reads/read-board.ts';
import { listCases } from '../reads/list-cases.ts';
import { exportList } from './export-list.ts';
import { exportSite } from './export-site.ts';
import { importSite, loadDemo } from './import-site.ts';
import { readSiteDocument } from './read-site-document.ts';

const now = new Date().toISOString();
const zone = demoSite.timeZone;
const today = localDateOf(now, zone);

let source: TestDatabase;
let target: TestDatabase;
let from: Database;
let to: Database;
let exported: string;
beforeAll(async () => {
  [source, target] = await Promise.all([testDatabase(), testDatabase()]);
  from = createPool({ url: source.appUrl, max: 5, applicationName: 'test' });
  to = createPool({ url: target.appUrl, max: 5, applicationName: 'test' });
  const hashPassword = (password: string) => Promise.resolve(`hash of ${password}`);
  await connected(source.ownerUrl, (client) => seedDemoHospital(client, { hashPassword, now }));
  const deps = { pool: from, publish: () => {} };
  const request = () => requestAt(demoSite.id, administrator.id);
  const room = resourceNamed('Main OR 3').id;
  await createHoliday(deps, request(), { date: addDays(today, 200), name: 'Founders’ Day', roomIds: [room] });
  await createRecurringClosure(deps, request(), {
    resourceId: resourceNamed('Main OR 12').id,
    recurrence: { weekdays: [7], everyWeeks: 1, from: addDays(today, 40), until: null },
    start: '22:00',
    end: '04:00',
    quantity: null,
    reason: 'Terminal cleaning',
    skipped: [],
  });
  const start = `${addDays(today, 100)}T12:00:00.000Z`;
  await placeHold(deps, request(), {
    roomId: room,
    start,
    minutes: 60,
    title: 'On the phone',
    overrideReason: 'Test',
  });
  await queryDirectly(
    source.ownerUrl,
    `INSERT INTO external_ids (site_id, list, external_id, record_id, cells)
      SELECT site_id, 'rooms', 'R-' || id, id, jsonb_build_object('name', name) FROM resources
        WHERE site_id = $1 AND kind = 'room'
      UNION ALL SELECT site_id, 'cases', 'C-' || number, id, '{}' FROM cases WHERE site_id = $1
      UNION ALL SELECT site_id, 'blocks', 'B-' || id, id, '{}' FROM block_templates WHERE site_id = $1
      UNION ALL SELECT site_id, 'people', 'P-' || user_id, user_id, '{}' FROM memberships WHERE site_id = $1
      UNION ALL SELECT $1, 'blocks', 'removed', gen_random_uuid(), '{}'`,
    [demoSite.id],
  );
  exported = await text(exportSite(from, demoSite.id, {}));
});
afterAll(async () => {
  await Promise.all([from.end(), to.end()]);
  await Promise.all([source.end(), target.end()]);
});

const requestAt = (siteId: string, userId: string) => ({
  siteId,
  userId,
  key: randomUUID(),
  name: 'importSite',
  fingerprint: createHash('sha256').update(siteId).digest(),
});

/** A new empty site and its administrator. */
async function emptySite(): Promise<{ siteId: string; userId: string }> {
  const [siteId, userId] = [randomUUID(), randomUUID()];
  await connected(target.ownerUrl, async (client) => {
    await client.query(`INSERT INTO sites (id, name, time_zone, settings) VALUES ($1, 'New', 'UTC', '{}')`, [
      siteId,
    ]);
    await client.query(
      `INSERT INTO users (id, email, name, password_hash, status) VALUES ($1, $2, 'Ada', '-', 'active')`,
      [userId, `${userId}@example.test`],
    );
    await client.query(`INSERT INTO memberships (site_id, user_id, role) VALUES ($1, $2, 'administrator')`, [
      siteId,
      userId,
    ]);
  });
  return { siteId, userId };
}
const importAt = ({ siteId, userId }: { siteId: string; userId: string }, document: SiteDocument) =>
  importSite({ pool: to, publish: () => {} }, requestAt(siteId, userId), () => document);
const read = (value: string) => readSiteDocument(Buffer.from(value));

async function boardOn(pool: Database, siteId: string, date: string) {
  const answer = await createBoardReader(pool)(siteId, { date, days: 1 }, { kind: 'all' });
  const { epoch: _, revision: __, site, ...rest } = boardShape.parse(JSON.parse(answer.json()));
  return contents({ ...rest, epoch: '', revision: 0, site: { ...site, id: '', version: 0 } });
}
async function casesAt(pool: Database, siteId: string) {
  const pages: unknown[] = [];
  for (let cursor: string | undefined; ;) {
    const { cases, next } = await listCases(pool, siteId, { days: 1, limit: 200, cursor }, { kind: 'all' });
    pages.push(...cases);
    if (next === null) return pages;
    cursor = next;
  }
}
const claimsAt = async (database: TestDatabase, siteId: string) =>
  (
    await queryDirectly(
      database.ownerUrl,
      `SELECT resource_id, case_id, closure_id, during::text, quantity, exclusive FROM claims c
        WHERE site_id = $1 AND upper(during) > $2 AND NOT EXISTS (SELECT FROM cases k WHERE k.site_id = c.site_id
          AND k.id = c.case_id AND (k.state = 'held' OR k.milestones <> '{}')) ORDER BY 1, 4, 2, 3`,
      [siteId, now],
    )
  ).rows;

describe('a whole site', () => {
  test('EI1 EI2 EI5 is the same after the import: boards of all days, lists, claims, and another export', async () => {
    const document = await read(exported);
    const site = await emptySite();
    const { body } = await importAt(site, document);
    expect(body).toMatchObject({
      site: { name: demoSite.name, timeZone: zone, settings: demoSite.settings },
      imported: { cases: document.cases.length, people: document.people.length },
      leftOut: [],
    });
    expect(document.cases.length).toBeGreaterThan(800);
    for (let ahead = -9; ahead <= 60; ahead++) {
      const date = addDays(today, ahead);
      expect(await boardOn(to, site.siteId, date)).toEqual(await boardOn(from, demoSite.id, date));
    }
    expect(await casesAt(to, site.siteId)).toEqual(
      (await casesAt(from, demoSite.id)).filter((item) => (item as { state: string }).state !== 'held'),
    );
    expect(await claimsAt(target, site.siteId)).toEqual(await claimsAt(source, demoSite.id));
    const again = siteDocument.parse(JSON.parse(await text(exportSite(to, site.siteId, {}))));
    const people = again.people.filter(({ id }) => id !== site.userId);
    expect(document.externalIds.filter(({ list }) => list === 'rooms').length).toBeGreaterThan(10);
    expect({ ...again, exportedAt: '', people }).toEqual({ ...document, exportedAt: '' });
    const broken = await checkInvariants(target.ownerUrl, site.siteId);
    expect(broken.filter((sentence) => !sentence.startsWith('FE2'))).toEqual([]);
  });

  test('EI3 has no holds, passwords or sessions, and only the cases since a date', async () => {
    const document = await read(exported);
    expect(document.people.length).toBeGreaterThan(3);
    expect(exported).not.toMatch(/password|hash of|On the phone/);
    expect(document).toMatchObject({
      holidays: [{ name: 'Founders’ Day' }],
      recurringClosures: [{ reason: 'Terminal cleaning' }],
    });
    const since = await read(await text(exportSite(from, demoSite.id, { since: today })));
    const ended = document.cases.filter(({ end }) => end !== null && localDateOf(end, zone) < today);
    expect(ended.length).toBeGreaterThan(50);
    expect(since.cases).toHaveLength(document.cases.length - ended.length);
    for (const { cases, externalIds } of [document, since]) {
      const ofCases = externalIds.filter(({ list }) => list === 'cases');
      expect(ofCases.map(({ recordId }) => recordId)).toEqual(cases.map(({ id }) => id));
    }
  });

  test('EI4 an export shows one moment, whatever is changed meanwhile', async () => {
    const parts = exportSite(from, demoSite.id, {});
    let whole = String((await parts.next()).value);
    const deps = { pool: from, publish: () => {} };
    const input = { kind: 'room' as const, name: 'Added meanwhile', capacity: 1, attributes: {} };
    await createResource(deps, requestAt(demoSite.id, administrator.id), input);
    for await (const part of parts) whole += part;
    expect((await read(whole)).resources).toHaveLength((await read(exported)).resources.length);
    expect(await text(exportSite(from, demoSite.id, {}))).toContain('Added meanwhile');
  });
});

test.each(['rooms', 'surgeons', 'equipment', 'beds', 'lists', 'procedures', 'blocks', 'people'] as const)(
  'IM1 the %s of the demo hospital, exported and imported again, stay as they are',
  async (kind) => {
    const setting = {
      pool: from,
      siteId: demoSite.id,
      deps: { pool: from, publish: () => {} },
      users: { administrator: administrator.id },
    };
    const { file, errors } = await check(setting, kind, await text(exportList(from, demoSite.id, kind)));
    expect(errors).toEqual([]);
    expect(file.lines).toBeGreaterThan(0);
    expect(file.counts).toMatchObject({ create: 0, change: 0, keep: file.lines });
  },
);

describe('an import', () => {
  test('EI5 of a file from before external ids were in it gives a site without them', async () => {
    const { externalIds: _, ...older } = demo();
    const site = await emptySite();
    await importAt(site, await read(JSON.stringify(older)));
    expect(JSON.parse(await text(exportSite(to, site.siteId, {})))).toMatchObject({ externalIds: [] });
  });

  const demo = () => demoDocument(demoHospital({ today, now }), now);
  const booked = (document: SiteDocument) =>
    document.cases.filter(
      ({ state, start }) => state === 'scheduled' && start !== null && start > addMinutes(now, 2880),
    );

  test('EI6 needs an empty site, and changes nothing when it is refused', async () => {
    const site = await emptySite();
    const deps = { pool: to, publish: () => {} };
    await createResource(deps, requestAt(site.siteId, site.userId), {
      kind: 'room',
      name: 'OR 1',
      capacity: 1,
      attributes: {},
    });
    expect(await refusalOf(importAt(site, demo()))).toMatchObject({ code: 'in_use' });
    const { rows } = await queryDirectly(target.ownerUrl, 'SELECT name FROM resources WHERE site_id = $1', [
      site.siteId,
    ]);
    expect(rows).toEqual([{ name: 'OR 1' }]);
  });

  test('EI6 of two at once, one succeeds', async () => {
    const site = await emptySite();
    const outcomes = await Promise.allSettled([importAt(site, demo()), importAt(site, demo())]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(
      await checkInvariants(target.ownerUrl, site.siteId).then((all) =>
        all.filter((each) => !each.startsWith('FE2')),
      ),
    ).toEqual([]);
  });

  test.each([
    [
      'a room twice',
      (document: SiteDocument) => {
        const [first, second] = booked(document);
        if (!first || !second) throw new Error('no cases');
        Object.assign(second, { roomId: first.roomId, start: first.start, end: first.end, list: null });
      },
    ],
    [
      'more equipment than there is',
      (document: SiteDocument) => {
        for (const item of booked(document).slice(0, 1)) {
          item.equipment = [{ resourceId: resourceNamed('C-arm').id, quantity: 5 }];
        }
      },
    ],
    [
      'a patient in two rooms',
      (document: SiteDocument) => {
        const [first, second] = booked(document);
        if (!first || !second) throw new Error('no cases');
        Object.assign(second, { patientRef: first.patientRef, start: first.start, end: first.end });
        document.cases = [first, { ...second, equipment: [], bed: null, surgeonId: null, list: null }];
      },
    ],
    [
      'closures of more units than there are',
      (document: SiteDocument) => {
        const [closure] = document.closures;
        if (!closure) throw new Error('no closures');
        document.closures.push({ ...closure, id: randomUUID(), quantity: 4 });
      },
    ],
  ])('EI7 a forged file cannot book %s', async (_, forge) => {
    const document = demo();
    forge(document);
    const site = await emptySite();
    const refusal = await refusalOf(importAt(site, document));
    expect(refusal.code).toBe('validation');
    expect(refusal.message).toMatch(
      /plans something twice, so nothing was imported: .+ needs (.+), (but .+ has it|more than)/,
    );
    const { rows } = await queryDirectly(target.ownerUrl, 'SELECT FROM resources WHERE site_id = $1', [
      site.siteId,
    ]);
    expect(rows).toEqual([]);
  });

  test('EI8 accounts that exist keep their password and role, and people of other sites are left out', async () => {
    const [site, other] = [await emptySite(), await emptySite()];
    const waiting = randomUUID();
    const known = (id: string) => `${id}@example.test`;
    await queryDirectly(
      target.ownerUrl,
      `INSERT INTO users (id, email, name, status) VALUES ($1, $2, 'Registered', 'pending')`,
      [waiting, known(waiting)],
    );
    const person: Omit<SiteDocument['people'][number], 'id' | 'email'> = {
      name: 'In the file',
      status: 'active',
      role: 'coordinator',
      surgeonIds: [],
    };
    const inFile = { boss: randomUUID(), waiting: randomUUID(), elsewhere: randomUUID() };
    const document = demo();
    document.people = [
      { ...person, id: inFile.boss, email: known(site.userId) },
      { ...person, id: inFile.waiting, email: known(waiting) },
      { ...person, id: inFile.elsewhere, email: known(other.userId) },
      { ...person, id: other.userId, email: 'new@example.test' },
    ];
    for (const [n, id] of [inFile.boss, inFile.waiting, inFile.elsewhere].entries()) {
      Object.assign(document.cases[n] ?? {}, { createdBy: id });
    }
    document.externalIds = document.people.map(({ id }) => ({
      list: 'people',
      externalId: `P-${id}`,
      recordId: id,
      cells: {},
    }));
    const { body } = await importAt(site, document);
    expect(body).toMatchObject({ leftOut: [known(other.userId)], imported: { people: 3 } });
    const { rows } = await queryDirectly(
      target.ownerUrl,
      `SELECT u.email, u.name, u.status, m.role, u.password_hash, u.id = $2 AS forged FROM memberships m
        JOIN users u ON u.id = m.user_id WHERE m.site_id = $1 ORDER BY u.name, m.role`,
      [site.siteId, other.userId],
    );
    expect(rows).toEqual([
      {
        email: known(site.userId),
        name: 'Ada',
        status: 'active',
        role: 'administrator',
        password_hash: '-',
        forged: false,
      },
      {
        email: 'new@example.test',
        name: 'In the file',
        status: 'active',
        role: 'coordinator',
        password_hash: null,
        forged: false,
      },
      {
        email: known(waiting),
        name: 'Registered',
        status: 'pending',
        role: 'coordinator',
        password_hash: null,
        forged: false,
      },
    ]);
    const again = siteDocument.parse(JSON.parse(await text(exportSite(to, site.siteId, {}))));
    const identified = new Map(again.externalIds.map((each) => [each.externalId, each.recordId]));
    expect(identified.size).toBe(3);
    expect(identified.get(`P-${inFile.boss}`)).toBe(site.userId);
    const creators = document.cases
      .slice(0, 3)
      .map(({ id }) => again.cases.find((each) => each.id === id)?.createdBy);
    expect(creators).toEqual([site.userId, waiting, inFile.elsewhere]);
  });

  test('EI9 EI10 new cases get numbers after the imported ones, and the site a new epoch', async () => {
    const document = demo();
    const last = document.cases[0];
    if (!last) throw new Error('no cases');
    last.number = 70_000;
    const site = await emptySite();
    const epoch = async () =>
      (await queryDirectly(target.ownerUrl, 'SELECT epoch FROM sites WHERE id = $1', [site.siteId])).rows;
    const before = await epoch();
    await importAt(site, document);
    expect(await epoch()).not.toEqual(before);
    const start = `${addDays(today, 100)}T12:00:00.000Z`;
    const input = {
      roomId: resourceNamed('Main OR 3').id,
      start,
      minutes: 60,
      title: 'New',
      overrideReason: 'Test',
    };
    const { body } = await placeHold(
      { pool: to, publish: () => {} },
      requestAt(site.siteId, site.userId),
      input,
    );
    expect((body['case'] as { number: number }).number).toBeGreaterThan(70_000);
  });

  test('SU8 the demo hospital keeps the time zone of the site, and brings no accounts', async () => {
    const site = await emptySite();
    const { body } = await loadDemo({ pool: to, publish: () => {} }, requestAt(site.siteId, site.userId));
    expect(body).toMatchObject({ site: { name: demoSite.name, timeZone: 'UTC' }, imported: { people: 0 } });
    expect(
      await refusalOf(loadDemo({ pool: to, publish: () => {} }, requestAt(site.siteId, site.userId))),
    ).toMatchObject({
      code: 'in_use',
    });
  });
});
