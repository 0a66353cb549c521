import type { Procedure, Resource } from './resources.ts';
import { expect, test } from 'vitest';
import { usualSettings } from './sites.ts';
import { turnoverOf } from './turnover.ts';

const settings = { ...usualSettings, setupMinutes: 15, cleanupMinutes: 20 };
const room: Resource = {
  id: '00000000-0000-4000-8000-000000000001',
  kind: 'room',
  name: 'OR 1',
  capacity: 1,
  active: true,
  attributes: { setupMinutes: 0 },
  version: 1,
};
const procedure = { setupMinutes: 30, cleanupMinutes: 0 } as Procedure;

test('BK6 turnover is as the procedure says, else as the room has it, else as usual at the site', () => {
  expect(turnoverOf(room, procedure, settings)).toEqual({ setupMinutes: 30, cleanupMinutes: 0 });
  expect(turnoverOf(room, null, settings)).toEqual({ setupMinutes: 0, cleanupMinutes: 20 });
  expect(turnoverOf(null, null, settings)).toEqual({ setupMinutes: 15, cleanupMinutes: 20 });
});
