import { defaultSettings } from '@slate/shared/sites';
import { expect, test } from 'vitest';
import { aCase, aProcedure, aResource, at, zone } from '../../../../../test/small-board.ts';
import { valuesOf } from '../../stores/typed.ts';
import type { Draft } from '../../stores/drafts.ts';
import type { Typed } from '../../stores/typed.ts';
import { contested, parseForm, missingIn } from './parse-form.ts';

const room = aResource('room', 'OR 1');
const tower = aResource('equipment', 'Tower', { capacity: 3 });
const ward = aResource('bed', 'PACU', { capacity: 8 });
const haddad = aResource('surgeon', 'Haddad A', { attributes: { service: 'Orthopedics' } });
const knee = {
  ...aProcedure('Total knee', 105),
  equipment: [{ resourceId: tower.id, quantity: 1 }],
  bed: { resourceId: ward.id, nights: 2 },
};
const catalog = {
  procedures: [knee],
  resources: new Map([room, tower, ward, haddad].map((each) => [each.id, each])),
  settings: defaultSettings,
  zone,
};
const hold = aCase(room, '12:15', 90, { state: 'held', title: null });
const parse = (typed: Typed) => parseForm(hold, typed, catalog);

test('a form without entries has nothing to send', () => {
  expect(parse({})).toMatchObject({ details: {}, start: null, errors: {}, isChanged: false });
  expect(parse({ minutes: '90', note: '' }).isChanged).toBe(false);
});

test('a procedure fills length, service, equipment and bed', () => {
  const { candidate, details } = parse({ procedureId: knee.id });
  expect(candidate).toMatchObject({
    title: 'Total knee',
    minutes: 105,
    end: at('14:00'),
    service: 'Orthopedics',
    equipment: knee.equipment,
    bed: knee.bed,
  });
  expect(details).toEqual({ procedureId: knee.id });
});

test('values that the person typed replace those of the procedure, and are sent with it', () => {
  const { candidate, details } = parse({ procedureId: knee.id, minutes: '90', bed: null, equipment: [] });
  expect(candidate).toMatchObject({ minutes: 90, bed: null, equipment: [] });
  expect(details).toEqual({ procedureId: knee.id, minutes: 90, bed: null, equipment: [] });
});

test('the service is the surgeon’s if there is no procedure', () => {
  expect(parse({ surgeonId: haddad.id }).details).toEqual({
    surgeonId: haddad.id,
    service: 'Orthopedics',
  });
});

test('a typed start is in the time zone of the site', () => {
  const { start, candidate } = parse({ start: '1300' });
  expect(start).toBe('2026-11-20T13:00');
  expect(candidate).toMatchObject({ start: at('13:00'), end: at('14:30') });
});

test('the form refuses the same values as the server, in the same words', () => {
  expect(parse({ minutes: '3' }).errors).toEqual({ minutes: 'Must be at least 5 minutes.' });
  expect(parse({ minutes: 'long' }).errors.minutes).toMatch(/^Enter the length/);
  expect(parse({ start: '25:00' }).errors.start).toMatch(/^Enter the time/);
  expect(parse({ patientRef: 'x'.repeat(65) }).errors).toEqual({
    patientRef: 'Must be at most 64 characters.',
  });
  expect(parse({ minutes: 'long' }).candidate.minutes).toBe(90);
});

test('BK10 an urgent case cannot have a due time that the clocks skip', () => {
  const skipped = parse({ urgency: 'urgent', dueBy: '2027-03-14T02:30' });
  expect(skipped.errors.dueBy).toMatch(/^This time doesn’t exist that day/);
  expect(parse({ urgency: 'urgent', dueBy: '2027-03-14T03:30' })).toMatchObject({
    errors: {},
    details: { dueBy: '2027-03-14T08:30:00.000Z' },
  });
});

test('booking needs a procedure or title, and a surgeon', () => {
  expect(Object.keys(missingIn(parse({}).candidate))).toEqual(['procedureId', 'surgeonId']);
  expect(missingIn(parse({ title: 'Hip', surgeonId: haddad.id }).candidate)).toEqual({});
});

test('a field is contested if both people changed it differently', () => {
  const draft: Draft = {
    item: { ...hold, note: 'theirs', minutes: 100, patientRef: 'DEMO-1' },
    wasOnBoard: true,
    typed: { note: 'mine', minutes: '100', patientRef: 'DEMO-2' },
    edition: {},
    baseline: { note: '', minutes: '90', patientRef: 'DEMO-1' },
    errors: {},
    initial: { ...valuesOf(hold, zone), roomId: room.id },
    isRedacted: false,
    isSaving: false,
  };
  expect(contested(draft, zone)).toEqual(['note']);
});

test('BK10 a due time that the clocks skip is an error at its field', () => {
  expect(parse({ dueBy: '2027-03-14T02:30' }).errors).toHaveProperty('dueBy');
  expect(parse({ dueBy: '2027-03-14T03:30' }).errors).toEqual({});
});
