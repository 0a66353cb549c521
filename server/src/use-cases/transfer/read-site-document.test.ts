import { randomUUID } from 'node:crypto';
import { defaultSettings } from '@slate/shared/sites';
import type { SiteDocument } from '@slate/shared/site-document';
import { expect, test } from 'vitest';
import { refusalOf } from '../../../test/administer.ts';
import { demoDocument } from '../../seed/demo-document.ts';
import { demoHospital } from '../../seed/demo-hospital.ts';
import { readSiteDocument } from './read-site-document.ts';

const now = '2026-11-18T17:20:00.000Z';
const demo = demoDocument(demoHospital({ today: '2026-11-18', now }), now);
const bytes = (value: unknown) =>
  value instanceof Buffer ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

/** A file of format 1 as it was written at first. It must stay readable: give every new field a default. */
const firstFormat = {
  format: 'slate-site',
  version: 1,
  exportedAt: now,
  site: { name: 'St. Anna', timeZone: 'Europe/Vienna', settings: defaultSettings },
  resources: [
    { id: randomUUID(), kind: 'room', name: 'OR 1', capacity: 1, active: true, attributes: {}, version: 1 },
  ],
  procedures: [],
  holidays: [],
  blockTemplates: [],
  blocks: [],
  recurringClosures: [],
  closures: [],
  people: [
    {
      id: randomUUID(),
      email: 'a@example.org',
      name: 'Ada',
      status: 'active',
      role: 'office',
      surgeonIds: [],
    },
  ],
  cases: [],
};

test('EI5 reads what was exported, and files of the first format', async () => {
  expect(await readSiteDocument(bytes(demo))).toEqual(demo);
  // It has fields that were added later, with their defaults.
  expect(await readSiteDocument(bytes(`\uFEFF${JSON.stringify(firstFormat)}`))).toMatchObject({
    ...firstFormat,
    externalIds: [],
  });
});

const edited = (edit: (document: SiteDocument) => unknown) => {
  const document = structuredClone(demo);
  edit(document);
  return document;
};
const [room, surgeon] = ['room', 'surgeon'].map(
  (kind) => demo.resources.find((each) => each.kind === kind)?.id ?? '',
);

test.each<[string, unknown, RegExp]>([
  ['cut off', JSON.stringify(demo).slice(0, -100), /damaged or not complete: it is not JSON/],
  [
    'of another encoding',
    Buffer.from('{"format":"slate-site","name":"München"}', 'latin1'),
    /not JSON in UTF-8/,
  ],
  ['something else', { rooms: [] }, /not an export of a Slate site/],
  ['not an object', '[]', /not an export of a Slate site/],
  ['newer', { ...demo, version: 2 }, /newer version of Slate \(format 2, this server reads 1\)/],
  ['without a list', { ...demo, cases: undefined }, /^cases: /],
  ['with an unknown list', { ...demo, robots: [] }, /Isn’t a known field/],
  [
    'with a wrong value',
    edited(({ cases }) => Object.assign(cases[3] ?? {}, { minutes: 3 })),
    /^cases\.3\.minutes: Must be at least 5/,
  ],
  [
    'with a hold',
    edited(({ cases }) => Object.assign(cases[3] ?? {}, { state: 'held' })),
    /^cases\.3\.state: /,
  ],
  [
    'with a case twice',
    edited(({ cases }) => cases.push(...cases.slice(0, 1))),
    /^cases: Two items have the same id/,
  ],
  [
    'with a number twice',
    edited(({ cases }) => Object.assign(cases[1] ?? {}, { number: cases[0]?.number })),
    /^cases\.1: Another case has the number/,
  ],
  [
    'with an unknown room',
    edited(({ blocks }) => Object.assign(blocks[2] ?? {}, { roomId: randomUUID() })),
    /^blocks\.2: Names a room that is not in the file/,
  ],
  [
    'with a surgeon for a room',
    edited(({ blocks }) => Object.assign(blocks[2] ?? {}, { roomId: surgeon })),
    /^blocks\.2: Names a room/,
  ],
  [
    'with a room for equipment',
    edited(({ cases }) => Object.assign(cases[1] ?? {}, { equipment: [{ resourceId: room, quantity: 1 }] })),
    /^cases\.1: Names equipment/,
  ],
  [
    'with an unknown procedure',
    edited(({ cases }) => Object.assign(cases[1] ?? {}, { procedureId: randomUUID() })),
    /^cases\.1: Names a procedure/,
  ],
  [
    'with an external id of an unknown room',
    edited(({ externalIds }) =>
      externalIds.push({ list: 'rooms', externalId: 'R-1', recordId: surgeon ?? '', cells: {} }),
    ),
    /^externalIds\.0: Names a room that is not in the file/,
  ],
  [
    'with overlapping blocks',
    edited(({ blocks }) =>
      blocks.push({ ...(blocks[0] as SiteDocument['blocks'][number]), id: randomUUID() }),
    ),
    /Two blocks of one room overlap/,
  ],
  [
    'with a closure that ends first',
    edited(({ closures }) =>
      Object.assign(closures[0] ?? {}, { end: now, start: '2027-01-01T00:00:00.000Z' }),
    ),
    /^closures\.0: Ends before it starts/,
  ],
  [
    'with a booked case without a room',
    edited(({ cases }) => {
      const item = cases.find(({ state }) => state === 'scheduled');
      Object.assign(item ?? {}, { roomId: null, start: null, end: null });
    }),
    /^cases\.\d+: Is booked, but has no room and time/,
  ],
])('EI5 a file that is %s is refused with a sentence', async (_, value, sentence) => {
  const refusal = await refusalOf(readSiteDocument(bytes(value)));
  expect(refusal.code).toBe('validation');
  expect(refusal.message).toMatch(sentence);
});

test('EI5 other requests are answered while a long file is checked', async () => {
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  await readSiteDocument(bytes(demo));
  clearInterval(count);
  expect(turns).toBeGreaterThan(3);
});
