import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cellsOf,
  columnsOf,
  listKinds,
  neutralized,
  proposeMapping,
  rememberMapping,
  restored,
} from './columns.ts';
import type { ListKind, ListValues } from './columns.ts';
import { createNames, Problem } from './names.ts';
import type { Named } from './names.ts';

const zone = 'Europe/Berlin';
const named = (kind: Named['kind'], id: string, name: string, externalId: string | null = null): Named => ({
  kind,
  id,
  name,
  externalId,
});
const names = createNames(
  [
    named('room', 'r1', 'OR 1', 'A-1'),
    named('room', 'r2', 'OR 2'),
    named('room', 'r3', 'or 2'),
    named('surgeon', 's1', 'Dr. Kraus; M.'),
    named('equipment', 'e1', 'C-arm'),
    named('equipment', 'e2', 'Microscope x2'),
    named('bed', 'b1', 'PACU'),
    named('list', 'l1', 'Cataracts'),
    named('procedure', 'p1', 'Total knee'),
  ],
  zone,
);

const examples: { [Kind in ListKind]: ListValues<Kind> } = {
  rooms: {
    externalId: 'A-1',
    name: 'OR 1',
    capabilities: ['Robot', 'Laser'],
    hours: [
      { days: [1, 2, 3, 5], open: '07:00', close: '17:00' },
      { days: [6], open: '08:00', close: '24:00' },
    ],
    position: 3,
    setupMinutes: 0,
    active: false,
  },
  surgeons: { name: '=Kraus', service: 'Ortho', active: true },
  equipment: { name: 'C-arm', capacity: 2, transportMinutes: 0, reprocessMinutes: 30 },
  beds: { name: 'PACU', capacity: 12 },
  lists: { name: 'Cataracts', capacity: 4 },
  procedures: {
    name: 'Total knee',
    minutes: 90,
    turnoverByRoom: [
      { roomId: 'r1', setupMinutes: 30, cleanupMinutes: 20 },
      { roomId: 'r2', setupMinutes: 0, cleanupMinutes: 240 },
    ],
    equipment: [
      { resourceId: 'e1', quantity: 2 },
      { resourceId: 'e2', quantity: 1 },
    ],
    bed: 'b1',
    nights: 2,
  },
  blocks: {
    room: 'r2',
    weekdays: [1, 3],
    start: '07:00',
    end: '24:00',
    from: '2026-12-01',
    surgeons: ['s1'],
    list: 'l1',
  },
  people: { name: 'Ada', email: 'ada@example.test', role: 'office', surgeons: ['s1'] },
  // The second of two equal local times.
  cases: {
    room: 'r1',
    start: '2026-10-25T01:30:00.000Z',
    urgency: 'urgent',
    procedure: 'p1',
    note: 'Two\nlines',
  },
};

test('IM1 what is written into the cells of a line is read as the same values', () => {
  for (const kind of listKinds) {
    const values = examples[kind] as Record<string, unknown>;
    const cells = cellsOf(kind, values, names);
    const read = columnsOf(kind).flatMap(({ id, column }, index) => {
      const cell = cells[index] ?? '';
      return cell === '' ? [] : [[id, column.format.read(cell, names)]];
    });
    expect({ kind, ...Object.fromEntries(read) }).toEqual({ kind, ...values });
  }
});

test('IM1 a name that two records have does not name one of them', () => {
  expect(names.find('room', 'a-1')).toBe('r1');
  expect(names.find('room', ' or 1 ')).toBe('r1');
  expect(names.find('room', 'OR 2')).toEqual(
    new Problem('More than one room is called “OR 2”. Use the ID instead.'),
  );
  expect(names.textOf('room', 'r2')).toBe('r2');
  expect(names.find('room', 'OR 9')).toEqual(
    new Problem('There is no room “OR 9” here. Correct the name, or add it first.'),
  );
});

const read = (kind: ListKind, id: string, text: string) =>
  columnsOf(kind)
    .find((each) => each.id === id)
    ?.column.format.read(text, names);

test('IM1 cells are read as people write them', () => {
  expect(read('blocks', 'weekdays', 'monday, Wed–Fri')).toEqual([1, 3, 4, 5]);
  expect(read('blocks', 'start', '7:30 pm')).toBe('19:30');
  expect(read('blocks', 'from', '12/31/2026')).toBe('2026-12-31');
  expect(read('blocks', 'from', '31.12.2026')).toBe('2026-12-31');
  expect(read('cases', 'start', '12/1/2026 7:30 AM')).toBe('2026-12-01T06:30:00.000Z');
  expect(read('procedures', 'minutes', '90.0')).toBe(90);
  for (const [kind, id, text] of [
    ['blocks', 'weekdays', 'Mon, Someday'],
    ['blocks', 'weekdays', 'Fri-Mon'],
    ['blocks', 'start', '25:00'],
    ['blocks', 'from', '2026-02-30'],
    ['procedures', 'minutes', '1.5 hours'],
    ['procedures', 'turnoverByRoom', 'OR 1 30'],
    ['rooms', 'hours', 'Mon 7 to late'],
    ['rooms', 'active', 'maybe'],
    ['people', 'role', 'boss'],
    ['cases', 'start', '2026-12-01'],
  ] as const) {
    expect([text, read(kind, id, text) instanceof Problem]).toEqual([text, true]);
  }
});

test('IM1 a local time that a clock change skips or repeats is named as such', () => {
  expect(read('cases', 'start', '2026-03-29 02:30')).toEqual(
    new Problem(
      '2026-03-29 02:30 doesn’t exist in Europe/Berlin: the clocks go forward. Choose another time.',
    ),
  );
  expect(read('cases', 'start', '2026-10-25 02:30')).toEqual(
    new Problem(
      '2026-10-25 02:30 happens twice in Europe/Berlin. Write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00.',
    ),
  );
  expect(read('cases', 'start', '2026-10-25T02:30:00+01:00')).toBe('2026-10-25T01:30:00.000Z');
});

test('IM1 a cell that a spreadsheet would run is neutralized, and restored when it is read', () => {
  expect(neutralized('=1+1')).toBe("'=1+1");
  expect(restored("'Quoted'")).toBe("'Quoted'");
  fc.assert(fc.property(fc.string(), (cell) => restored(neutralized(cell)) === cell));
  fc.assert(fc.property(fc.string(), (cell) => !/^[=+\-@\t\r]/.test(neutralized(cell))));
});

test('IM2 a mapping is proposed by headings, and as remembered; each column is used once', () => {
  const headings = ['Room', 'ID', 'name', 'Remarks', 'ID'];
  expect(proposeMapping('rooms', headings)).toEqual([null, 'externalId', 'name', null, null]);
  expect(proposeMapping('rooms', ['Room', 'Code'])).toEqual(['name', 'externalId']);
  expect(proposeMapping('cases', ['State', 'MRN'])).toEqual([null, 'patient']);
  const remembered = rememberMapping(['Room', 'Remarks', 'Code'], ['area', 'service', null]);
  expect(proposeMapping('rooms', ['Remarks', 'Room', 'Code', 'Name'], remembered)).toEqual([
    'service',
    'area',
    null,
    'name',
  ]);
});
