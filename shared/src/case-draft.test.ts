import type { Case } from './cases.ts';
import type { Procedure, Resource } from './resources.ts';
import { describe, expect, test } from 'vitest';
import { changeNeeds, draftCase, draftNeeds, placedAt, turnoverOf } from './case-draft.ts';
import type { Details, Defaults } from './case-draft.ts';
import { defaultSettings } from './sites.ts';

const settings = { ...defaultSettings, setupMinutes: 12, cleanupMinutes: 13 };
const pool = { resourceId: 'c-arm', quantity: 1 };
const knee: Procedure = {
  id: 'knee',
  name: 'Total knee',
  service: 'Ortho',
  minutes: 105,
  shortName: null,
  spread: 25,
  setupMinutes: 20,
  cleanupMinutes: 25,
  turnoverByRoom: [],
  capabilities: [],
  equipment: [pool],
  bed: { resourceId: 'pacu', nights: 2 },
  active: true,
  version: 1,
};
const resource = (kind: Resource['kind'], attributes: Resource['attributes']): Resource => ({
  id: kind,
  kind,
  name: kind,
  capacity: 1,
  active: true,
  attributes,
  version: 1,
});
const nobody: Defaults = { procedure: null, room: null, surgeon: null, settings };
const room = resource('room', { setupMinutes: 5 });
const surgeon = resource('surgeon', { service: 'Trauma' });

describe('BK6 the defaults of a new case', () => {
  test('everything comes from the procedure', () => {
    expect(draftNeeds({}, { procedure: knee, room, surgeon, settings })).toEqual({
      procedureId: null,
      title: 'Total knee',
      surgeonId: null,
      service: 'Ortho',
      patientRef: null,
      equipment: [pool],
      bed: { resourceId: 'pacu', nights: 2 },
      minutes: 105,
      setupMinutes: 20,
      cleanupMinutes: 25,
      urgency: 'elective',
      dueBy: null,
      note: null,
    });
  });

  test('without a procedure: the room, then the site, and the surgeon’s service', () => {
    expect(draftNeeds({}, { ...nobody, room, surgeon })).toMatchObject({
      title: null,
      service: 'Trauma',
      equipment: [],
      bed: null,
      minutes: 60,
      setupMinutes: 5,
      cleanupMinutes: 13,
    });
  });

  test('the turnover comes from the procedure, else the room, else the site; 0 minutes is a value', () => {
    const quick = { ...knee, setupMinutes: 30, cleanupMinutes: 0 };
    const ready = resource('room', { setupMinutes: 0 });
    expect(turnoverOf(ready, quick, settings)).toEqual({ setupMinutes: 30, cleanupMinutes: 0 });
    expect(turnoverOf(ready, null, settings)).toEqual({ setupMinutes: 0, cleanupMinutes: 13 });
    expect(turnoverOf(null, null, settings)).toEqual({ setupMinutes: 12, cleanupMinutes: 13 });
    const byRoom = { ...quick, turnoverByRoom: [{ roomId: 'room', setupMinutes: 40, cleanupMinutes: 0 }] };
    expect(turnoverOf(ready, byRoom, settings)).toEqual({ setupMinutes: 40, cleanupMinutes: 0 });
    expect(turnoverOf(null, byRoom, settings)).toEqual({ setupMinutes: 30, cleanupMinutes: 0 });
  });

  test('an entered value stays, including null', () => {
    const entered = {
      title: null,
      service: null,
      equipment: [],
      bed: null,
      minutes: 30,
      setupMinutes: 0,
      cleanupMinutes: 0,
      urgency: 'urgent',
      note: 'Latex',
    } satisfies Details;
    expect(draftNeeds(entered, { procedure: knee, room, surgeon, settings })).toMatchObject(entered);
  });
});

const before: Case = {
  ...draftCase(
    { procedureId: 'knee', surgeonId: 'surgeon', patientRef: 'DEMO-1', note: 'Latex' },
    { ...nobody, procedure: knee },
  ),
  id: 'x',
  number: 1,
  version: 3,
  state: 'scheduled',
  createdBy: 'me',
  roomId: 'room',
  start: '2027-05-10T09:00:00.000Z',
  end: '2027-05-10T10:45:00.000Z',
  urgency: 'urgent',
};

describe('BK6 a changed case', () => {
  const hip: Procedure = { ...knee, id: 'hip', name: 'Total hip', minutes: 90, equipment: [], bed: null };

  test('keeps the fields that the edit leaves out, and its end follows its length', () => {
    expect(changeNeeds(before, { minutes: 60 }, nobody)).toEqual({
      ...before,
      minutes: 60,
      end: '2027-05-10T10:00:00.000Z',
    });
    expect(changeNeeds(before, {}, nobody)).toEqual(before);
  });

  test('gets the length and needs of another procedure, and keeps its patient and surgeon', () => {
    expect(changeNeeds(before, { procedureId: 'hip' }, { ...nobody, procedure: hip })).toEqual({
      ...before,
      procedureId: 'hip',
      title: 'Total hip',
      minutes: 90,
      equipment: [],
      bed: null,
      end: '2027-05-10T10:30:00.000Z',
    });
  });

  test('keeps the values entered along with another procedure', () => {
    const entered = { procedureId: 'hip', minutes: 45, equipment: [pool], surgeonId: null, note: null };
    expect(changeNeeds(before, entered, { ...nobody, procedure: hip })).toMatchObject(entered);
  });

  test('keeps its own length when the procedure stays', () => {
    const longer = { ...before, minutes: 150, end: '2027-05-10T11:30:00.000Z' };
    expect(changeNeeds(longer, { procedureId: 'knee' }, { ...nobody, procedure: knee })).toEqual(longer);
  });

  test('has no end in the depot', () => {
    const waiting = placedAt(before, null, null);
    expect([waiting.roomId, waiting.start, waiting.end]).toEqual([null, null, null]);
    expect(changeNeeds(waiting, { minutes: 30 }, nobody)).toEqual({ ...waiting, minutes: 30 });
  });
});
