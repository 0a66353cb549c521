import type { Resource } from '@slate/shared/resources';
import { describe, expect, test } from 'vitest';
import { aProcedure, aResource } from '../../../../../../test/small-board.ts';
import { parsePhrase } from './phrase.ts';
import type { Vocabulary } from './phrase.ts';

const rooms = [
  ...Array.from({ length: 12 }, (_none, n) => aResource('room', `Main OR ${n + 1}`)),
  aResource('room', 'Ambulatory 1'),
  aResource('room', 'Ambulatory 2'),
  aResource('room', 'Cysto'),
];
const ortho = { attributes: { service: 'Orthopedics' } };
const surgeons = [
  aResource('surgeon', 'Haddad A', ortho),
  aResource('surgeon', 'Okafor N'),
  aResource('surgeon', 'Tran H', ortho),
  aResource('surgeon', 'Tran K'),
  aResource('surgeon', 'Hall B'),
];
const arthroscopy = aProcedure('Knee arthroscopy', 44);
const knee = aProcedure('Total knee arthroplasty', 105);
const procedures = [
  arthroscopy,
  knee,
  aProcedure('Navigated total knee arthroplasty', 118),
  aProcedure('Laparoscopic cholecystectomy', 73),
  aProcedure('Laparoscopic appendectomy', 62),
  aProcedure('Coronary artery bypass grafting', 306),
  aProcedure('Transurethral resection of the prostate', 62),
  aProcedure('Hallux valgus correction', 60),
];
const vocabulary: Vocabulary = {
  today: '2026-11-20',
  time: '10:00',
  equipment: [],
  titles: [],
  rooms,
  surgeons,
  procedures,
  usage: (id) => (id === knee.id ? 3 : 0),
};

const readingOf = (text: string) => {
  const { verb, clock, date, minutes, unknown, ...phrase } = parsePhrase(text, vocabulary);
  const names = (of: readonly { name: string }[]) => of.map(({ name }) => name);
  return {
    verb,
    room: names(phrase.rooms).join(' or '),
    time: clock?.time ?? null,
    other: clock?.other ?? null,
    date,
    minutes,
    procedure: phrase.procedures[0]?.name ?? null,
    surgeon: names(phrase.surgeons).join(' or '),
    unknown,
  };
};
const emptyReading = {
  verb: null,
  room: '',
  time: null,
  other: null,
  date: null,
  minutes: null,
  procedure: null,
  surgeon: '',
  unknown: [],
};

const fullReading = {
  ...emptyReading,
  verb: 'hold',
  room: 'Main OR 9',
  time: '12:15',
  minutes: 90,
  procedure: 'Total knee arthroplasty',
  surgeon: 'Haddad A',
};

test.each([
  'hold or 9 12:15 90m knee haddad',
  'hold 12:15 or 9 haddad knee 90m',
  'HOLD  OR9, 1215 90 min total knee, Dr. Haddád',
  'hold knee haddad a 1h30 main or 9 12.15pm',
  'place or-09 12:15-13:45 knee haddad',
  'hold a knee for haddad in or 9 at 12:15 for 90',
  'book or 9 from 12:15 to 13:45 total knee with dr haddad a',
  'hold or 9 12:15 90 knee had',
])('the whole phrase “%s” is understood', (text) => {
  expect(readingOf(text)).toEqual(fullReading);
});

describe('a time of day', () => {
  test.each([
    ['12:15', '12:15', null],
    ['07:30', '07:30', null],
    ['7:30', '07:30', null],
    ['0730', '07:30', null],
    ['9am', '09:00', null],
    ['9 am', '09:00', null],
    ['12am', '00:00', null],
    ['12pm', '12:00', null],
    ['2:30pm', '14:30', null],
    ['2:30 p.m.', '14:30', null],
    ['noon', '12:00', null],
    ['at 9', '09:00', null],
    ['at 2', '14:00', '02:00'],
    ['1:15', '13:15', '01:15'],
    ['01:15', '01:15', null],
    ['23:59', '23:59', null],
  ])('%s', (text, time, other) => {
    expect(readingOf(text)).toEqual({ ...emptyReading, time, other });
  });

  test.each(['25:00', '12:75', '13pm', '0pm', '2460'])('%s is not a time of day', (text) => {
    expect(readingOf(text)).toMatchObject({ time: null, unknown: [text] });
  });
});

describe('a length', () => {
  test.each([
    ['90m', 90],
    ['90min', 90],
    ['90 minutes', 90],
    ['1h', 60],
    ['1h30', 90],
    ['1h30m', 90],
    ['1h 30m', 90],
    ['1.5h', 90],
    ['1:30h', 90],
    ['2 hours', 120],
    ['for 45', 45],
    ['45', 45],
  ])('%s', (text, minutes) => {
    expect(readingOf(text)).toEqual({ ...emptyReading, minutes });
  });

  test.each(['3m', '0m', '9999m', '30h'])('%s is too short or too long for a length', (text) => {
    expect(readingOf(text)).toMatchObject({ minutes: null });
    expect(readingOf(text).unknown).toHaveLength(1);
  });
});

describe('from and to', () => {
  test.each([
    ['12:15-13:45', '12:15', 90],
    ['12:15–13:45', '12:15', 90],
    ['0800-0930', '08:00', 90],
    ['8-9:30am', '08:00', 90],
    ['23:30-00:30', '23:30', 60],
    ['from 8:00 until 9:00', '08:00', 60],
    ['1:15-3:00', '13:15', 105],
    ['6:00-10:30', '06:00', 270],
  ])('%s', (text, time, minutes) => {
    expect(readingOf(text)).toMatchObject({ time, minutes, unknown: [] });
  });
});

describe('a day', () => {
  test.each([
    ['today', '2026-11-20'],
    ['tomorrow', '2026-11-21'],
    ['fri', '2026-11-20'],
    ['next fri', '2026-11-27'],
    ['monday', '2026-11-23'],
    ['on tue', '2026-11-24'],
    ['12 dec', '2026-12-12'],
    ['dec 12', '2026-12-12'],
    ['12th december 2027', '2027-12-12'],
    ['3 jan', '2027-01-03'],
    ['1 nov', '2026-11-01'],
    ['12/24', '2026-12-24'],
    ['12/24/2026', '2026-12-24'],
    ['2026-12-24', '2026-12-24'],
    ['in 3 days', '2026-11-23'],
    ['in 2 weeks', '2026-12-04'],
  ])('%s', (text, date) => {
    expect(readingOf(text)).toEqual({ ...emptyReading, date });
  });

  test.each(['30 feb', '13/13', '2026-02-30'])('%s does not exist', (text) => {
    expect(readingOf(text).date).toBeNull();
  });
});

describe('a room', () => {
  test.each([
    ['or 9', 'Main OR 9'],
    ['or9', 'Main OR 9'],
    ['or 09', 'Main OR 9'],
    ['main 9', 'Main OR 9'],
    ['or 1', 'Main OR 1'],
    ['amb 1', 'Ambulatory 1'],
    ['ambulatory 2', 'Ambulatory 2'],
    ['cysto', 'Cysto'],
    ['room 1', 'Main OR 1 or Ambulatory 1'],
    ['theatre 12', 'Main OR 12'],
  ])('%s', (text, room) => {
    expect(readingOf(text)).toEqual({ ...emptyReading, room });
  });

  test('is not matched by the first digits of its number', () => {
    expect(readingOf('hold or 99 12:15')).toMatchObject({ room: '', time: '12:15' });
  });
});

describe('surgeon and procedure', () => {
  test('an initial decides between two surgeons of one name', () => {
    expect(readingOf('tran').surgeon).toBe('Tran H or Tran K');
    expect(readingOf('tran k').surgeon).toBe('Tran K');
    expect(readingOf('dr tran h').surgeon).toBe('Tran H');
  });

  test('a complete name means the surgeon, even if a procedure starts with it', () => {
    expect(readingOf('hall')).toMatchObject({ surgeon: 'Hall B', procedure: null });
    expect(readingOf('hallux')).toMatchObject({ surgeon: '', procedure: 'Hallux valgus correction' });
  });

  test('the most common of several matching procedures comes first', () => {
    const { procedures: fitting } = parsePhrase('knee', vocabulary);
    expect(fitting.map(({ name }) => name)).toEqual([
      'Total knee arthroplasty',
      'Knee arthroscopy',
      'Navigated total knee arthroplasty',
    ]);
    expect(readingOf('knee arthroscopy').procedure).toBe('Knee arthroscopy');
    expect(readingOf('nav knee').procedure).toBe('Navigated total knee arthroplasty');
  });

  test.each([
    ['lap chole', 'Laparoscopic cholecystectomy'],
    ['tka', 'Total knee arthroplasty'],
    ['cabg', 'Coronary artery bypass grafting'],
    ['turp', 'Transurethral resection of the prostate'],
    ['appy', 'Laparoscopic appendectomy'],
  ])('%s', (text, procedure) => {
    expect(readingOf(text)).toMatchObject({ procedure, unknown: [] });
  });
});

describe('unknown words', () => {
  test('are named, and the rest is still understood', () => {
    expect(readingOf('hold or 9 12:15 90m knee haddad xyzzy')).toEqual({
      ...fullReading,
      unknown: ['xyzzy'],
    });
    expect(readingOf('hold knee hernia or 9')).toMatchObject({ procedure: knee.name, unknown: ['hernia'] });
  });

  test('include parts that the phrase repeats', () => {
    expect(readingOf('hold or 9 or 4 12:15 13:00')).toMatchObject({
      room: 'Main OR 9',
      time: '12:15',
      unknown: ['or 4', '13:00'],
    });
  });

  test.each(['', '   ', '???', 'ö ß 🦴', ',,,', '-', '"; drop', '9'.repeat(200), 'a '.repeat(200)])(
    'include all of a meaningless phrase: %j',
    (text) => {
      const { unknown, ...phrase } = readingOf(text);
      expect(phrase).toMatchObject({ room: '', time: null, date: null, minutes: null, surgeon: '' });
      expect(Array.isArray(unknown)).toBe(true);
    },
  );
});

test('the verb find asks for openings', () => {
  expect(readingOf('find 90m knee haddad tomorrow')).toEqual({
    ...fullReading,
    verb: 'find',
    room: '',
    time: null,
    date: '2026-11-21',
  });
});

test('a room with its number wins over a surgeon of the same name', () => {
  const others: Resource[] = [aResource('surgeon', 'Main O')];
  expect(parsePhrase('main 9', { ...vocabulary, surgeons: others }).rooms).toHaveLength(1);
});
