import { openingsSearch } from '@slate/shared/contract/reads';
import { expect, test } from 'vitest';
import {
  aCase,
  aProcedure,
  aResource,
  at,
  date,
  loadBoard,
  uuid,
  zone,
} from '../../../../test/small-board.ts';
import { emptyCriteria, holdFieldsOf, searchOf, usualMinutes, criteriaFor } from './criteria.ts';

const arm = { resourceId: uuid(7), quantity: 1 };

test('a search does not send the values of the procedure', () => {
  const criteria = { ...emptyCriteria(date), procedureId: uuid(5) };
  expect(searchOf(criteria, 'Orthopedics')).toEqual({
    date,
    days: 7,
    blocks: 'any',
    limit: 30,
    urgency: 'elective',
    procedureId: uuid(5),
  });
  expect(holdFieldsOf(criteria)).toEqual({ procedureId: uuid(5) });
});

test('the service is the surgeon’s if there is no procedure', () => {
  expect(searchOf({ ...emptyCriteria(date), surgeonId: uuid(6) }, 'Urology')).toMatchObject({
    service: 'Urology',
    surgeonId: uuid(6),
  });
});

test('OP13 the search for a depot case uses its needs, its urgency and its due time', () => {
  const bed = { resourceId: uuid(8), nights: 2 };
  const dueBy = at('12:00', '2026-11-22');
  const more = { surgeonId: uuid(6), equipment: [arm], bed, urgency: 'urgent', dueBy } as const;
  const item = aCase(aResource('room', 'OR 1'), '08:00', 85, { ...more, equipment: [arm] });
  const search = searchOf(criteriaFor(item, date, zone), null);
  const needs = { minutes: 85, surgeonId: uuid(6), equipment: [arm], bed, urgency: 'urgent', days: 3 };
  expect(search).toMatchObject(needs);
});

test('all criteria form a valid search of the contract', () => {
  const wish = {
    ...emptyCriteria(date),
    minutes: 45,
    days: 31,
    blocks: 'own' as const,
    roomIds: [uuid(9)],
    capabilities: ['robotic'],
    equipment: [arm],
    bed: { resourceId: uuid(8), nights: 1 },
    times: { from: '22:00', to: '06:00' },
    weekdays: [1, 2],
    urgency: 'urgent' as const,
  };
  expect(openingsSearch.safeParse(searchOf(wish, 'Urology')).error).toBeUndefined();
});

test('the usual length comes from the procedure or the site', () => {
  const knee = aProcedure('Total knee', 105);
  const { board } = loadBoard({ procedures: [knee] });
  expect(usualMinutes({ ...emptyCriteria(date), procedureId: knee.id }, board)).toBe(105);
  expect(usualMinutes(emptyCriteria(date), board)).toBe(60);
});
