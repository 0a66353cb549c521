import { expect, test } from 'vitest';
import { aCase, aProcedure, aResource, at, date, loadBoard } from '../../../../../../test/small-board.ts';
import { parsePhrase } from '../phrase/phrase.ts';
import { detailsOf, judgedHold, proposalsOf } from './proposals.ts';
import type { Here } from './proposals.ts';

const rooms = [aResource('room', 'OR 4'), aResource('room', 'OR 9')];
const [room4, room9] = rooms as [(typeof rooms)[0], (typeof rooms)[0]];
const haddad = aResource('surgeon', 'Haddad A');
const knee = aProcedure('Total knee', 105);
const scope = aProcedure('Knee arthroscopy', 40);
const taken = aCase(room9, '12:00', 60, { title: 'Hernia' });
const view = loadBoard({ resources: [...rooms, haddad], procedures: [knee, scope], cases: [taken] });

function propose(text: string, here: Here | null = null, on = view) {
  const vocabulary = {
    today: date,
    time: '06:00',
    rooms,
    surgeons: [haddad],
    equipment: [],
    procedures: [knee, scope],
    titles: [],
    usage: () => 0,
  };
  return proposalsOf(parsePhrase(text, vocabulary), on, here, at('06:00'));
}
const caller = { me: null, now: at('06:00'), isOffice: false };

test('a whole phrase gives a place and its details', () => {
  const [first] = propose('hold or 9 12:15 90m knee haddad');
  expect(first?.place).toEqual({ roomId: room9.id, start: at('12:15'), end: at('13:45') });
  expect(first && detailsOf(first)).toEqual({ procedureId: knee.id, surgeonId: haddad.id });
});

test('the length is the typed one, the one of the procedure, or the default', () => {
  expect(propose('hold or 9 12:15 90m knee')[0]?.minutes).toBe(90);
  expect(propose('hold or 9 12:15 knee')[0]?.minutes).toBe(105);
  expect(propose('hold or 9 12:15')[0]?.minutes).toBe(60);
});

test('a typed day replaces the shown one', () => {
  expect(propose('hold or 9 12:15 tomorrow')[0]?.start).toBe(at('12:15', '2026-11-21'));
});

test.each([
  ['hold knee', /room and a time/],
  ['hold 12:15 knee', /a room/],
  ['hold or 9 knee', /a time/],
])('the proposal for “%s” names the missing part', (text, missing) => {
  const [only, ...others] = propose(text);
  expect(only).toMatchObject({ place: null, missing: expect.stringMatching(missing) as string });
  expect(others).toEqual([]);
});

test('the cursor on free time fills in the missing room, time and length', () => {
  const here = { roomId: room4.id, at: at('15:00'), minutes: 75 };
  expect(propose('hold haddad', here)[0]?.place).toEqual({
    roomId: room4.id,
    start: at('15:00'),
    end: at('16:15'),
  });
  expect(propose('hold or 9 12:15 haddad', here)[0]?.place?.roomId).toBe(room9.id);
  expect(propose('hold or 9 haddad', here)[0]?.place).toBeNull();
});

test('the most likely meaning comes first', () => {
  const meant = propose('hold or 4 1:15 knee');
  expect(meant.map(({ start, procedure }) => [start, procedure?.name])).toEqual([
    [at('13:15'), 'Total knee'],
    [at('01:15'), 'Total knee'],
    [at('13:15'), 'Knee arthroscopy'],
  ]);
});

test('a skipped time gives no proposal; a repeated one gives two', () => {
  const spring = loadBoard({ resources: rooms }, '2026-03-08');
  expect(propose('hold or 4 02:30', null, spring)[0]).toMatchObject({
    place: null,
    missing: expect.stringContaining('doesn’t exist') as string,
  });
  const autumn = loadBoard({ resources: rooms }, '2026-11-01');
  expect(propose('hold or 4 01:30', null, autumn).map(({ start }) => start)).toEqual([
    '2026-11-01T06:30:00.000Z',
    '2026-11-01T07:30:00.000Z',
  ]);
});

test('a proposal shows the conflicts on the loaded board', () => {
  const judge = (text: string) => {
    const [first] = propose(text);
    return first && judgedHold(view, first, caller);
  };
  expect(judge('hold or 9 12:15 haddad')).toEqual({
    tone: 'bad',
    text: '✕ OR 9 is taken by Hernia until 13:00',
  });
  expect(judge('hold or 4 12:15 haddad')?.tone).toBe('good');
  expect(judge('hold or 4 12:15 tomorrow')?.tone).toBe('unknown');
  expect(judge('hold or 4')).toBeNull();
});
