import { randomUUID } from 'node:crypto';
import { defaultSettings } from '@slate/shared/sites';
import { addDays, localDay } from '@slate/shared/time';
import { expect, test } from 'vitest';
import { aCase, aResource, at, date, uuid, zone } from '../../../../test/small-board.ts';
import { readLastBoard, textOfLastBoard } from './last-board.ts';
import type { KeptDays } from './last-board.ts';

const site = {
  id: uuid(2),
  name: 'Mercy General',
  timeZone: zone,
  role: 'office',
  surgeonIds: [uuid(7)],
} as const;
const me = {
  id: uuid(1),
  email: 'kraus@example.org',
  name: 'M. Kraus',
  sites: [{ ...site, surgeonIds: [uuid(7)] }],
};
const rooms = ['OR 1', 'OR 2'].map((name) => aResource('room', name));
const cases = rooms.map((room) => aCase(room, '10:00', 90, { patientRef: 'DEMO-1', note: 'A "note"' }));

const savedDay = (on = date): KeptDays => ({
  date: on,
  days: 1,
  board: {
    epoch: randomUUID(),
    revision: 7,
    at: at('09:42'),
    range: localDay(on, zone),
    site: {
      id: site.id,
      name: site.name,
      timeZone: zone,
      settings: defaultSettings,
      reasons: [],
      version: 1,
    },
    resources: rooms,
    procedures: [],
    blocks: [],
    closures: [],
    cases,
    busy: [],
    depot: [],
  },
});
const savedText = (days: readonly KeptDays[] = [savedDay()]) => textOfLastBoard(me, site.id, days);
type Saved = { me: object; siteId: string; format: number; days: { days: unknown; board: Lists }[] };
type Lists = { cases: Record<string, unknown>[] };
/** The saved text after a change. */
const changedText = (change: (saved: Saved, item: Record<string, unknown>) => unknown) => {
  const saved = JSON.parse(savedText()) as Saved;
  change(saved, saved.days[0]?.board.cases[0] ?? {});
  return JSON.stringify(saved);
};

test('DK11 a saved board is read unchanged', () => {
  const days = [savedDay(), savedDay(addDays(date, 3))];
  expect(readLastBoard(savedText(days))).toEqual({ me, site, days });
  expect(readLastBoard(savedText([]))).toEqual({ me, site, days: [] });
});

test.each<[string, Parameters<typeof changedText>[0]]>([
  ['a value is missing', (_saved, item) => delete item['state']],
  ['a value has another type', (_saved, item) => Object.assign(item, { minutes: 'long' })],
  ['it has an older version', (saved) => Object.assign(saved, { days: { board: {} } })],
])('DK11 a saved board is not shown if %s, but its owner can still be read', (_why, change) => {
  expect(readLastBoard(changedText(change))).toEqual({ me, site, days: null });
});

test.each([
  ['nothing', ''],
  ['half of it', savedText().slice(0, 400)],
  ['another format', changedText((saved) => Object.assign(saved, { format: 2 }))],
  ['the board of a site without a role', changedText((saved) => Object.assign(saved, { siteId: uuid(3) }))],
])('DK11 %s is not read as a board', (_what, contents) => {
  expect(readLastBoard(contents)).toBeNull();
});

test('DK11 fields of a newer server are ignored', () => {
  const newer = changedText((saved, item) => {
    Object.assign(item, { robotArm: 3 });
    Object.assign(saved.me, { pronouns: 'she' });
  });
  expect(readLastBoard(newer)?.days?.[0]?.board.cases).toHaveLength(2);
});
